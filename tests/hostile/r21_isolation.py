#!/usr/bin/env python3
"""r21_isolation.py - R21: 64 clients with data of their own at once; every reply is its client's.

Each client knows the bytes of every answer beforehand: a server gave them when it was asked one thing at a
time."""
import json
import multiprocessing
import random
import struct
import time

from hostile import Closed, Late, Server, Suite, Wire, chunked, request

CLIENTS = 64
PROCESSES = 4
SECONDS = 5
LONG_SECONDS = 60
KINDS = 14  # requests of each client


def rows(chance, count, width):
    return [[round(chance.uniform(-30, 30), 3) for _ in range(width)] for _ in range(count)]


def tokens(chance, count, width):
    return [chance.randrange(width) for _ in range(count)]


def score(chance, mark):
    width, count = chance.choice([(5, 4), (300, 3), (1500, 6)]), chance.randrange(2, 5)
    body = {"model": mark, "id": mark, "tokens": tokens(chance, count, width[0]), "prompt_length": 1,
            "details": ["rank", "entropy", "top:3"], "logits": rows(chance, count - 1, width[0])}
    return "/v1/score", "application/json", json.dumps(body).encode()


def log_probs(chance, mark):
    count = chance.choice([3, 50, 1000])
    body = {"model": mark, "sequences": [{"id": mark, "prompt_length": 1, "tokens": tokens(chance, count, 99),
                                          "logprobs": [None] + [-chance.random() for _ in range(count - 1)]}]}
    return "/v1/score", "application/json", json.dumps(body).encode()


def lines(chance, mark):
    made = [log_probs(chance, f"{mark}.{i}")[2] for i in range(3)]
    return "/v1/score", "application/x-ndjson", b"\n".join(made)


def refused(chance, mark):
    body = {"model": mark, "tokens": [0, 1], "logprobs": [None, chance.randrange(1, 10**9)]}
    return "/v1/score", "application/json", json.dumps(body).encode()


def rank(chance, mark):
    choices = [{"id": f"{mark}.{i}", "completion": [1, 2], "logprobs": [-chance.random(), -chance.random()]}
               for i in range(4)]
    return "/v1/rank", "application/json", json.dumps({"model": mark, "prompt": [3], "choices": choices}).encode()


def compare(chance, mark):
    models = [{"model": f"{mark}.{i}", "logits": rows(chance, 2, 200)} for i in range(2)]
    body = {"tokens": tokens(chance, 3, 200), "prompt_length": 1, "models": models}
    return "/v1/compare", "application/json", json.dumps(body).encode()


def infer(chance, mark):
    """Logits and the answer as bytes."""
    width, data = 64, bytearray()
    for _ in range(2 * width):
        data += struct.pack("<f", chance.uniform(-20, 20))
    head = {"id": mark, "parameters": {"binary_data_output": True}, "inputs": [
        {"name": "targets", "shape": [1, 2], "datatype": "INT64", "data": tokens(chance, 2, width)},
        {"name": "logits", "shape": [1, 2, width], "datatype": "FP32", "parameters": {"binary_data_size": len(data)}}]}
    text = json.dumps(head).encode()
    return "/v2/models/logprobs/infer", f"application/octet-stream\r\nInference-Header-Content-Length: {len(text)}", \
        text + bytes(data)


MAKERS = [score, log_probs, lines, refused, rank, compare, infer]


def make_requests(seed, client):
    """Of one client: bytes that no other has, whole or in chunks, and the id that it must get back."""
    chance, made = random.Random(seed * 1000 + client), []
    for number in range(KINDS):
        mark = f"c{client}.{number}"
        target, kind, body = MAKERS[number % len(MAKERS)](chance, mark)
        fields = [("Content-Type", kind), ("X-Request-Id", mark)]
        if number % 5 == 4:
            size = chance.choice([7, 100, 4096])
            made.append((mark, request("POST", target, chunked(body, [size]), [*fields, "Transfer-Encoding: chunked"])))
        else:
            made.append((mark, request("POST", target, body, fields)))
    return made


def ask(wire, port, data):
    """Over the wire, or a new one where the old one is closed."""
    for _ in range(2):
        try:
            wire = wire or Wire(("127.0.0.1", port), 60.0)
            wire.send(data)
            reply = wire.reply(60.0)
            if reply.field("Connection", "") == "close":
                wire.close()
                wire = None
            return wire, reply
        except (Closed, OSError):
            wire = None
    raise Closed("twice")


def expect(port, seed):
    """What each client must be answered, one at a time."""
    wire, right = None, {}
    for client in range(CLIENTS):
        for mark, data in make_requests(seed, client):
            wire, reply = ask(wire, port, data)
            right[mark] = (reply.status, reply.body)
    return right


def run_clients(port, seed, clients, right, seconds, pipe):
    """Several clients in one process: each sends, then each reads, so that all are in the server at once."""
    requests = {client: make_requests(seed, client) for client in clients}
    wires = {client: None for client in clients}
    chance, wrong, done, lost = random.Random(seed + clients[0]), [], 0, 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and len(wrong) < 5:
        sent = {}
        for client in clients:
            mark, data = chance.choice(requests[client])
            wires[client] = wires[client] or Wire(("127.0.0.1", port), 60.0)
            if wires[client].send(data):
                sent[client] = mark
            else:
                wires[client] = None
        for client, mark in sent.items():
            try:
                reply = wires[client].reply(60.0)
            except (Closed, Late, OSError):
                wires[client], lost = None, lost + 1
                continue
            done += 1
            if reply.field("Connection", "") == "close":
                wires[client] = None
            if (reply.status, reply.body) != right[mark] or reply.field("X-Request-Id") != mark:
                wrong.append(f"{mark}: {reply.field('X-Request-Id')} {reply}")
    pipe.send((done, lost, wrong))


def crowd(port, seed, right, seconds):
    pipes, processes = [], []
    for first in range(PROCESSES):
        ours, theirs = multiprocessing.Pipe(False)
        clients = list(range(first, CLIENTS, PROCESSES))
        processes.append(multiprocessing.Process(target=run_clients, args=(port, seed, clients, right, seconds, theirs)))
        processes[-1].start()
        theirs.close()
        pipes.append(ours)
    results = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    return results


def find_right(suite):
    with Server(suite.program) as server:
        right = expect(server.port, suite.seed)
    bodies = [body for status, body in right.values()]
    suite.check(len(set(bodies)) == len(bodies), "no two requests have the same answer")
    return right


def check_build(suite, program, right, seconds, name):
    with Server(program, "--threads", "4") as server:
        results = crowd(server.port, suite.seed, right, seconds)
        suite.check(server.is_well(), f"it still answers: {server.trouble()}")
        suite.check(server.stop() == 0, f"it ends well: {server.trouble()}")
        suite.check(not server.sanitizer_report(), server.sanitizer_report())
    done, lost = sum(r[0] for r in results), sum(r[1] for r in results)
    wrong = [line for r in results for line in r[2]]
    suite.count(done - len(wrong))
    suite.check(not wrong, f"{name}: a reply is another's: {wrong[:2]}")
    suite.check(lost == 0, f"{name}: {lost} requests without a reply")
    suite.check(done >= 10 * CLIENTS, f"{name}: only {done} requests")
    suite.figure(f"replies of the {name} build", done)
    suite.figure(f"replies of the {name} build that were not the client's own", len(wrong))
    return done


def main():
    suite = Suite("R21", "Isolation",
                  f"{CLIENTS} clients at once, each with its own data, on all routes that score. Every reply is "
                  "compared with the reply to the same request when it was alone.", limit=120)
    seconds = LONG_SECONDS if suite.long else SECONDS
    right = find_right(suite)
    done = check_build(suite, suite.program, right, seconds, "release")
    if suite.check(suite.sanitized, "there is a sanitized build (make SANITIZE=address,undefined)"):
        done += check_build(suite, suite.sanitized, right, seconds, "sanitized")
    suite.figure("clients", CLIENTS)
    suite.remains("Races are left to the tests under ThreadSanitizer.")
    suite.close(f"{done:,} replies to {CLIENTS} clients")


main()
