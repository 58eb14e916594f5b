/* grpo.c - The clipped surrogate, a mean over sequences of their means over tokens.
 *
 *     max(-A r, -A clip(r, 1 - clip_low, 1 + clip_high)); if A < 0, at most -A dual_clip
 *
 * Source: Shao et al. 2024, DeepSeekMath */
#include "core/policy.h"

extern const struct policy_objective policy_grpo;
const struct policy_objective policy_grpo = {
    .head =
        {.name = "grpo",
         .summary = "The clipped surrogate, a mean over sequences of their means over tokens.",
         .formula =
             "max(-A r, -A clip(r, 1 - clip_low, 1 + clip_high)); if A < 0, at most -A dual_clip",
         .inputs = "current, old, advantages",
         .source = "Shao et al. 2024, DeepSeekMath",
         .uses = {USES_OF_CLIP(0.2, 0.2), USES_OF_DUAL, USES_OF_ALL(sequence_mean_token_mean)}},
    .term = policy_clipped,
    .needs_old = true,
    .clips = true,
};
