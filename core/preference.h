/* preference.h - an objective of preferences: the loss of a pair of completions, or of an example.
 *
 * To add one: write core/preference/NAME.c (its formula in the head, one function, one descriptor
 * preference_NAME) and add a row to core/preferences.def.  Reading, validation, GET /v1/objectives,
 * the answer and the documents follow.  What several objectives need is in core/preference_terms.h.
 *
 * Below, pi and r are the sums of the log-probabilities of a completion y under policy and
 * reference, n is the number of its tokens, and a, b are pi - r of the chosen and the rejected one.
 * Numbers are wide_real.h's; NaN is what is no number. */
#ifndef CORE_PREFERENCE_H
#define CORE_PREFERENCE_H

#include "core/f_divergence.h"
#include "core/family.h"
#include "core/wide_real.h"

/* What is known of a completion. */
struct preference_completion {
    bool has_policy, has_reference, has_reward, has_joint;
    struct wide policy, reference; /* pi and r: <= 0, -inf allowed; 0 where not given */
    size_t tokens;                 /* n; 0: not told */
    double reward;                 /* of a reward model */
    struct wide joint;             /* the sum over prompt and y under the policy ... */
    size_t joint_tokens;           /* ... and the number of its tokens */
};

/* One loss is of one case: a pair, or an example, whose completion is then `chosen`. */
struct preference_case {
    const struct preference_completion *chosen, *rejected; /* rejected: NULL for an example */
    const struct preference_completion *mismatched;        /* of an example; NULL: none */
    bool desirable;                                        /* an example's label */
    double margin, weight;                                 /* of bradley_terry; of means */
};

struct preference_batch {
    const struct preference_case *cases;
    size_t count;
};

/* What an objective takes from the whole batch before it looks at a case. */
struct preference_state {
    struct wide value;
    bool counts; /* whether `count` is known */
    double count;
};

enum preference_form { PREFERENCE_OF_PAIRS, PREFERENCE_OF_EXAMPLES };

/* The inputs that every case must have; a mask. */
enum preference_need {
    NEEDS_POLICY = 1,    /* pi of every completion */
    NEEDS_REFERENCE = 2, /* r */
    NEEDS_TOKENS = 4,    /* n */
    NEEDS_REWARD = 8,
    NEEDS_CHOSEN_TOKENS = 16, /* n of the chosen completion */
    NEEDS_JOINT = 32,         /* the joint sum of the chosen one */
    NEEDS_KL = 64,            /* kl, or mismatched completions */
};

/* What `nll` names. */
enum preference_nll_of {
#define NLL(name, formula, help) NLL_##name,
#include "core/nlls.def"
};

/* How the negative log-likelihood of the chosen completion enters a loss. */
enum preference_nll {
    NLL_NONE,
    NLL_ALONE,    /* it is the loss */
    NLL_WEIGHTED, /* times nll_weight, as `nll` says: the objective has both parameters */
};

typedef struct wide preference_loss_f(const struct preference_case *one,
                                      const struct preference_state *state,
                                      const struct parameters *values);
typedef struct wide preference_reward_f(const struct preference_completion *completion,
                                        const struct parameters *values);
typedef struct wide preference_value_f(const struct preference_case *one,
                                       const struct parameters *values);

struct preference_objective {
    struct family_objective head;
    enum preference_form form;
    unsigned needs;
    enum preference_nll nll;
    preference_loss_f *loss;     /* without its NLL; NULL: there is nothing else, or `quantiles` */
    preference_reward_f *reward; /* NULL: rewards are null */

    /* A further value of a pair, and its name in the answer.  NULL: none. */
    const char *extra_name;
    preference_value_f *extra;

    /* What is computed from the whole batch, and its name in the answer: a number, or with
     * `state_counts` an object of mean and count.  NULL: nothing.  */
    const char *state_name;
    bool state_counts;
    struct preference_state (*state)(const struct preference_batch *batch,
                                     const struct parameters *values);

    /* For a loss of quantiles: x and y of each pair, which are sorted; and the loss of x_i - y_i.
     */
    preference_value_f *quantile_x, *quantile_y;
    struct wide (*quantile_loss)(struct wide apart, const struct parameters *values);
};

#endif
