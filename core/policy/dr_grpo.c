/* dr_grpo.c - The clipped surrogate, summed over tokens and divided by a constant: no bias to short
 * answers.
 *
 *     max(-A r, -A clip(r, 1 - clip_low, 1 + clip_high)); if A < 0, at most -A dual_clip
 *
 * Source: Liu et al. 2025, Understanding R1-Zero-Like Training */
#include "core/policy.h"

extern const struct policy_objective policy_dr_grpo;
const struct policy_objective policy_dr_grpo = {
    .head =
        {.name = "dr_grpo",
         .summary = "The clipped surrogate, summed over tokens and divided by a constant: no bias "
                    "to short answers.",
         .formula =
             "max(-A r, -A clip(r, 1 - clip_low, 1 + clip_high)); if A < 0, at most -A dual_clip",
         .inputs = "current, old, advantages",
         .source = "Liu et al. 2025, Understanding R1-Zero-Like Training",
         .uses = {USES_OF_CLIP(0.2, 0.2), USES_OF_DUAL, USES_OF_ALL(sequence_mean_token_sum_norm)}},
    .term = policy_clipped,
    .needs_old = true,
    .clips = true,
};
