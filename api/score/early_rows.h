/* early_rows.h - rows that are reduced before the request is complete.
 *
 * The members that come before the rows in the body decide what to compute from them.  A plan is
 * made of these members, and it does not change afterwards.  Each row is reduced as soon as it is
 * complete, and its memory is reused.  A member that acts on rows and comes after them is refused,
 * whatever its value (ERR_AFTER_LOGITS).  So a score never depends on half of a request. */
#ifndef API_SCORE_EARLY_ROWS_H
#define API_SCORE_EARLY_ROWS_H

#include "api/body/body_scanner.h"
#include "api/plan/plan_make.h"
#include "api/plan/planner.h"
#include "api/score/scorer.h"

/* Is told of each row that is reduced, by the plan of its sequence.  False with x->error set:
 * memory or work is used up. */
struct row_watch {
    bool (*row)(struct row_watch *watch, const struct plan *plan, size_t index,
                const struct row *row);
};

/* Sequences that share the rows of one span, with their plans. */
struct early_rows {
    struct row_sink sink;      /* must be first: the intake points to it */
    struct scored **sequences; /* in body order */
    size_t count;              /* number of sequences with a plan */
    bool planned;              /* all have a plan: rows are reduced */
    struct scorer scorer;
    struct row_watch *watch; /* NULL: nobody is told */
    struct error err;        /* of the plans, or of the first bad row */
    bool without_tokens;     /* the sequence whose plan failed had no tokens */
};

/* The callback of struct body_use: decide what to do with the rows of scan->open.  `route` is the
 * planner. */
rows_decide_f early_rows_decide;

/* The same, and the rows of its one sequence are watched. */
bool early_rows_decide_watched(struct body_scanner *scan, struct planner *planner,
                               struct row_watch *watch);

/* Find the objects around the current position of the scanner, from the request on.  Returns how
 * many. */
size_t early_rows_path(const struct body_scanner *scan, struct holder path[LAYOUT_LEVELS]);

/* Whether the members so far of the objects on a path are valid; those of outer objects are checked
 * once. */
bool early_rows_check(struct planner *planner, const struct holder *path, size_t depth,
                      struct error *err);

/* The same for rows that come after the request, in a part of their own (multipart).  `complete`:
 * no tokens will arrive in a part either; otherwise the rows are kept. */
bool early_rows_decide_part(struct planner *planner, struct span *span, bool complete);

/* Act on the outcome of planning the sequences of a span: PLAN_READY reduces its rows, PLAN_LATER
 * keeps them, PLAN_NEVER skips them.  False with x->error set: memory or work is used up. */
bool early_rows_begin(struct early_rows *early, struct span *span, enum plan_outcome outcome,
                      struct exchange *x);

/* The early rows of a span.  NULL: its rows are kept. */
struct early_rows *early_rows_of(const struct span *span);

/* The sequence at `path`, whose rows were reduced early, with its plan.  NULL with *err set: its
 * plan failed, or a member came after the rows. */
struct scored *early_rows_sequence(const struct span *span, const struct sequence_path *path,
                                   struct error *err);

/* Whether all reduced rows of a span are valid.  Otherwise *err is that of the first bad one. */
bool early_rows_finish(const struct span *span, struct error *err);

#endif
