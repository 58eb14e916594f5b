/* sft.c - Supervised fine-tuning on the chosen completion: its mean negative log-likelihood.
 *
 *     -pi_c / n_c
 *
 * Source: TRL's sft; the cross-entropy of language models. */
#include "core/preference_terms.h"

extern const struct preference_objective preference_sft;
const struct preference_objective preference_sft = {
    .head = {.name = "sft",
             .summary = "Supervised fine-tuning on the chosen completion: its mean negative "
                        "log-likelihood.",
             .formula = "-pi_c / n_c",
             .source = "TRL's sft; the cross-entropy of language models",
             .inputs = "policy of both completions, with their numbers of tokens"},
    .form = PREFERENCE_OF_PAIRS,
    .needs = NEEDS_POLICY | NEEDS_TOKENS,
    .nll = NLL_ALONE,
};
