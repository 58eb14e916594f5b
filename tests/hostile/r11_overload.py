#!/usr/bin/env python3
"""r11_overload.py - R11: more bodies at once than there is memory for.

As much is answered with 64 clients as with 4; what is refused is refused fast and says when to come
again; a client that tries as lm-eval-harness does loses nothing."""
# alone: rates are compared
import random
import statistics
import threading
import time

from hostile import Server, Suite
from load import logprobs, post, run, scored

MEMORY = "64MiB"
LARGE = scored(logprobs(2_700_000))
MEDIUM = scored(logprobs(100_000))
ALLOWED = {200, 429, 503}

suite = Suite("R11", "Overload", limit=400,
              ran="Bodies with 2.7 MB of log-probabilities and a budget of 64 MiB, from 4 and from 64 clients; a "
                  "full queue; clients that retry 4 times, as lm-eval-harness does.")
SECONDS = 60 if suite.long else 15


def goodput(clients):
    with Server(suite.program, "--max-memory", MEMORY) as server:
        load = run(server.port, LARGE, clients, SECONDS)
        suite.check(set(load.counts) <= ALLOWED, f"{clients} clients are answered {dict(load.counts)}")
        suite.check(server.is_well(), f"small requests are answered after {clients} clients")
        rise = server.peak_rss() / (64 << 20)
        suite.check(rise <= 1.25, f"{clients} clients: {rise:.2f} of the memory is resident")  # + the program
    suite.check(server.code == 0, f"it ends well: {server.trouble()}")
    return load.counts[200], round(rise, 2)


def compare():
    (few, _), (many, rise) = goodput(4), goodput(64)
    suite.figure(f"answers to 4 clients in {SECONDS} s", few)
    suite.figure(f"answers to 64 clients in {SECONDS} s", many)
    suite.figure("peak resident memory over --max-memory", rise)
    suite.check(few > 0 and many >= 0.8 * few, f"64 clients get {many} answers, 4 clients {few}")


def full_queue():
    """503 comes before the body is read, so it is fast, and says how long to wait."""
    with Server(suite.program, "--max-memory", MEMORY, "--max-queued", "2") as server:
        load = run(server.port, LARGE, 16, SECONDS / 3)
        times = load.times[503]
        suite.check(set(load.counts) <= ALLOWED and times, f"16 clients are answered {dict(load.counts)}")
        middle = statistics.median(times) if times else 99
        suite.figure("median of a refusal in ms", round(1000 * middle, 1))
        suite.check(middle <= 0.5, f"a refusal takes {1000 * middle:.0f} ms")  # the client is busy, too


def persist(port, data, tries=4):
    """As lm-eval-harness: 3 more tries after 1 to 10 s, growing, whatever was answered."""
    for attempt in range(tries):
        wire, status = post(port, None, data, 300.0)
        if wire:
            wire.close()
        if status == 200:
            return True
        time.sleep(min(10.0, 2.0 ** attempt) * random.uniform(0.5, 1.0))
    return False


def evaluate():
    count, clients = (10_000, 512) if suite.long else (600, 200)
    lost, left, lock = [], list(range(count)), threading.Lock()

    def work():
        while True:
            with lock:
                if not left:
                    return
                left.pop()
            if not persist(server.port, MEDIUM):
                lost.append(1)

    with Server(suite.program, "--max-memory", MEMORY, "--max-bodies-per-client", "0") as server:
        threads = [threading.Thread(target=work) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        waited = server.metrics().get("logitd_queue_seconds_count{}", 0)
    suite.figure("requests of clients that try again", count)
    suite.figure("of those, lost", len(lost))
    suite.check(not lost, f"{len(lost)} of {count} requests are lost to clients that try again")
    suite.figure("times that a request waited for memory", int(waited))


compare()
full_queue()
evaluate()
suite.found("With 64 clients only 6 bodies were answered, with 4 clients 317: all bodies grew at once and failed. "
            "Now memory is reserved before a body is read, and the other requests wait.")
suite.close()
