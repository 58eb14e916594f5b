/* cispo.c - The clipped ratio as a weight of the log-probability: no token loses its gradient.
 *
 *     -clip(r, 1 - clip_low, 1 + clip_high) A current
 *
 * Source: MiniMax 2025, MiniMax-M1 */
#include "core/policy.h"

static struct policy_term term(const struct policy_token *token, const struct policy_bounds *bounds)
{
    struct policy_term term;
    const struct wide clipped = policy_clip(token->ratio, bounds, &term.marks);

    term.loss =
        wide_times(wide_times(wide_of(-token->advantage), clipped), wide_of(token->current));
    return term;
}

extern const struct policy_objective policy_cispo;
const struct policy_objective policy_cispo = {
    .head =
        {.name = "cispo",
         .summary =
             "The clipped ratio as a weight of the log-probability: no token loses its gradient.",
         .formula = "-clip(r, 1 - clip_low, 1 + clip_high) A current",
         .inputs = "current, old, advantages",
         .source = "MiniMax 2025, MiniMax-M1",
         .uses = {USES_OF_CLIP(1, 4), USES_OF_ALL(token_mean)}},
    .term = term,
    .needs_old = true,
    .clips = true,
};
