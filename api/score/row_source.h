/* row_source.h - the rows of a plan, when the request is complete: for what is computed from the
 * rows of two outputs.
 *
 * They are the kept ones, those of an engine's answer, or decimal numbers that are read again as
 * another dtype.  The plan must have rows (plan_has_rows()), which were not let go as they arrived.
 */
#ifndef API_SCORE_ROW_SOURCE_H
#define API_SCORE_ROW_SOURCE_H

#include "api/exchange/api.h"
#include "api/plan/plan.h"

struct row_source {
    const struct plan *plan;
    char *again; /* NULL: the kept ones */
};

/* False with x->error set: memory is used up. */
bool row_source_open(struct row_source *source, const struct plan *plan, struct exchange *x);

/* The row at an index (plan_row_of()). */
struct row row_source_row(const struct row_source *source, size_t index);

#endif
