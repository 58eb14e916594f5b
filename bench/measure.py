"""measure.py - one measurement each: a body posted, small requests, memory, a kernel."""
import contextlib
import os
import re
import subprocess
import time
from statistics import median

import peers

LOAD_TIME = 2  # seconds of small requests in one measurement
TIMEOUT = 180  # seconds for any one of them


class Bench:
    """What all measurements need: the build, a folder for files, and calm."""

    def __init__(self, build, directory, calm, pairs):
        self.build = build
        self.directory = directory
        self.calm = calm
        self.pairs = pairs

    def alternate(self, ours, theirs):
        """Pairs of measurements, A B A B, after one of each that does not count."""
        ours(), theirs()
        return [self.calm.measure(lambda: (ours(), theirs())) for _ in range(self.pairs)]

    def repeat(self, ours):
        return [(self.calm.measure(ours), None) for _ in range(self.pairs)]


def output_of(command):
    """What a program prints; what it complains of goes to the terminal."""
    return subprocess.run(
        command, check=True, text=True, stdout=subprocess.PIPE, timeout=TIMEOUT
    ).stdout


# ---- bodies ----


def client_command(bench, service, body, count, connections):
    return [
        os.path.join(bench.build, "bench/client"),
        *("-c", str(connections), "-n", str(count), "-t", body.media_type, "-f", body.field),
        *(str(service.port), body.path, *body.pieces),
    ]


def post(bench, service, body, count=1, connections=1):
    """Post the body; give the seconds of each request, and of all."""
    *times, wall = output_of(client_command(bench, service, body, count, connections)).split("\n")[:-1]
    return [float(seconds) for seconds in times], float(wall.split()[1])


def upload(bench, service, body, count=1):
    """Gigabytes of body a second on one connection, from its first byte to the answer."""
    times, _ = post(bench, service, body, count)
    return body.size / median(times) / 1e9


def rows_a_second(bench, service, body, count=1):
    times, _ = post(bench, service, body, count)
    return body.rows / median(times)


def requests_a_second(bench, service, body, count, connections):
    _, wall = post(bench, service, body, count, connections)
    return count * connections / wall


# ---- small requests ----


def load(service, body, connections=32, seconds=LOAD_TIME):
    """Requests a second, and the 99th percentile of their milliseconds."""
    wrk = peers.must_have("wrk", "wrk")
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "post.lua")
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script]
    command += [f"http://127.0.0.1:{service.port}{body.path}", "--", *body.pieces]
    found = re.search(r"^wrk: (\d+) (\S+) (\S+) (\d+)$", output_of(command), re.M)
    requests, lasted, p99, failures = (float(word) for word in found.groups())
    if failures or not requests:
        raise RuntimeError(f"{failures:.0f} of {requests:.0f} small requests failed")
    return requests / lasted, p99


@contextlib.contextmanager
def uploading(bench, service, body, connections):
    """Bodies are posted one after another, on so many connections, until the block ends."""
    command = client_command(bench, service, body, 1000, connections)
    with peers.running(command, stdout=subprocess.DEVNULL) as process:
        time.sleep(0.3)  # until they are under way
        yield
        if process.poll() is not None:
            raise RuntimeError("the uploads ended early")


# ---- memory ----


def status_bytes(pid, field):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(rf"^{field}:\s+(\d+) kB$", file.read(), re.M).group(1)) * 1024


def peak_above_idle(bench, body):
    """Megabytes by which a fresh server grows at most while it takes the body."""
    with peers.logitd(bench.build) as service:
        idle = status_bytes(service.pid, "VmRSS")
        with open(f"/proc/{service.pid}/clear_refs", "w") as file:
            file.write("5")  # the peak starts anew
        post(bench, service, body)
        return (status_bytes(service.pid, "VmHWM") - idle) / 1e6
