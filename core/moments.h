/* moments.h - exact first and second moments, and what follows from them.
 *
 * The sums of x, y, x^2, x y and y^2 over n values (or pairs) are exact (exact_sum.h).  So moments
 * have the same bits in any order, and merge.  With A = n sum x^2 - (sum x)^2, likewise B of y and
 * C of both, the statistics are
 *
 *     deviation              sqrt(A / (n (n - 1)))
 *     error of the mean      sqrt(A / (n - 1)) / n
 *     ... of the mean of y - x: with A + B - 2 C
 *     correlation            C / sqrt(A B)
 *     error of the ratio r = sum y / sum x, where each pair is drawn as one:
 *                            sqrt(n / (n - 1) sum (y - r x)^2) / |sum x|
 *
 * A, B, C and (sum x)^2 sum (y - r x)^2 = (sum x)^2 sum y^2 - 2 sum x sum y sum x y + (sum y)^2 sum
 * x^2 are computed exactly, and rounded once.  So nothing cancels, overflows or vanishes on the
 * way: each result is within 4 u of the exact one (correlation 5 u), u = 2^-53, for all doubles.
 *
 * Deviations divide by n - 1.  The ratio's error is the ratio estimator of survey sampling,
 * linearised (Cochran, Sampling Techniques, section 2.11): it is valid even if the tokens of a
 * document, which is a pair of its log-probability and its size, depend on each other.
 *
 * A function that returns bool returns false if its result is not defined: there are too few
 * values, or some are infinite. */
#ifndef CORE_MOMENTS_H
#define CORE_MOMENTS_H

#include "core/exact_sum.h"

struct moments {
    size_t count;
    struct exact_sum x, y, xx, xy, yy; /* of single values: x and xx */
};

void moments_clear(struct moments *moments);
void moments_add(struct moments *moments, double x);
void moments_add_dd(struct moments *moments, struct dd x); /* an infinity is its hi alone */
void moments_add_pair(struct moments *moments, double x, double y);

/* The moments of `count` values. */
void moments_of(struct moments *moments, const double *values, size_t count);

/* Of x: the mean, which is infinite if a value is, and false only without a value or if both
 * infinities occur; and sqrt(sum x^2 / n) likewise. */
bool moments_mean(const struct moments *moments, struct scaled *mean);
bool moments_root_mean_square(const struct moments *moments, struct scaled *root);
bool moments_deviation(const struct moments *moments, struct scaled *deviation);
bool moments_error(const struct moments *moments, struct scaled *error);

/* Of pairs: false also if sum x is 0. */
bool moments_ratio_error(const struct moments *moments, struct scaled *error);

/* n times the sums of squares and products around the means, each of which may be undefined: A of
 * x, B of y; and of both C, and A + B - 2 C. */
struct centred {
    size_t count;
    bool has_x, has_y, has_both;
    struct exact_number xx, yy, xy, apart;
};

void moments_centre(const struct moments *moments, struct centred *centred);

/* The error of the mean of values whose centred square, one of the above, is this. */
struct scaled centred_error(struct scaled square, size_t count);

/* False if one side does not vary. */
bool centred_correlation(const struct centred *centred, double *correlation);

#endif
