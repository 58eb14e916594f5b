/* rows.h - the rows of sequences that share them, once the request is complete. */
#ifndef API_SCORE_ROWS_H
#define API_SCORE_ROWS_H

#include "api/exchange/api.h"
#include "api/score/scored.h"

/* Fill the columns of sequences from the rows that they share: those that were kept, or that an
 * engine's answer holds.  Rows that were reduced when they arrived (early_rows.h) have done it. */
bool rows_score(struct scored *const *sequences, size_t count, struct exchange *x,
                struct error *err);

#endif
