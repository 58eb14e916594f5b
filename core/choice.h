/* choice.h - the choices of a multiple-choice question: the value of each, and which is best.
 *
 * The value of a choice is its log-probability in one of several normalisations (core/norms.def).
 * To add one: add a row there and a case to choice_value(). */
#ifndef CORE_CHOICE_H
#define CORE_CHOICE_H

#include "core/dd.h"
#include "core/scaled.h"
#include "core/text_count.h"

#include <stdbool.h>
#include <stddef.h>

enum norm {
#define NORM(id, value, accuracy, formula, help) NORM_##id,
#include "core/norms.def"
    NORM_COUNT
};

struct norm_info {
    const char *value, *accuracy;
};

const struct norm_info *norm_info(enum norm norm);

struct choice {
    double log_prob;    /* log P(y|x), nats: <= 0, -inf allowed */
    size_t tokens;      /* of y; 0: none, or not known */
    struct counts text; /* of y; the same */
    bool has_unconditional;
    double unconditional; /* log P(y): <= 0, -inf allowed */
    bool has_value;
    double value;         /* what the choice is worth; finite */
    bool bound;           /* log_prob is only a bound, which no model told */
    struct scaled beyond; /* log P(y|x) if it is below the doubles; else its exponent is 0 */
    double rest;          /* what log_prob lacks of the sum before it was rounded */
};

/* The value of a choice.  False if it is not defined: a length is 0 or not known, log P(y) is not
 * known, or both log P(y|x) and log P(y) are -inf.  If only log P(y) is -inf, pmi is +inf. */
bool choice_value(const struct choice *choice, enum norm norm, double *value);

/* The choice with the largest value; the first wins a tie, also if all values are -inf.  False if a
 * value is not defined. */
bool choices_best(const struct choice *choices, size_t count, enum norm norm, size_t *best);

/* The confidence in the best choice: c = 1 / sum of exp(v - m), v the values before they are
 * rounded, m that of the best choice.  Within 2^-62 of c and of 1 - c, so that hi is the nearest
 * double but in one case of a thousand.  False if a value is not defined, or that of the best is
 * infinite. */
bool choices_confidence(const struct choice *choices, size_t count, enum norm norm,
                        struct dd *confidence);

/* The rank of the best choice of those that are right: 1 + how many choices have a larger value, or
 * the same and a lower index.  False if a value is not defined, or none is right. */
bool choices_rank(const struct choice *choices, size_t count, enum norm norm, const bool *right,
                  size_t *rank);

/* The softmax of log_prob over the choices: exp(l - m) / sum of exp(l - m), m the largest.  Within
 * 2.1 u of the exact value, u = 2^-53, down to 2^-1022.  False if all are -inf. */
bool choices_probabilities(const struct choice *choices, size_t count, double *probability);

/* The sum of the probabilities exp(l) of the choices whose l is no bound, within 1.1 u.  Of tokens
 * of one distribution: how much of it they are, or more where some are left out. */
double choices_mass(const struct choice *choices, size_t count);

/* The mean of the values of the choices that have one, weighted with their probabilities: sum w v /
 * sum w, w = exp(l - m), m the largest log_prob of these.  Within 3 u of the exact value plus 2^-64
 * of sum w |v| / sum w.  False if none has a value, or if all of them have log_prob -inf. */
bool choices_expected(const struct choice *choices, size_t count, double *expected);

/* The Brier score (1950), over all choices: sum of (p - [the choice is right])^2; 0 to 2.  Within 8
 * u of that of the exact probabilities. */
double choices_brier(const double *probability, size_t count, size_t right);

#endif
