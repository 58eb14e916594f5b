/* pair_known.h - distils a student from a teacher of whom the likeliest tokens are given. */
#ifndef API_ROUTES_COMPARE_PAIR_KNOWN_H
#define API_ROUTES_COMPARE_PAIR_KNOWN_H

#include "api/routes/compare/pair_rows.h"

/* Set pair->more and pair->taught, if pair->asked has likeliest tokens to distil from.  False with
 * x->error set: a token is not in the vocabulary or listed twice, or memory or work is used up. */
bool pair_read_known(struct pair *pair, struct rows_met *rows, struct exchange *x);

#endif
