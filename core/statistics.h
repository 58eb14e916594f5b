/* statistics.h - percentiles, and the bootstrap.  Means and their errors are in moments.h. */
#ifndef CORE_STATISTICS_H
#define CORE_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value below which `permille` thousandths of the sorted values lie: linear between the two
 * nearest, at rank permille / 1000 * (n - 1) counted from 0 (type 7 of Hyndman and Fan 1996; what
 * NumPy and llama.cpp do).  The rank is exact, the result within 1.1 u of the exact one.  count >=
 * 1, permille <= 1000. */
/* statistics_rank() is the rank of the lower of these two: that and the next one must be in order
 * (selection.h). */
size_t statistics_rank(size_t count, unsigned permille);
double statistics_percentile(const double *sorted, size_t count, unsigned permille);

/* ---- bootstrap ----
 *
 * `count` rows of numbers (a row may be a document) are drawn with replacement from the `count`
 * rows, many times.  The statistics of these replicates show how much a statistic varies. */

struct bootstrap {
    size_t samples; /* replicates, >= 1 */
    uint64_t seed;  /* of prng.h: the same draws everywhere */
    double level;   /* of the interval, inside (0, 1) */
};

/* For each replicate the sum of each column over its rows, in the order of the draws, as
 * sums[s * columns + c].  The first column is added with compensation: within 1.1 u if its numbers
 * have one sign.  The others must be whole numbers, whose sums are exact below 2^53.  Replicate s
 * takes `count` draws below `count`, behind those of the replicates before it.  1 <= count < 2^32.
 */
void bootstrap_sums(const struct bootstrap *bootstrap, const double *rows, size_t count,
                    size_t columns, double *sums);

/* The summary of the replicates of one statistic. */
struct bootstrap_result {
    bool has_error;
    double error;     /* the standard error: the deviation of the replicates */
    double low, high; /* percentile interval: at ranks (1 -+ level) / 2 * (samples - 1) */
};

/* `replicates` are bootstrap->samples numbers without NaN.  They are sorted in place. */
struct bootstrap_result bootstrap_summary(const struct bootstrap *bootstrap, double *replicates);

#endif
