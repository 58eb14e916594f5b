"""Rows of logits at the edges of what numbers and options may be.

ROW(name, logits, tokens, options): each row of `logits` is about the token beside it ("alignment": "same").  They are
asked in every dtype that holds the numbers.  PAIRS are rows of two models."""
import struct

M = 1.7976931348623157e308
TINY = 5e-324
INF = float("inf")
SMOOTHINGS = ("uniform_all", "uniform_others", "uniform_others_minus_entropy")

ROWS, PAIRS = [], []


def row(name, logits, tokens, **options):
    """`logits`: a row, asked about each of the tokens; or a list of rows."""
    rows = logits if isinstance(logits[0], list) else [logits] * len(tokens)
    ROWS.append((name, [[float(x) for x in r] for r in rows], tokens, options))


def pair(name, a, b, token=0, **options):
    PAIRS.append((name, [float(x) for x in a], [float(x) for x in b], token, options))


def single(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


# ---- what was found (issue 12) ----

row("spread_overflows", [1.7e308, -1.7e308], [0], label_smoothing=0.1)
row("floor_overflows", [-M, -M], [0], temperature=1e300)
row("cold_cap", [1, 0, -3], [0, 1, 2], softcap=1e-302, temperature=1e-302)
row("hot", [1.7e308, 0, -1.7e308], [0, 1, 2], temperature=1e308)
row("cold", [1e-305, 0, -1e-305], [0, 1, 2], temperature=1e-305)
row("difference_overflows", [1e308, 0, -1e308], [0, 1, 2], temperature=1e305)
row("confident_746", [0, -746], [0, 1])
row("confident_744", [0, -744], [0, 1])
row("confident_40", [0, -40], [0, 1])
row("z_loss_small", [1e200, 1], [0, 1], z_loss=1e-300)
pair("near", [2.5, 0, 0], [2.5, single(3e-9), single(3e-9)])
pair("near_f64", [2.5, 0, 0], [2.5, 3e-9, 3e-9])

# Small terms that vanish one by one in a chain: in each chunk of 256 the first 16 logits are larger.
row("staircase", ([0.0146] * 16 + [0.0146 - 36.777] * 240) * 2 + ([0.0146] * 16 + [0.0146 - 36.777] * 239 + [434.56]), [767, 0, 700])
row("one_above_many", [-30.0] * 5000 + [600.0] + [-30.0] * 5000, [5000, 0])
# Larger logits come in later blocks of 2,048.
row("late_winner", [0.0] * 2048 + [8.0] * 2048 + [30.0] * 100 + [31.0], [4196, 0, 4000])
row("late_steps", [x for k in range(6) for x in [k * 5.25] * 2048] + [32.0], [6 * 2048, 0, 2048 * 5])
for smoothing in SMOOTHINGS:
    row("nearly_all_smoothed_" + smoothing, [3, 1, -2, 0.5], [0, 2], label_smoothing=0.999999, smoothing=smoothing)

# ---- options at the ends of their ranges ----

COLD, HOT = 1e-307, 1e308
row("coldest", [3e-307, 1e-307, 0, -2e-307], [0, 1, 3], temperature=COLD)
row("coldest_of_large", [1, 0, -M], [0, 1, 2], temperature=COLD)
row("hottest", [M, 0, -M, 1], [0, 1, 2, 3], temperature=HOT)
row("hottest_of_small", [1, 0, -3, TINY], [0, 2, 3], temperature=HOT)
row("cap_smallest", [1, 0, -1, TINY], [0, 1, 2, 3], softcap=1e-307)
row("cap_smallest_cold", [1e-307, 0, -3e-307, 1], [0, 1, 2, 3], softcap=1e-307, temperature=1e-307)
row("cap_largest", [M, 1e308, 0, -M], [0, 1, 2, 3], softcap=1e308, temperature=1e307)
row("cap_largest_of_cold", [1, 0.5, 0, -30], [0, 1, 2, 3], softcap=2.0 ** 60)
row("cap_largest_far", [3e18, 1e18, 2e18, 0], [0, 1, 2, 3], softcap=2.0 ** 60)
row("cap_saturates", [100, 99, 98, -100], [0, 1, 3], softcap=1)
row("cap_saturates_apart", [20, 19, 18, -100], [0, 1, 2, 3], softcap=1, temperature=1e-16)
for smoothing in SMOOTHINGS:
    row("smoothed_least_" + smoothing, [3, 1, -2], [0, 2], label_smoothing=1e-300, smoothing=smoothing)
    row("smoothed_most_" + smoothing, [3, 1, -2], [0, 2], label_smoothing=1 - 2.0 ** -53, smoothing=smoothing)
    row("smoothed_far_" + smoothing, [1e308, 3e307, -1e308, M], [0, 2, 3], label_smoothing=0.25, smoothing=smoothing)
    row("smoothed_cold_" + smoothing, [1, 0.5, -1], [0, 2], label_smoothing=0.1, smoothing=smoothing, temperature=1e-300)
row("z_loss_least", [30, 1], [0, 1], z_loss=1e-300)
row("z_loss_most", [3, 1], [0, 1], z_loss=1e300)
row("z_loss_hot", [M, -M], [0, 1], z_loss=1, temperature=1e300)

# ---- rows ----

row("masked", [1, -INF, 2, -INF], [0, 1, 2])
row("all_but_one_masked", [-INF, 3, -INF], [1, 0])
row("one", [7], [0])
row("ties", [5] * 100, [0, 99])
row("zeros", [0.0, -0.0, 0.0], [0, 1])
row("huge_offset", [1e30, 1e30, 1e30], [0, 2])
row("offset", [65504, 65472, 65440], [0, 1, 2])
row("far_offset", [2.0 ** 53, 2.0 ** 53 - 1, 2.0 ** 53 - 2], [0, 1, 2])
row("ends", [M, -M, 0], [0, 1, 2])
row("subnormal", [TINY, 0, -TINY], [0, 1, 2])
row("subnormal_cold", [3e-310, 0, -3e-310], [0, 1, 2], temperature=1e-307)
for far in (700, 708.5, 709.75, 720, 735.5, 743.5, 745, 760):
    row("confident_%s" % far, [far, 0, 0], [0, 1])
pair("same", [1, 2, 3], [1, 2, 3])
pair("scaled", [1, 2, 3], [1.5, 2, 2.5], temperature=0.75)
pair("far", [300, 0, -300], [-300, 0, 300])
pair("ends", [M, 0, -M], [-M, 0, M], temperature=1e306)
pair("near_cold", [2.5e-300, 0, 0], [2.5e-300, 3e-309, 3e-309], temperature=1e-300)
pair("masked_once", [1, 2, -INF], [1, 2, 3])
pair("capped_flat", [100, 99, 0], [100, 98, 0], softcap=1)
pair("capped_cold", [1, 0.5, 0], [1, 0.25, 0], softcap=1e-302, temperature=1e-302)
pair("capped_near", [30, 29, 0], [30, single(29.000002), 0], softcap=5)
pair("capped", [5, 0, -3], [5, single(3e-7), -3], softcap=4)
