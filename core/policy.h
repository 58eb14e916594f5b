/* policy.h - an objective of policy optimisation: the loss of a token that a policy sampled.
 *
 * With the ratio r of the policy that is trained to the one at the start of the step, the advantage
 * A, a weight w and an estimate kl of the divergence from a frozen policy:
 *
 *     loss = w pg(r, A) + kl_coef kl
 *
 * An objective says what pg is.  To add one: write core/policy/NAME.c (formula, source and
 * parameters in the head, one function or policy_clipped(), one descriptor) and add a row to
 * core/policies.def.  Validation, GET /v1/objectives, the answer and the documents follow. */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include "core/aggregation.h"
#include "core/family.h"
#include "core/kl_estimator.h"
#include "core/wide.h"

/* What an objective knows of a token. */
struct policy_token {
    struct wide ratio; /* r */
    double advantage;  /* A, finite */
    double current;    /* its log-probability under the policy that is trained */
};

/* Where r is clipped: below 1 - low and above 1 + high; and a loss with A < 0 is at most -A dual.
 */
struct policy_bounds {
    double low, high, dual;  /* dual is infinite if there is none */
    struct wide least, most; /* 1 - low, 1 + high */
};

struct policy_bounds policy_bounds_of(double low, double high, double dual);

/* What was clipped. */
enum policy_mark { MARK_LOW = 1, MARK_HIGH = 2, MARK_DUAL = 4 };

struct policy_term {
    struct wide loss; /* pg: NaN if it is no number, 0 if A is 0 */
    unsigned marks;   /* mask of enum policy_mark */
};

/* The term of a token. */
typedef struct policy_term policy_term_f(const struct policy_token *token,
                                         const struct policy_bounds *bounds);

struct policy_objective {
    struct family_objective head;
    policy_term_f *term;
    bool needs_old;    /* r enters */
    bool of_sequences; /* r is that of the sequence, e^(mean of l); shares are of sequences */
    bool clips;        /* r is clipped: there are shares of what is */
};

/* The parameters of every objective, and those of one that clips. */
#define USES_OF_ALL(how)                                                                           \
    USE(aggregation, AGGREGATION_##how), USE_NO_DEFAULT(norm), USE(kl_coef, 0),                    \
        USE(kl_estimator, KL_ESTIMATOR_k3)
#define USES_OF_CLIP(below, above) USE(clip_low, below), USE(clip_high, above)
#define USES_OF_DUAL USE_NO_DEFAULT(dual_clip)

/* max(-A r, -A clip(r, 1 - low, 1 + high)); if A < 0, at most -A dual.  LOW and HIGH are marked
 * where r is clipped with an A that makes it count. */
policy_term_f policy_clipped;

/* clip(r, 1 - low, 1 + high), marked whatever A. */
struct wide policy_clip(struct wide ratio, const struct policy_bounds *bounds, unsigned *marks);

#endif
