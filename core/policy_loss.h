/* policy_loss.h - the loss of an objective of policy optimisation: of tokens, of sequences, and of
 * a batch.
 *
 * Sums are exact (exact_sum.h), so results are the same bits in any order of the sequences.  NaN
 * means that there is no number. */
#ifndef CORE_POLICY_LOSS_H
#define CORE_POLICY_LOSS_H

#include "core/correction.h"
#include "core/policy.h"

/* An objective with its parameters. */
struct policy_setting {
    const struct policy_objective *objective;
    struct policy_bounds bounds;
    double kl_coef; /* >= 0; above 0 the reference is needed */
    enum kl_estimator estimator;
    enum aggregation aggregation;
    double norm; /* > 0, for an aggregation that needs it */
};

/* A sequence.  Arrays have `length` entries; tokens of y count unless they are rejected. */
struct policy_sequence {
    size_t length;
    const bool *in_y;
    const double *log_prob[SOURCE_COUNT]; /* those that the objective needs */
    const double *advantage;              /* NULL: all are advantage_of_all */
    double advantage_of_all;
    const struct weigher *weigher;             /* NULL: all weights are 1 */
    const struct correction_sequence *weighed; /* the sequence to it */
    const bool *rejected;                      /* NULL: none is */
    const struct sequence_ratio *ratio_all;    /* current_old, of an objective of sequences */
};

/* Sums over sequences.  All zero is empty. */
struct policy_sums {
    struct aggregate loss, policy, kl;
    size_t low, high, either, dual; /* tokens, or sequences, that were clipped */
};

struct policy_sequence_loss {
    size_t tokens; /* that count */
    double sum, mean;
};

/* Add a sequence.  `losses` is NULL, or has room for the loss of each token of y, rejected or
 * not. */
struct policy_sequence_loss policy_sums_add(struct policy_sums *sums,
                                            const struct policy_setting *setting,
                                            const struct policy_sequence *sequence, double *losses);

struct policy_loss {
    size_t tokens, sequences;       /* that count */
    double loss, policy, kl;        /* aggregated; policy is w pg, kl is without kl_coef */
    double low, high, either, dual; /* shares of tokens, or of sequences, that were clipped */
};

struct policy_loss policy_loss_of(const struct policy_sums *sums,
                                  const struct policy_setting *setting);

#endif
