/* early_rows.h - rows that are reduced before the request is complete.
 *
 * What is asked of the rows follows from the members that stand before them in the body.  A plan is
 * made of these, and does not change any more: the rows are reduced by it, and let go.  A member
 * that acts on rows and stands behind them is refused, whatever its value (ERR_AFTER_LOGITS): a
 * score is never based on half of a request. */
#ifndef API_SCORE_EARLY_ROWS_H
#define API_SCORE_EARLY_ROWS_H

#include "api/body/body_scanner.h"
#include "api/plan/plan_make.h"
#include "api/plan/planner.h"
#include "api/score/scorer.h"

/* Sequences whose rows are let go as they arrive. */
struct early_rows {
    struct row_sink sink; /* first: it is given to the intake */
    struct scored **sequences;
    size_t count; /* that have a plan */
    bool planned; /* all have one: rows are reduced by them */
    struct scorer scorer;
    struct error err;    /* of the plans, or of the first bad row */
    bool without_tokens; /* the sequence whose plan is wrong had none */
};

/* For struct body_use: decide what becomes of the rows that are coming in.  `route` is the
 * planner. */
rows_decide_f early_rows_decide;

/* The same for rows that come behind the whole request, as parts of their own.  `complete`: no
 * tokens will come, either. */
bool early_rows_decide_part(struct planner *planner, struct span *span, bool complete);

/* Act on what came of planning the sequences of a span: its rows are reduced, held or skipped.
 * False: memory or work is up (x->error). */
bool early_rows_begin(struct early_rows *early, struct span *span, enum plan_outcome outcome,
                      struct exchange *x);

/* Those of a span; NULL: its rows were not let go. */
struct early_rows *early_rows_of(const struct span *span);

/* A sequence whose rows were let go, with its plan; NULL where its plan was wrong, or a member came
 * too late (*err).  `path`: where it stands. */
struct scored *early_rows_sequence(const struct span *span, const struct sequence_path *path,
                                   struct error *err);

/* Whether all rows that were reduced are good. */
bool early_rows_finish(const struct span *span, struct error *err);

/* Say that a member came behind rows that were let go.  Returns false. */
bool early_rows_fail_late(const struct sequence_path *path, enum field field, struct error *err);

#endif
