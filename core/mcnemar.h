/* mcnemar.h - two models over the same questions: how often each alone is right, and whether that
 * may be chance (McNemar, "Note on the sampling error of the difference between correlated
 * proportions or percentages", Psychometrika 12, 1947). */
#ifndef CORE_MCNEMAR_H
#define CORE_MCNEMAR_H

#include <stdbool.h>
#include <stddef.h>

/* Counts of questions, below 2^26 together. */
struct outcomes {
    size_t both, only_a, only_b, neither; /* by which models are right */
};

struct mcnemar {
    /* The two-sided exact test: min(1, 2 P(X <= min(only_a, only_b))), X binomial of only_a +
     * only_b trials with chance 1/2.  1 without a trial.  Within u = 2^-53, and 0 below doubles. */
    double exact;
    /* max(|only_a - only_b| - 1, 0)^2 / (only_a + only_b): the chi-square of one degree of freedom
     * with Edwards' correction (1948).  0 without a trial.  Within u. */
    double statistic;
    double corrected; /* the chance that a chi-square is above it: erfc(sqrt(statistic / 2)) */
};

struct mcnemar mcnemar_of(const struct outcomes *outcomes);

/* The difference of the accuracies, b - a, and its standard error: the sample deviation (n - 1) of
 * the paired differences over the square root of n; false for fewer than two questions.  Within u
 * and 3 u.  The difference is 0 without a question. */
double outcomes_difference(const struct outcomes *outcomes);
bool outcomes_error(const struct outcomes *outcomes, double *error);

#endif
