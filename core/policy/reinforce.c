/* reinforce.c - The policy gradient without a ratio.
 *
 *     -A current
 *
 * Source: Williams 1992, Simple statistical gradient-following algorithms */
#include "core/policy.h"

static struct policy_term term(const struct policy_token *token, const struct policy_bounds *bounds)
{
    (void)bounds;
    return (struct policy_term){wide_times(wide_of(-token->advantage), wide_of(token->current)), 0};
}

extern const struct policy_objective policy_reinforce;
const struct policy_objective policy_reinforce = {
    .head = {.name = "reinforce",
             .summary = "The policy gradient without a ratio.",
             .formula = "-A current",
             .inputs = "current, advantages",
             .source = "Williams 1992, Simple statistical gradient-following algorithms",
             .uses = {USES_OF_ALL(sequence_mean_token_sum)}},
    .term = term,
};
