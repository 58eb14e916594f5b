/* row_numbers.h - the numbers that details and measures take from a reduced row. */
#ifndef API_SCORE_ROW_NUMBERS_H
#define API_SCORE_ROW_NUMBERS_H

#include "core/row.h"

#include "api/members/detail.h"

/* The mask of enum row_want that the numbers of a mask of details need. */
unsigned row_numbers_want(unsigned details);

/* A number of a token with that logit. */
double row_number(enum number number, const struct row_stats *stats,
                  const struct transform *transform, double logit);

#endif
