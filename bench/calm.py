"""calm.py - measurements that other programs on the machine did not disturb.

A measurement waits until others leave the processors alone, and is taken again if they did not
meanwhile; both as long as patience lasts, after which whatever is measured counts, and the report
says how much others took.
"""
import os
import time

TICK = os.sysconf("SC_CLK_TCK")
CORES = len(os.sched_getaffinity(0))
TOLERATED = 0.05  # share of the cores that others may take
LOOK = 0.2        # seconds


def read_processes():
    """Of every process: its parent, and the ticks that it and its children that ended have taken."""
    processes = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        processes[int(name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    return processes


def our_ticks():
    processes = read_processes()
    ours = {os.getpid()}
    grown = True
    while grown:
        children = {pid for pid, (parent, _) in processes.items() if parent in ours}
        grown = not children <= ours
        ours |= children
    return sum(processes[pid][1] for pid in ours if pid in processes)


def all_ticks():
    """User, nice, system and steal; interrupts are nobody's."""
    with open("/proc/stat") as file:
        fields = [int(field) for field in file.readline().split()[1:]]
    return sum(fields[:3]) + fields[7]


def taken_by_others():
    """Seconds of processor time since the machine started, up to a constant."""
    return (all_ticks() - our_ticks()) / TICK


class Calm:
    def __init__(self, patience):
        self.patience = patience  # seconds left
        self.shares = []          # of the cores, that others took during what was kept

    def watch(self, work):
        """What `work` gives, the seconds it took, and the share of the cores that others took."""
        before, start = taken_by_others(), time.monotonic()
        result = work()
        seconds = time.monotonic() - start
        others = taken_by_others() - before
        return result, seconds, max(0.0, others / seconds / CORES)

    def wait(self):
        share = 1.0
        while share > TOLERATED and self.patience > 0:
            _, seconds, share = self.watch(lambda: time.sleep(LOOK))
            self.patience -= seconds if share > TOLERATED else 0

    def measure(self, work):
        while True:
            self.wait()
            result, seconds, share = self.watch(work)
            if share <= TOLERATED or self.patience <= 0:
                self.shares.append(share)
                return result
            self.patience -= seconds
