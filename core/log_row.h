/* log_row.h - the log-probabilities of a row as double-doubles, of all its tokens or of some.
 *
 * Let m be the largest logit of the tokens in question, d the distance of a logit from it, and R
 * the sum of exp(-d) over all but the first token with m.  Then log p = -(d + log1p(R)): these p
 * add up to 1 over the tokens in question.  A kernel's R (core/row.h) is within 7 units in the last
 * place.  This R is a sum of double-doubles, so log p is within 2^-60 of itself: sums of terms of
 * both signs keep their digits. */
#ifndef CORE_LOG_ROW_H
#define CORE_LOG_ROW_H

#include "core/row.h"

/* Some tokens of a row: those whose mark is `value`.  No marks: all tokens. */
struct token_set {
    const bool *marks; /* of each token; NULL: all */
    bool value;
};

struct log_row {
    const struct row *row;
    struct reference top; /* m */
    size_t argmax;        /* its first token */
    struct dd log_sum;    /* log1p(R) */
};

/* False if no token of the set has a finite logit; then nothing is set. */
bool log_row_make(struct log_row *log_row, const struct row *row, const struct transform *transform,
                  struct token_set set);

/* The distance of a logit; +inf for a mask, or if it is beyond doubles. */
struct dd log_row_distance(const struct log_row *log_row, double logit);

/* log p of a token; -inf for a mask, or if it is beyond doubles. */
struct dd log_row_at(const struct log_row *log_row, size_t token);

/* log p of all tokens of `part` together, under `whole`.  Both are of one row. */
struct dd log_row_mass(const struct log_row *whole, const struct log_row *part);

#endif
