/* correction.h - weights against the mismatch of two policies, and the tokens that are rejected for
 * it.
 *
 * Tokens were sampled by an engine whose probabilities are not quite those of the policy that is
 * trained.  A correction weighs the loss of a token with the ratio of the two, which is bounded
 * (truncated importance sampling); a rejection lets tokens or whole sequences whose ratio is out of
 * bounds not count at all.  A ratio is e^l of a token, or that of the sum or the mean of l over its
 * sequence (core/ratio_levels.def). */
#ifndef CORE_CORRECTION_H
#define CORE_CORRECTION_H

#include "core/policy_ratio.h"

enum ratio_level {
#define RATIO_LEVEL(name, formula, help) RATIO_LEVEL_##name,
#include "core/ratio_levels.def"
    RATIO_LEVEL_COUNT
};

enum correction_mode {
#define CORRECTION(name, formula, help) CORRECTION_##name,
#include "core/corrections.def"
    CORRECTION_COUNT
};

/* Where a ratio may lie if nothing else is said. */
#define RATIO_LOW 0
#define RATIO_HIGH 2

/* The ratio that is looked at, and where it may lie: 0 <= low <= high. */
struct ratio_bounds {
    enum policy_ratio ratio;
    enum ratio_level level;
    double low, high;
};

/* What is made of ratios (core/corrections.def).  `normalize`: weights are divided by their mean
 * over the tokens that count, or over the sequences that have one where the ratio is theirs, unless
 * that is 0. */
struct correction {
    struct ratio_bounds bounds;
    enum correction_mode mode;
    bool normalize;
};

/* One sequence: its ratio, and what counts of it. */
struct correction_sequence {
    struct ratio_view view;
    const struct sequence_ratio *ratio;
    bool *rejected; /* view.length entries; NULL: all of view.counts counts */
};

/* Set `rejected` of a sequence.  A ratio that is no number is not out of bounds.  Returns the
 * number of rejected tokens. */
size_t correction_reject(const struct ratio_bounds *bounds, struct correction_sequence *sequence);

/* The mean that weights are divided by; 1 without normalize. */
struct wide correction_mean(const struct correction *correction,
                            const struct correction_sequence *sequences, size_t count);

/* A correction with that mean. */
struct weigher {
    const struct correction *correction;
    struct wide mean;
};

/* The weight of a token of view.counts; NaN where its ratio is no number. */
struct wide weigher_weight(const struct weigher *weigher,
                           const struct correction_sequence *sequence, size_t token);

/* The mean weight of a sequence; NaN of no token. */
double weigher_mean(const struct weigher *weigher, const struct correction_sequence *sequence);

/* Over the tokens that count.  Shares are NaN of no token. */
struct correction_totals {
    struct spread weight;
    double above, below; /* shares of tokens whose ratio is out of bounds */
    double share;        /* the effective sample size: (sum w)^2 / (n sum w^2) */
};

/* `scratch` has room for all tokens. */
void correction_totals_of(struct correction_totals *totals, const struct weigher *weigher,
                          const struct correction_sequence *sequences, size_t count,
                          double *scratch);

#endif
