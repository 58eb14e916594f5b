/* truth.h - what is right of a row, by MPFR.
 *
 * Equal logits are counted, so a row of 2^20 logits costs no more than its distinct values. */
#ifndef TESTS_WORST_TRUTH_H
#define TESTS_WORST_TRUTH_H

#include "tests/worst/candidate.h"

#include <mpfr.h>

#define TRUTH_BITS 192 /* enough where nothing cancels */

/* A distinct logit of a row. */
struct level {
    double logit;
    size_t count;
    mpfr_t distance; /* (softcap(m) - softcap(x)) / T; +inf for a mask */
};

struct truth {
    size_t levels; /* ascending */
    struct level level[RUNS];
    mpfr_t top;      /* softcap(m) / T */
    mpfr_t rest;     /* sum of exp(-distance), without the winner */
    mpfr_t log_rest; /* log1p(rest) */
};

/* Once, before the first use. */
void truth_init(struct truth *truth);

/* All numbers get `bits` bits.  The list must have a finite number. */
void truth_make(struct truth *truth, const struct list *list, double temperature, double softcap,
                mpfr_prec_t bits);

/* -log p of a token with this logit, which must be in the row. */
void truth_nll(mpfr_t out, const struct truth *truth, double logit);

/* The sum of -log p over the row, without one token of this logit (NaN: over all); infinite with a
 * mask. */
void truth_sum(mpfr_t out, const struct truth *truth, double without);

void truth_entropy(mpfr_t out, const struct truth *truth);

/* Of p: the variance of log p, the sum of squares, and the mean of log p over logits that are no
 * masks. */
void truth_variance(mpfr_t out, const struct truth *truth);
void truth_collision(mpfr_t out, const struct truth *truth);
void truth_mean(mpfr_t out, const struct truth *truth);

#endif
