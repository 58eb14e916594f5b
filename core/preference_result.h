/* preference_result.h - an objective of preferences over all cases of a batch.
 *
 * Every number is computed from exact inputs and is rounded once, by who writes it; means are those
 * of weighted_mean.h.  NaN is what is no number, or what an objective does not have. */
#ifndef CORE_PREFERENCE_RESULT_H
#define CORE_PREFERENCE_RESULT_H

#include "core/preference.h"
#include "core/weighted_mean.h"

/* Of one case.  An example has its reward as `chosen_reward`, and no margin. */
struct preference_figures {
    struct wide loss, chosen_reward, rejected_reward, margin, nll, extra;
};

/* Of the batch.  Of examples, rewards are those of either label, and `margin.mean` is the
 * difference of their means. */
struct preference_totals {
    struct weighted_mean loss, chosen_reward, rejected_reward, margin, accuracy;
    size_t ties;            /* margins that are 0 */
    struct wide batch_loss; /* mean of the loss without NLL, and the NLL of all tokens alike */
    struct preference_state state;
};

/* An objective that is asked for, with its parameters. */
struct preference_question {
    const struct preference_objective *objective;
    const struct parameters *values;
};

/* Whether an NLL enters its losses. */
bool preference_has_nll(const struct preference_question *question);

/* What every case must have: a mask of enum preference_need. */
unsigned preference_needs(const struct preference_question *question);

/* The first of these needs that a case lacks; 0: none. */
unsigned preference_lack(const struct preference_case *one, unsigned needs);

/* Numbers of one batch that are needed while an objective is evaluated: arrays of `count`. */
struct preference_scratch {
    double *weight;
    struct wide *column;
    struct wide *x, *y; /* NULL, where no objective has quantiles */
};

/* Evaluate an objective: `figures` has room for those of every case, none of which lacks a need. */
void preference_evaluate(const struct preference_question *question,
                         const struct preference_batch *batch,
                         const struct preference_scratch *scratch,
                         struct preference_figures *figures, struct preference_totals *totals);

#endif
