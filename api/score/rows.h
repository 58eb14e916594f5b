/* rows.h - scores sequences from the rows that they share, when the request is complete. */
#ifndef API_SCORE_ROWS_H
#define API_SCORE_ROWS_H

#include "api/exchange/api.h"
#include "api/score/scored.h"

/* Fill the columns of `count` sequences from their common rows: kept rows, or rows of an engine's
 * answer.  If the rows were reduced as they arrived (early_rows.h), the columns are filled already,
 * and only the first fault is reported.  The plans must have the same dtype.  False with *err
 * set. */
bool rows_score(struct scored *const *sequences, size_t count, struct exchange *x,
                struct error *err);

#endif
