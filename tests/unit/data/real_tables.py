"""Prints core/real_tables.h.  Needs mpmath.  Run: python3 tests/unit/data/real_tables.py > core/real_tables.h"""
from mpmath import mp, mpf, log, nint

mp.prec = 300


def hexed(x):
    return float(x).hex()


print("""/* real_tables.h - constants of real_exp.c, real_log.c and dd_exp.h, printed by tests/unit/data/real_tables.py
 * from 300-bit arithmetic. */
#ifndef CORE_REAL_TABLES_H
#define CORE_REAL_TABLES_H

/* clang-format off */

/* 2^(j/16) and 2^(j/64) as unevaluated sums. */
static const struct {
    double hi, lo;
} exp2_table[16] = {""")


def print_roots(count):
    for j in range(count):
        exact = mpf(2) ** (mpf(j) / count)
        hi = float(exact)
        print("    {%s, %s}," % (hi.hex(), hexed(exact - mpf(hi))))


print_roots(16)
print("""}, exp2_64_table[64] = {""")
print_roots(64)
print("""};

/* For z in [1 + i/128, 1 + (i+1)/128), halved from i = 53 on: an 8-bit approximation of 1/z, and minus
 * its logarithm, whose hi part is a multiple of 2^-42. */
static const struct {
    double reciprocal, log_hi, log_lo;
} log_table[128] = {""")
for i in range(128):
    c = 1 + (mpf(i) + mpf(1) / 2) / 128
    if i >= 53:
        c /= 2
    reciprocal = nint(256 / c) / 256
    value = -log(reciprocal)
    hi = nint(value * mpf(2) ** 42) / mpf(2) ** 42
    print("    {%s, %s, %s}," % (hexed(reciprocal), hexed(hi), hexed(value - hi)))
ln2 = log(mpf(2))
hi = nint(ln2 * mpf(2) ** 42) / mpf(2) ** 42
print("""};

/* ln 2, hi a multiple of 2^-42; and ln 2 / 16, whose hi part has 36 bits, so that n * hi is exact for
 * |n| < 2^17; and ln 2, rounded, and the rest of it. */
#define LN2_HI %s
#define LN2_LO %s""" % (hexed(hi), hexed(ln2 - hi)))
s = ln2 / 16
hi = nint(s * mpf(2) ** 40) / mpf(2) ** 40
print("#define LN2_16_HI %s\n#define LN2_16_LO %s" % (hexed(hi), hexed(s - hi)))
hi = mpf(float(ln2))
print("#define LN2 %s\n#define LN2_REST %s" % (hexed(hi), hexed(ln2 - hi)))
print("#define SIXTEEN_LOG2E %s" % hexed(16 / ln2))
print("""
/* clang-format on */

#endif""")
