/* comparison.h - two models over the same tokens, in summary.
 *
 * a[i] and b[i] are the log-probabilities that the models give token i.  Differences are b - a:
 * above 0 where b does better.  Errors take the tokens as independent, as llama-perplexity does;
 * what is true of documents, statistics_ratio_error() tells. */
#ifndef CORE_COMPARISON_H
#define CORE_COMPARISON_H

#include "core/statistics.h"

/* A number that may not be defined. */
struct figure {
    bool known;
    double value;
};

struct comparison {
    size_t tokens;
    double log_prob[2];                /* sums of a and of b */
    struct figure perplexity[2];       /* exp(-log_prob / tokens) */
    struct figure perplexity_error[2]; /* perplexity * deviation / sqrt(n) */
    struct figure difference;          /* sum of b - a; unknown where both are -inf */
    struct figure mean, mean_error;    /* of b - a: minus ln(perplexity_ratio) */
    struct figure wins;                /* share of tokens with b > a; one with b = a counts half */
    struct figure correlation;         /* of a and b */
    struct figure ratio, ratio_error;  /* perplexity of b / of a */
    struct figure apart, apart_error;  /* perplexity of b - of a */
};

struct comparison comparison_of(const double *a, const double *b, size_t count);

/* b - a, and exp(b) - exp(a), without cancellation. */
struct figure comparison_difference(double a, double b);
double comparison_probability(double a, double b);

enum percentile {
#define PERCENTILE(name, fraction) PERCENTILE_##name,
#include "core/percentiles.def"
    PERCENTILE_COUNT
};

const char *percentile_name(enum percentile percentile);

/* A distribution of numbers, without NaN; there are no fields but `count` where it is 0. */
struct spread {
    size_t count;
    double mean, max, min;
    struct figure error, root_mean_square;
    double percentile[PERCENTILE_COUNT];
};

/* `values` are sorted. */
struct spread spread_of(double *values, size_t count);

#endif
