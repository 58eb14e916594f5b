/* conditional.c - How likely the completion is, given the prompt: what fine-tuning maximises.
 *
 *   log P(y|x) = sum of log P(y_t | x, y_<t) over the scored tokens of y */
#include "core/objective.h"

static bool selects_conditional(enum segment segment)
{
    return segment == SEGMENT_COMPLETION;
}

extern const struct objective objective_conditional;
const struct objective objective_conditional = {
    .name = "conditional",
    .summary = "How likely the completion is, given the prompt: what fine-tuning maximises.",
    .formula = "log P(y|x) = sum of log P(y_t | x, y_<t) over the scored tokens of y",
    .tokens = "scored tokens of the completion",
    .needs_split = true,
    .selects = selects_conditional,
};
