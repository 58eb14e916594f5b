#!/usr/bin/env python3
"""Writes doubles.txt: doubles and their text by ECMAScript's Number::toString, from Python's repr
(David Gay's shortest conversion), an implementation that shares nothing with ours.
Run: python3 tests/unit/data/doubles.py > tests/unit/data/doubles.txt"""
import random
import struct


def js_number(x):
    if x == 0:
        return "0"
    sign, x = ("-", -x) if x < 0 else ("", x)
    digits, exponent = "%s" % repr(x), 0
    if "e" in digits:
        digits, e = digits.split("e")
        exponent = int(e)
    whole, _, fraction = digits.partition(".")
    point = len(whole) + exponent
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    k = len(digits)
    if k <= point <= 21:
        return sign + digits + "0" * (point - k)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    e = "e%+d" % (point - 1)
    return sign + digits[0] + ("." + digits[1:] if k > 1 else "") + e


def main():
    rng = random.Random(20261124)
    values = [0.0, -0.0, 1.0, -1.0, 0.1, 0.3, 1e21, 1e20, 123456789012345680000.0, 1e-6, 1e-7,
              5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7976931348623157e308,
              9007199254740993.0, 4.248354255291589e-18, 0.1 + 0.2, 1 / 3, 100.0, 1e22, 1e23]
    values += [2.0 ** e for e in range(-1074, 1024)]
    values += [struct.unpack("<d", struct.pack("<Q", rng.getrandbits(63)))[0] for _ in range(1500)]
    values += [-rng.expovariate(1) for _ in range(500)]
    values += [round(rng.uniform(-50, 50), rng.randrange(6)) for _ in range(500)]
    for x in values:
        if x == x and abs(x) != float("inf"):
            print(struct.pack(">d", x).hex(), js_number(x))


main()
