/* marginal.c - How likely the prompt is.
 *
 *   log P(x) = sum of log P(x_t | x_<t) over the scored tokens of x */
#include "core/objective.h"

static bool selects_marginal(enum segment segment)
{
    return segment == SEGMENT_PROMPT;
}

extern const struct objective objective_marginal;
const struct objective objective_marginal = {
    .name = "marginal",
    .summary = "How likely the prompt is.",
    .formula = "log P(x) = sum of log P(x_t | x_<t) over the scored tokens of x",
    .tokens = "scored tokens of the prompt",
    .needs_split = true,
    .selects = selects_marginal,
};
