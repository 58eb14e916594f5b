/* gspo.c - The clipped surrogate of the ratio of whole sequences.
 *
 *     r = e^(mean of l over y): max(-A r, -A clip(r, 1 - clip_low, 1 + clip_high)); if A < 0, at
 * most -A dual_clip
 *
 * Source: Zheng et al. 2025, Group Sequence Policy Optimization */
#include "core/policy.h"

extern const struct policy_objective policy_gspo;
const struct policy_objective policy_gspo = {
    .head = {.name = "gspo",
             .summary = "The clipped surrogate of the ratio of whole sequences.",
             .formula = "r = e^(mean of l over y): max(-A r, -A clip(r, 1 - clip_low, 1 + "
                        "clip_high)); if A < 0, at most -A dual_clip",
             .inputs = "current, old, advantages",
             .source = "Zheng et al. 2025, Group Sequence Policy Optimization",
             .uses = {USES_OF_CLIP(3e-4, 4e-4), USES_OF_DUAL,
                      USES_OF_ALL(sequence_mean_token_mean)}},
    .term = policy_clipped,
    .needs_old = true,
    .of_sequences = true,
    .clips = true,
};
