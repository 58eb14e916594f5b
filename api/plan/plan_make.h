/* plan_make.h - makes the plan of a sequence from its members.
 *
 * A plan may be made before the request is complete, so that rows of logits can be reduced while
 * they arrive.  It is made once.  A member that acts on rows is refused if it comes after such rows
 * (members_check_late()).  Members that act only on the answer are read at the end. */
#ifndef API_PLAN_PLAN_MAKE_H
#define API_PLAN_PLAN_MAKE_H

#include "api/plan/plan.h"
#include "api/plan/planner.h"

enum plan_outcome {
    PLAN_READY,
    PLAN_LATER, /* a member is missing, but may still arrive */
    PLAN_NEVER, /* a member is wrong, or memory or work is used up; *err says which */
};

/* Make the first part of a plan: all that rows need.  `complete`: no more members will arrive, so
 * PLAN_LATER is not returned.  The plan's arrays are allocated in the arena of the request, and
 * each token is charged as work (base/work.h). */
enum plan_outcome plan_make(struct plan *plan, const struct sequence_path *path,
                            struct planner *planner, bool complete, struct error *err);

/* The same for a window of a sequence (window.h), whose plan is made: `whole`. */
enum plan_outcome plan_make_window(struct plan *plan, const struct plan *whole,
                                   const struct sequence_path *path, struct planner *planner,
                                   bool complete, struct error *err);

/* Read the second part of a plan, when the request is complete: weights, texts and per_token.  Also
 * checks again which members exclude each other, since more may have arrived.  False with *err
 * set. */
bool plan_finish(struct plan *plan, struct planner *planner, struct error *err);

#endif
