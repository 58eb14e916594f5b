/* statistics.h - means, their standard errors, and the bootstrap.
 *
 * All sums are compensated (sum.h).  Deviations are sample deviations: they divide by n - 1.  A
 * function that returns bool returns false if its result is not defined: there are too few values,
 * or some are infinite. */
#ifndef CORE_STATISTICS_H
#define CORE_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* sum / n; infinite if a value is.  False if there is no value, or if both infinities occur. */
bool statistics_mean(const double *values, size_t count, double *mean);

/* sqrt(sum (v - mean)^2 / (n - 1)); n >= 2. */
bool statistics_deviation(const double *values, size_t count, double *deviation);

/* Standard error of the mean: deviation / sqrt(n). */
bool statistics_error(const double *values, size_t count, double *error);

/* Standard error of the mean of a[i] - b[i]. */
bool statistics_paired_error(const double *a, const double *b, size_t count, double *error);

/* Standard error of the mean of factor_a * a[i] + factor_b * b[i]. */
bool statistics_combined_error(double factor_a, const double *a, double factor_b, const double *b,
                               size_t count, double *error);

/* Standard error of the ratio r = sum y / sum x, where each pair (y[i], x[i]) is drawn as one: a
 * document's log-probability and its number of tokens.  It is valid even if the tokens of a
 * document depend on each other:
 *
 *     sqrt(n / (n - 1) * sum (y - r x)^2) / |sum x|
 *
 * the ratio estimator of survey sampling, linearised (Cochran, Sampling Techniques, section 2.11).
 * With every x = 1 it is the standard error of the mean.  `stride` is the distance
 * from one value to the next. */
bool statistics_ratio_error(const double *y, const double *x, size_t stride, size_t count,
                            double *error);

/* sum (a - mean a)(b - mean b) / (n - 1); n >= 2. */
bool statistics_covariance(const double *a, const double *b, size_t count, double *covariance);

/* Pearson's correlation.  False if one side does not vary. */
bool statistics_correlation(const double *a, const double *b, size_t count, double *correlation);

/* Sort in ascending order, in place, without allocation.  No NaN. */
void statistics_sort(double *values, size_t count);

/* The value below which `fraction` (0 to 1) of the sorted values lie: linear between the two
 * nearest, at rank fraction * (n - 1) counted from 0 (type 7 of Hyndman and Fan 1996; what NumPy
 * and llama.cpp do).  count >= 1. */
double statistics_percentile(const double *sorted, size_t count, double fraction);

/* ---- bootstrap ----
 *
 * `count` rows of numbers (a row may be a document) are drawn with replacement from the `count`
 * rows, many times.  The statistics of these replicates show how much a statistic varies. */

struct bootstrap {
    size_t samples; /* replicates, >= 1 */
    uint64_t seed;  /* of prng.h: the same draws everywhere */
    double level;   /* of the interval, inside (0, 1) */
};

/* For each replicate the sum of each column over its rows, added without compensation in the order
 * of the draws: sums[s * columns + c].  Replicate s takes the draws s * count to (s + 1) * count -
 * 1 below `count`.  1 <= count < 2^32. */
void bootstrap_sums(const struct bootstrap *bootstrap, const double *rows, size_t count,
                    size_t columns, double *sums);

/* The summary of the replicates of one statistic. */
struct bootstrap_result {
    bool has_error;
    double error;     /* the standard error: the deviation of the replicates */
    double low, high; /* percentile interval: the percentiles (1 -+ level) / 2 */
};

/* `replicates` are bootstrap->samples numbers without NaN.  They are sorted in place. */
struct bootstrap_result bootstrap_summary(const struct bootstrap *bootstrap, double *replicates);

#endif
