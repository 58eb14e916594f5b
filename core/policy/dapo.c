/* dapo.c - The clipped surrogate with more room above, a mean over all tokens.
 *
 *     max(-A r, -A clip(r, 1 - clip_low, 1 + clip_high)); if A < 0, at most -A dual_clip
 *
 * Source: Yu et al. 2025, DAPO */
#include "core/policy.h"

extern const struct policy_objective policy_dapo;
const struct policy_objective policy_dapo = {
    .head =
        {.name = "dapo",
         .summary = "The clipped surrogate with more room above, a mean over all tokens.",
         .formula =
             "max(-A r, -A clip(r, 1 - clip_low, 1 + clip_high)); if A < 0, at most -A dual_clip",
         .inputs = "current, old, advantages",
         .source = "Yu et al. 2025, DAPO",
         .uses = {USES_OF_CLIP(0.2, 0.28), USES_OF_DUAL, USES_OF_ALL(token_mean)}},
    .term = policy_clipped,
    .needs_old = true,
    .clips = true,
};
