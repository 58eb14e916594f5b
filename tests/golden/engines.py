#!/usr/bin/env python3
"""Writes the golden cases of `outputs`: answers of engines in the shapes that were recorded from them
(values are made up, and small), what they must be scored as, and which ones must be refused.  The cases are
in engine_cases/, a module for each family.

A valid case names, beside the request, the plain request that it must be scored like (oracle.py
answers that one), whether tokens were the most likely ones (where the engine's lists tell), and the
`source` and `warnings` that must come with it.  Run: python3 tests/golden/engines.py"""
import json
import os
import shutil
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
import oracle  # noqa: E402
from engine_cases import hosts, openai, others, recorded_streams, reports, servers, streams, teach, tensorrt_llm, vllm, x_and_y  # noqa: E402,F401
from engine_cases.cases import DETAILS, INVALID, VALID  # noqa: E402


class Scored(oracle.Sequence):
    """A plain request, with what the engine's lists tell beyond it."""

    def __init__(self, plain, greedy):
        super().__init__(plain)
        if plain.get("unsplit"):
            self.split = False
            self.segment = [False] * self.length
        if greedy:
            self.columns["greedy"] = greedy
        self.known = plain.get("known", {})  # shown, and in no objective
        self.ids = None if plain.get("hide") else plain.get("ids", self.ids)


def answer(plains, sources, warnings, greedy):
    sequences = [Scored(p, g) for p, g in zip(plains, greedy)]
    result = oracle.answer_of(sequences, {})
    for written, told, noticed, sequence in zip(result["sequences"], sources, warnings, sequences):
        for token, value in sequence.known.items():
            written["tokens"]["log_prob"][token] = value
        if told:
            written.pop("warnings", None)  # of the plain request
            written["source"] = told
            written["warnings"] = [{"code": code, "detail": DETAILS[code], "pointer": pointer, "count": count}
                                   for code, pointer, count in noticed]
    return result


def write(name, files):
    folder = os.path.join(here, "engines", name)
    os.makedirs(folder)
    for file, content in files.items():
        with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
            out.write(content + "\n")


def text_of(request):
    return request if isinstance(request, str) else json.dumps(request, separators=(",", ":"))


def main():
    shutil.rmtree(os.path.join(here, "engines"), ignore_errors=True)
    for name, (request, plains, sources, warnings, greedy) in VALID.items():
        order = list(DETAILS)
        noticed = [w and sorted(w, key=lambda x: order.index(x[0])) for w in warnings]
        write(name, {"request.json": text_of(request),
                     "response.json": json.dumps(answer(plains, sources, noticed, greedy), ensure_ascii=False)})
    for name, (request, status, code, pointer, says) in INVALID.items():
        expect = {"status": status, "code": code}
        if pointer is not None:
            expect["pointer"] = pointer
        if says is not None:
            expect["says"] = says
        write(name, {"request.json": text_of(request), "expect.json": json.dumps(expect)})


if __name__ == "__main__":
    main()
