/* joint.c - How likely prompt and completion are together: what pre-training maximises.
 *
 *   log P(x,y) = log P(x) + log P(y|x) */
#include "core/objective.h"

static bool selects_joint(enum segment segment)
{
    (void)segment;
    return true;
}

extern const struct objective objective_joint;
const struct objective objective_joint = {
    .name = "joint",
    .summary = "How likely prompt and completion are together: what pre-training maximises.",
    .formula = "log P(x,y) = log P(x) + log P(y|x)",
    .tokens = "all scored tokens",
    .needs_split = false,
    .selects = selects_joint,
};
