/* comparison.h - statistics of two models over the same tokens.
 *
 * a[i] and b[i] are the log-probabilities of token i.  Differences are b - a: above 0 means that b
 * is better.  Errors assume that tokens are independent, as in llama-perplexity; for documents
 * there is moments_ratio_error().  docs/numerics.md has the bound of each number. */
#ifndef CORE_COMPARISON_H
#define CORE_COMPARISON_H

#include "core/moments.h"
#include "core/statistics.h"

/* A number that may not be defined. */
struct figure {
    bool known;
    double value;
};

/* The number; unknown if it is not known, or not finite as a double. */
struct figure figure_of(bool known, const struct scaled *value);

struct comparison {
    size_t tokens;
    double log_prob[2];                /* sums of a and of b */
    struct figure perplexity[2];       /* exp(-log_prob / tokens) */
    struct figure perplexity_error[2]; /* perplexity * deviation / sqrt(n) */
    struct figure difference;          /* sum of b - a; unknown if both are -inf */
    struct figure mean, mean_error;    /* of b - a: minus ln(perplexity_ratio) */
    struct figure wins;                /* share of tokens with b > a; one with b = a counts half */
    struct figure correlation;         /* of a and b */
    struct figure ratio, ratio_error;  /* perplexity of b / of a */
    struct figure apart, apart_error;  /* perplexity of b - of a (contest.h) */
};

struct comparison comparison_of(const double *a, const double *b, size_t count);

/* b - a, and exp(b) - exp(a), without cancellation: that is within 2^-64, and its hi within 1.1 u.
 */
struct figure comparison_difference(double a, double b);
struct dd comparison_change(double a, double b);

enum percentile {
#define PERCENTILE(name, permille) PERCENTILE_##name,
#include "core/percentiles.def"
    PERCENTILE_COUNT
};

const char *percentile_name(enum percentile percentile);

/* Summary of a set of numbers.  If `count` is 0, the other fields are not set. */
struct spread {
    size_t count;
    double mean; /* NaN, if both infinities occur */
    double max, min;
    struct figure error, root_mean_square;
    double percentile[PERCENTILE_COUNT];
};

/* With a NaN, it is that of no numbers. */
struct spread spread_of(const double *values, size_t count);

/* The same, where the moments are those of numbers that are rounded in `values`. */
struct spread spread_from(const struct moments *moments, const double *values);

/* Set the percentiles, which spread_of() leaves out.  Changes the order of `values`. */
void spread_percentiles(struct spread *spread, double *values);

/* All of the summary of what `of`, which ascends, makes of numbers: `source` is their summary, and
 * `ordered` the numbers as spread_percentiles() leaves them; some are replaced.  The moments are of
 * what is made. */
struct spread spread_made(const struct moments *moments, const struct spread *source,
                          double *ordered, double (*of)(double));

#endif
