"""load.py - many clients at once that post, each over one connection, and what they were answered."""
import collections
import json
import random
import threading
import time

from hostile import Closed, Late, Malformed, Wire, request

def logprobs(size, seed=1):
    """A body of about `size` bytes whose log-probabilities are kept until its end."""
    source = random.Random(seed)
    count = size // 18
    return json.dumps({"tokens": [source.randrange(100000, 128000) for _ in range(count)],
                       "logprobs": [None] + [round(-1 - source.random(), 6) for _ in range(count - 1)]
                       }).encode()


class Load:
    """`clients` threads that post `data` until `end()`; then `counts` by status (0: no answer) and
    `times` of each status."""

    def __init__(self, port, data, clients, pause=0.02):
        self.port, self.data, self.pause = port, data, pause
        self.counts, self.times = collections.Counter(), collections.defaultdict(list)
        self.lock, self.over = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def _run(self):
        wire = None
        while not self.over.is_set():
            began = time.monotonic()
            wire, status = post(self.port, wire, self.data)
            if self.over.is_set():
                break  # of the time that is measured
            with self.lock:
                self.counts[status] += 1
                self.times[status].append(time.monotonic() - began)
            if status != 200:
                time.sleep(self.pause)
        if wire:
            wire.close()

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
        return self.counts


def post(port, wire, data, timeout=60.0):
    """Post over `wire` (or a new one): the wire to go on with, or None, and the status."""
    try:
        wire = wire or Wire(("127.0.0.1", port), timeout)
        wire.send(data)
        reply = wire.reply(timeout)
    except (OSError, Closed, Late, Malformed):
        if wire:
            wire.close()
        return None, 0
    wire.data, wire.at = bytearray(), 0  # long replies are not kept
    if reply.status != 200:
        wire.close()
        return None, reply.status
    return wire, reply.status


def run(port, data, clients, seconds):
    load = Load(port, data, clients)
    time.sleep(seconds)
    load.end()
    return load


def scored(body):
    return request("POST", "/v1/score", body, [("Content-Type", "application/json")])
