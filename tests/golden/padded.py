#!/usr/bin/env python3
"""Batches as PyTorch users make them: sequences padded to one length, on the left or on the right, with an
attention_mask.  cases.py writes CASES among the golden cases.  Run: python3 tests/golden/padded.py checks that the
oracle, which takes padding out by itself, answers them as it does the same sequences without padding."""
import base64
import json
import random
import struct

PAD, WIDTH, LENGTHS = 0, 5, (2, 5, 3)
ROW_OF_PADDING = [float("nan")] * WIDTH  # a row that must not be looked at


def sequence(draw, length):
    """Without padding: ids, rows (one each), which tokens are y, weights."""
    ids = [draw.randrange(WIDTH) for _ in range(length)]
    rows = [[draw.randrange(-40, 40) / 8 for _ in range(WIDTH)] for _ in range(length)]
    start = draw.randrange(1, length)
    return ids, rows, start, [draw.randrange(1, 9) / 4 for _ in range(length)]


def padded(values, filling, side, length):
    fill = [filling] * (length - len(values))
    return fill + values if side == "left" else values + fill


def split_members(form, ids, start):
    if form == "labels":
        return {"labels": [-100] * start + ids[start:]}
    if form == "mask":
        return {"mask": [i >= start for i in range(len(ids))]}
    return {"prompt_length": start} if form == "prompt_length" else {}


def tensor(rows):
    flat = [x for row in rows for x in row]
    return {"dtype": "f32", "shape": [len(rows), WIDTH], "data": base64.b64encode(struct.pack("<%df" % len(flat), *flat)).decode()}


def batch(form, side, seed, last_row=True, nested=False):
    """A request with a padded batch, and the same without padding."""
    draw, length = random.Random(seed), max(LENGTHS)
    requests = {"details": ["rank", "entropy"], "sequences": []}, {"details": ["rank", "entropy"], "sequences": []}
    for count in LENGTHS:
        ids, rows, start, weights = sequence(draw, count)
        plain = {"tokens": ids, "weights": weights, **split_members(form, ids, start)}
        wide = {"attention_mask": padded([1] * count, 0, side, length)}
        for name, value in plain.items():
            filling = {"tokens": PAD, "weights": 7, "labels": -100, "mask": True}.get(name)
            wide[name] = padded(value, filling, side, length) if isinstance(value, list) else value
        all_rows = padded(rows, ROW_OF_PADDING, side, length)
        all_rows = all_rows if last_row else all_rows[:-1]
        for request, members, part in zip(requests, (wide, plain), (all_rows, rows)):
            request["sequences"].append({**members, "logits": part if nested else tensor(part)})
    return requests


def text(request):
    return json.dumps(request)  # NaN as Python writes it


PAIRS = {"padded_%s_%s%s" % (side, form, more): batch(form, side, side + form + more, more != "_shifted", more == "_nested")
         for side in ("left", "right") for form in ("labels", "mask", "prompt_length", "alone")
         for more in ("", "_shifted", "_nested")}
CASES = {name: text(wide) for name, (wide, _) in PAIRS.items()}


def numbers(request):
    """The answer of the oracle, without what it warns of."""
    import oracle
    result = oracle.answer(oracle.parse(text(request)))
    for one in result["sequences"]:
        one.pop("warnings", None)
    return result


def main():
    for name, (wide, plain) in PAIRS.items():
        if numbers(wide) != numbers(plain):
            raise SystemExit(name + ": padding changes the answer")


if __name__ == "__main__":
    main()
