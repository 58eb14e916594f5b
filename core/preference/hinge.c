/* hinge.c - The hinge loss of the margin.
 *
 *     max(0, 1 - z)
 *
 * Source: Zhao et al. 2023, SLiC-HF; Liu et al. 2024, Statistical Rejection Sampling (RSO). */
#include "core/preference_terms.h"

static struct wide loss(const struct preference_case *one, const struct preference_state *state,
                        const struct parameters *values)
{
    const struct wide rest = wide_minus(wide_of(1), preference_z(one, values));

    (void)state;
    return wide_sign(rest) < 0 ? wide_of(0) : rest;
}

extern const struct preference_objective preference_hinge;
const struct preference_objective preference_hinge = {
    .head = {.name = "hinge",
             .summary = "The hinge loss of the margin.",
             .formula = "max(0, 1 - z)",
             .source =
                 "Zhao et al. 2023, SLiC-HF; Liu et al. 2024, Statistical Rejection Sampling (RSO)",
             .inputs = "policy and reference of both completions",
             .uses = {USE(beta, 0.1), USES_OF_DIVERGENCE, USE(reference_free, 0)}},
    PREFERENCE_OF_RATIOS(PREFERENCE_OF_PAIRS),
    .loss = loss,
};
