/* ppo.c - The clipped surrogate of PPO.
 *
 *     max(-A r, -A clip(r, 1 - clip_low, 1 + clip_high)); if A < 0, at most -A dual_clip
 *
 * Source: Schulman et al. 2017, Proximal Policy Optimization Algorithms; dual_clip: Ye et al. 2020
 */
#include "core/policy.h"

extern const struct policy_objective policy_ppo;
const struct policy_objective policy_ppo = {
    .head =
        {.name = "ppo",
         .summary = "The clipped surrogate of PPO.",
         .formula =
             "max(-A r, -A clip(r, 1 - clip_low, 1 + clip_high)); if A < 0, at most -A dual_clip",
         .inputs = "current, old, advantages",
         .source = "Schulman et al. 2017, Proximal Policy Optimization Algorithms; dual_clip: Ye "
                   "et al. 2020",
         .uses = {USES_OF_CLIP(0.2, 0.2), USES_OF_DUAL, USES_OF_ALL(token_mean)}},
    .term = policy_clipped,
    .needs_old = true,
    .clips = true,
};
