/* row_source.h - the rows of a plan, when the request is complete: for what is computed from the
 * rows of two outputs.
 *
 * They are the kept ones, those of an engine's answer, or decimal numbers that are read again as
 * another dtype.  In place of tokens that a sampler drops (plan->sampling) are masks.  The plan
 * must have rows (plan_has_rows()), which were not let go as they arrived.
 */
#ifndef API_SCORE_ROW_SOURCE_H
#define API_SCORE_ROW_SOURCE_H

#include "api/exchange/api.h"
#include "api/plan/plan.h"

struct row_source {
    const struct plan *plan;
    char *again; /* NULL: the kept ones */

    /* For a sampler; NULL: there is none. */
    const struct kernel *kernel;
    double *masked; /* V logits, ... */
    double *room;   /* ... and room for 2 V more */
};

/* False with x->error set: memory or work is used up. */
bool row_source_open(struct row_source *source, const struct plan *plan, struct exchange *x);

/* The row at an index (plan_row_of()), until the next one is asked for. */
struct row row_source_row(const struct row_source *source, size_t index);

#endif
