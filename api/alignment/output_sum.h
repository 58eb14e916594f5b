/* output_sum.h - what a model said of a completion, as one sum of log-probabilities. */
#ifndef API_ALIGNMENT_OUTPUT_SUM_H
#define API_ALIGNMENT_OUTPUT_SUM_H

#include "core/wide.h"

#include "api/exchange/exchange.h"
#include "api/score/scored.h"

struct output_sum {
    struct wide log_prob; /* of y */
    size_t tokens;        /* of y; 0: not told */

    bool has_joint; /* the prompt's log-probabilities are known, too */
    struct wide joint;
    size_t joint_tokens;
};

/* Sum up an output: add its tokens, or take the sum that is given in place of them.  False with
 * x->error set: a sum is given, and an option for it needs logits, or the completion around it is
 * empty or has another number of tokens; or memory or work is used up. */
bool output_sum_make(struct output_sum *sum, const struct scored *scored, struct exchange *x);

/* Record that the number of tokens is another than that of the policy.  Returns false. */
bool output_sum_fail_count(const struct scored *scored, size_t tokens, size_t right,
                           struct error *err);

#endif
