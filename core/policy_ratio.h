/* policy_ratio.h - the ratio of two policies over the tokens of sequences that were drawn from one
 * of them.
 *
 * p and q are log-probabilities of the same tokens, and l = p - q (token_ratio.h).  Sums are exact
 * (exact_sum.h), so that results are the same bits in any order of the sequences.  Where a number
 * is not defined it is NaN: of no token, or a mean over a NaN.  docs/numerics.md has the bounds. */
#ifndef CORE_POLICY_RATIO_H
#define CORE_POLICY_RATIO_H

#include "core/comparison.h"
#include "core/ratio_sums.h"

enum policy_source {
#define SOURCE(name, help) SOURCE_##name,
#include "core/policy_sources.def"
    SOURCE_COUNT
};

enum policy_ratio {
#define RATIO(p, q, help) RATIO_##p##_##q,
#include "core/policy_ratios.def"
    RATIO_COUNT
};

struct policy_ratio_info {
    const char *name; /* "current_old" */
    enum policy_source p, q;
};

const char *policy_source_name(enum policy_source source);
const struct policy_ratio_info *policy_ratio_info(enum policy_ratio ratio);

/* ---- over sequences ---- */

/* What is spread over tokens, and over sequences (policy_spreads.def). */
enum token_spread {
#define TOKEN_SPREAD(name, help) TOKEN_SPREAD_##name,
#include "core/policy_spreads.def"
    TOKEN_SPREAD_COUNT
};

enum sequence_spread {
#define SEQUENCE_SPREAD(name, help) SEQUENCE_SPREAD_##name,
#include "core/policy_spreads.def"
    SEQUENCE_SPREAD_COUNT
};

const char *token_spread_name(enum token_spread spread);
const char *sequence_spread_name(enum sequence_spread spread);

struct ratio_totals {
    size_t tokens;
    struct spread of_tokens[TOKEN_SPREAD_COUNT];
    double k1, k2, k3; /* means */
    double chi2;       /* mean of e^2l - 1 */
    double share;      /* the effective sample size: (sum e^l)^2 / (n sum e^2l) */
    double perplexity_p, perplexity_q, perplexity_ratio;
    size_t sequences; /* that have a token */
    struct spread of_sequences[SEQUENCE_SPREAD_COUNT];
    double sequence_chi2, sequence_share; /* of sums of l */
};

/* Numbers of all tokens, as ratio_sums_add() writes them, and room for a number of each sequence.
 */
struct ratio_scratch {
    double *logs, *changes, *room;
};

/* The values of `count` sequences that were added; `each` is what that said.  O(n) for n tokens. */
void ratio_totals_of(struct ratio_totals *totals, const struct ratio_sums *sums,
                     const struct ratio_view *views, const struct sequence_ratio *each,
                     size_t count, struct ratio_scratch *scratch);

/* The effective sample size of weights, as a share of their number: (sum w)^2 / (n sum w^2). */
double effective_share(const struct moments *weights);

/* A number of a sequence. */
struct dd sequence_spread_value(enum sequence_spread spread, const struct sequence_ratio *ratio);

#endif
