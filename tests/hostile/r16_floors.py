#!/usr/bin/env python3
"""r16_floors.py - R16: what happens where the machine gives less than is needed.

Descriptors and threads that run out, at the start and later; pipes that nobody reads; a system without
/proc, /dev, /sys and anything that can be written; a library that gives up; floods while it ends."""
# alone: processor time and exits are measured
import fcntl
import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from hostile import Closed, Late, Malformed, Server, Suite, Wire, request

GET = request("GET", "/version")
MARGIN = 2.0  # seconds that a busy machine may add


# ---- descriptors ----


def too_few_files(suite):
    """Every hard limit, up to the first with which it starts: a refusal in one line, and then service."""
    most = 64
    for limit in range(12, 400):
        with Server(suite.program, "--max-connections", str(most), "--threads", "2",
                    wrap=("prlimit", f"--nofile={limit}:{limit}")) as server:
            if server.port:
                break
            said = server.errors()
            suite.check(server.code in (1, 127) and said.startswith("logitd: ") and said.count("\n") == 1,
                        f"{limit} files: status {server.code}, {said!r}")
    with Server(suite.program, "--max-connections", str(most), "--threads", "2",
                wrap=("prlimit", f"--nofile={limit}:{limit}")) as server:
        wires = [server.connect() for _ in range(most)]
        good = sum(wire.send(GET) and wire.reply().status == 200 for wire in wires)
        suite.check(good == most, f"{good} of {most} connections are answered with {limit} files")
    suite.figure(f"least open files for {most} connections and 2 threads", limit)


def files_run_out(suite, seconds):
    """The limit falls below what is open while clients come: no spinning, few lines, and it comes back."""
    with Server(suite.program, "--threads", "2", log=True) as server:
        kept = server.connect()
        suite.check(kept.send(GET) and kept.reply().status == 200, "a connection before")
        _, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (server.fds() + 2, hard))
        waiting = [server.connect() for _ in range(60)]
        cpu, lines, start = server.cpu_seconds(), len(server.log_lines()), time.monotonic()
        time.sleep(seconds)
        took = time.monotonic() - start
        share = (server.cpu_seconds() - cpu) / took
        rate = (len(server.log_lines()) - lines) / took
        suite.check(share < 0.05, f"{share:.1%} of a processor while nothing can be accepted")
        suite.check(rate <= 10, f"{rate:.1f} log lines a second")
        suite.check(any("cannot accept a connection" in line for line in server.log_lines()),
                    "the log says what is wrong")
        suite.check(kept.send(GET) and kept.reply().status == 200, "a kept connection is served")
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (hard, hard))
        good = sum(wire.send(GET) and wire.reply().status == 200 for wire in waiting)
        suite.check(good == len(waiting), f"{good} of {len(waiting)} waiting connections are answered")
        suite.check(server.stop() == 0, f"it ends well: {server.trouble()}")
    suite.figure("processor while no descriptor is left, percent", round(100 * share, 2))
    suite.figure("log lines a second while no descriptor is left", round(rate, 2))


# ---- pipes that nobody reads ----


def full_pipe():
    """The ends of a pipe without room, as a parent that has stopped reading leaves it."""
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETFL, os.O_NONBLOCK)
    try:
        while True:
            os.write(write, b"x" * 4096)
    except BlockingIOError:
        fcntl.fcntl(write, fcntl.F_SETFL, 0)
    return read, write


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def await_port(port, timeout=20.0):
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            return Wire(("127.0.0.1", port))
        except OSError:
            time.sleep(0.02)
    return None


def full_pipes(suite, stdout, stderr, seconds):
    """Requests are answered for a while, and SIGTERM ends it."""
    name = " and ".join([n for n, full in (("stdout", stdout), ("stderr", stderr)) if full])
    read, write = full_pipe()
    port = free_port()
    process = subprocess.Popen([suite.program, "--port", str(port), "--log-level", "debug"],
                               stdin=subprocess.DEVNULL, stdout=write if stdout else subprocess.DEVNULL,
                               stderr=write if stderr else subprocess.DEVNULL)
    asked = answered = 0
    slowest = 0.0
    wire, deadline = await_port(port), time.monotonic() + seconds
    if suite.check(wire is not None, f"it listens with a full {name}"):
        while time.monotonic() < deadline:
            start, asked = time.monotonic(), asked + 1
            answered += wire.send(GET) and wire.reply().status == 200
            slowest = max(slowest, time.monotonic() - start)
    suite.check(answered == asked > 0, f"{answered} of {asked} are answered with a full {name}")
    suite.check(slowest < 1, f"a full {name} held a request up for {slowest:.2f} s")
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    took = time.monotonic() - start
    suite.check(code == 0 and took < 2 + MARGIN, f"a full {name}: status {code} after {took:.1f} s")
    suite.check(not fcntl.fcntl(write, fcntl.F_GETFL) & os.O_NONBLOCK, "the pipe is blocking as it was")
    os.close(read)
    os.close(write)
    suite.figure(f"answers with a full {name}", answered)
    suite.figure(f"end with a full {name}, seconds", round(took, 2))


# ---- a bare system ----

BARE = {
    "nothing can be written": "mount -o remount,bind,ro /",
    "no /proc": "umount -l /proc",
    "no /sys": "umount -l /sys",
    "no /dev": "mount -t tmpfs -o ro none /dev",
}
BARE["nothing of all that"] = "; ".join(BARE.values())


def bare_systems(suite):
    if os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], check=False).returncode != 0:
        suite.skip("a bare system needs root and namespaces")
        return
    for name, command in BARE.items():
        wrap = ("unshare", "--mount", "sh", "-c",
                f'mount --make-rprivate / && mount --bind / / && {{ {command}; }} && exec "$@"', "sh")
        with Server(suite.program, wrap=wrap) as server:
            if not suite.check(server.port is not None, f"{name}: {server.errors()!r}"):
                continue
            suite.check(server.is_well(), f"{name}: a request is answered")
            suite.check(server.get("/metrics").status == 200, f"{name}: /metrics is answered")
            suite.check(server.stop() == 0, f"{name}: {server.trouble()}")
    suite.figure("bare systems it serves on", len(BARE))


# ---- calls that fail ----


def one_call_fails(suite, call, error, most):
    """The n-th call fails.  It does not start and says why, serves, or ends with 1 and its reason."""
    ends = {"refused to start": 0, "gave up": 0, "served": 0}
    for n in range(1, most + 1):
        wrap = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                "-e", f"inject={call}:error={error}:when={n}")
        with Server(suite.program, "--threads", "2", wrap=wrap) as server:
            if not server.port:
                said = server.errors()
                suite.check(server.code == 1 and said.startswith("logitd: cannot"),
                            f"{call} {n}: status {server.code}, {said!r}")
                ends["refused to start"] += 1
                continue
            for _ in range(4):
                try:
                    server.ask(GET, 2.0)
                except (OSError, Closed, Late, Malformed):
                    pass
            code = server.stop()
            ends["served" if code == 0 else "gave up"] += 1
            suite.check(code == 0 or (code == 1 and "cannot go on: " in server.text),
                        f"{call} {n}: {server.trouble()}")
    for end, count in ends.items():
        suite.figure(f"{call} fails: {end}", count)


def calls_fail(suite):
    if not shutil.which("strace") or subprocess.run(
            ["strace", "-o", "/dev/null", "true"], check=False, stderr=subprocess.DEVNULL).returncode:
        suite.skip("failing calls need strace")
        return
    one_call_fails(suite, "epoll_ctl", "ENOMEM", 40 if suite.long else 14)
    one_call_fails(suite, "epoll_create1", "EMFILE", 4)
    one_call_fails(suite, "eventfd2", "ENFILE", 6)
    one_call_fails(suite, "epoll_wait", "EINTR", 6)


# ---- floods ----

FLOOD = """
import socket, sys
while True:
    try:
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(1)
        s.connect(sys.argv[1])
        s.close()
    except (ConnectionRefusedError, FileNotFoundError):
        break
    except OSError:
        pass
"""


def flooded_path(suite):
    """A Unix socket, whose handshakes no filter can stop, is flooded when it is told to end."""
    folder = tempfile.mkdtemp(prefix="hostile")
    path = os.path.join(folder, "socket")
    process = subprocess.Popen([suite.program, "--address", path], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not os.path.exists(path) and time.monotonic() < deadline:
        time.sleep(0.02)
    floods = [subprocess.Popen(["python3", "-c", FLOOD, path]) for _ in range(4)]
    time.sleep(1)
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    took = time.monotonic() - start
    for flood in floods:
        flood.kill()
        flood.wait()
    suite.check(code == 0 and took < 1 + MARGIN, f"flooded by a path: status {code} after {took:.1f} s")
    suite.check(not os.path.exists(path), "its file is gone")
    shutil.rmtree(folder)
    suite.figure("end in a flood by a path, seconds", round(took, 2))


def main():
    suite = Suite("R16", "Resource floors",
                  "Too few file descriptors at the start, at each limit, and later; stdout and stderr are full "
                  "pipes; no /proc, no /dev, no /sys, no writable file system; calls of epoll and eventfd fail in "
                  "turn; a flood of connections during shutdown.")
    seconds = 60 if suite.long else 4
    too_few_files(suite)
    files_run_out(suite, seconds)
    full_pipes(suite, True, True, seconds)
    full_pipes(suite, False, True, seconds if suite.long else 1)
    full_pipes(suite, True, False, seconds if suite.long else 1)
    bare_systems(suite)
    calls_fail(suite)
    flooded_path(suite)
    suite.close()


if __name__ == "__main__":
    main()
