#!/usr/bin/env python3
"""r18_soak.py - R18: a hundred thousand requests, a tenth of them broken off.

Resident memory does not grow with their number, descriptors are given back, and the first request is
answered at the end as it was at the start."""
import json
import socket
import threading
import time

from hostile import Closed, Late, Malformed, Server, Suite, Wire, request

suite = Suite("R18", "Leaks", limit=400,
              ran="Requests of eight kinds over persistent connections; a tenth of them is broken off in the middle.")
COUNT = 1_000_000 if suite.long else 100_000
CLIENTS = 4
NOISE = 2 << 20  # bytes by which two looks at the same state differ: pages of malloc's heaps
ROUNDS = 10  # memory is looked at after each

JSON = [("Content-Type", "application/json")]
KINDS = [request("POST", "/v1/score", json.dumps(body).encode(), JSON) for body in (
    {"tokens": [0, 1], "prompt_length": 1, "logprobs": [None, -1.5]},
    {"tokens": [0, 1], "logits": [[0.5, 1.5]], "label_smoothing": 0.1},
    {"sequences": [{"logprobs": [-0.25] * 20}] * 5},
    {"tokens": [1] * 40, "logits": [[0.5, 1.5, 2.5]] * 40, "details": ["entropy", "top:2"]},
    {"tokens": [0, 1], "logits": [[0.5]]},  # refused
)] + [
    request("POST", "/v1/score", b'{"logprobs":[-1]}\n' * 30, [("Content-Type", "application/x-ndjson")]),
    request("GET", "/v1/objectives"),
    request("GET", "/nowhere"),
]


def strip(reply):
    """What has to be the same each time: an error tells the id of its request."""
    return reply.status, reply.body if reply.status == 200 else b""


def converse(port, count, seed, faults):
    wire = None
    for i in range(count):
        data = KINDS[(i + seed) % len(KINDS)]
        try:
            wire = wire or Wire(("127.0.0.1", port), 60.0)
            if i % 10 == 9:  # broken off: a part of it, or all of it and no look at the answer
                wire.send(data[:(i * 7919 + seed) % len(data) + 1])
                if i % 20 == 9:
                    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                wire.close()
                wire = None
                continue
            wire.send(data)
            reply = wire.reply(60.0)
            wire.data, wire.at = bytearray(), 0
            if reply.field("Connection") == "close":
                wire.close()
                wire = None
        except (OSError, Closed, Late, Malformed) as error:
            faults.append(f"{i}: {error!r}")
            wire = None
    if wire:
        wire.close()


def settle(server, descriptors):
    """Memory and descriptors once connections are closed and idle memory is back."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.fds() > descriptors:
        time.sleep(0.1)
    time.sleep(3)
    return server.rss(), server.fds()


def slope(values):
    """Bytes of growth per thousand requests: what a leak raises is the floor under the noise.  The first two
    rounds warm up; of the others the lowest of either half are compared."""
    values = values[2:]
    half = len(values) // 2
    return (min(values[half:]) - min(values[:half])) / (half * COUNT / ROUNDS / 1000)


with Server(suite.program, "--max-connections", "64") as server:
    first = [strip(server.ask(data)) for data in KINDS]
    base, faults, resident = settle(server, 0)[1], [], []
    for round in range(ROUNDS):
        threads = [threading.Thread(target=converse, args=(server.port, COUNT // ROUNDS // CLIENTS, n, faults))
                   for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        memory, descriptors = settle(server, base)
        resident.append(memory)
        suite.check(descriptors <= base, f"round {round}: {descriptors} descriptors, {base} at the start")
    suite.check(not faults, f"{len(faults)} requests were not answered: {faults[:3]}")
    suite.check([strip(server.ask(data)) for data in KINDS] == first, "the last answers are the first ones")
    growth = slope(resident)
    suite.figure("requests", COUNT)
    suite.figure("growth in bytes for 1,000 requests", int(growth))
    suite.check(growth <= 1024 + NOISE / (COUNT / 1000), f"memory grows by {growth:.0f} bytes for 1,000 requests: {resident}")
suite.check(server.code == 0, f"it ends well: {server.trouble()}")
suite.close(amount=f"{COUNT:,} requests")
