"""A model that is small enough to read: it counts which byte follows which in the text below.

Tokens are the bytes of UTF-8 text, and 256, which begins and ends a text.  The logits of a row are the logarithms of
the counts; each count starts at 0.1, so that no token is impossible."""
import math

TEXT = """the cat sat on the mat. the dog sat on the log. the cat saw the dog, and the dog saw the cat.
the cat ran, and the dog ran. then the cat sat on the log, and the dog sat on the mat."""
END, WIDTH = 256, 257
eos_token = bos_token = "<|end|>"


def encode(text):
    ids = []
    for i, part in enumerate(text.split(eos_token)):
        ids += [END] * (i > 0) + list(part.encode())
    return ids


def decode(ids):
    parts, part = [], bytearray()
    for i in ids:
        if i != END:
            part.append(i)
            continue
        parts.append(part)
        part = bytearray()
    return eos_token.join(p.decode(errors="replace") for p in parts + [part])


def count():
    rows = [[0.1] * WIDTH for _ in range(WIDTH)]
    for line in TEXT.split("\n"):
        ids = [END] + encode(line) + [END]
        for a, b in zip(ids, ids[1:]):
            rows[a][b] += 1
    return [[math.log(n) for n in row] for row in rows]


ROWS = count()


def logits(ids):
    """Row t is about what follows ids[t]."""
    return [ROWS[i] for i in ids]
