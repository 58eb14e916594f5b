/* plan_make.h - from the members of a sequence to its plan.
 *
 * A plan may be made before the request is complete, so that rows of logits are reduced while they
 * arrive.  It is made once: what comes behind the rows and acts on rows is refused (member_late()),
 * and what is only for the answer is read at the end. */
#ifndef API_PLAN_PLAN_MAKE_H
#define API_PLAN_PLAN_MAKE_H

#include "api/plan/plan.h"
#include "api/plan/planner.h"

enum plan_outcome {
    PLAN_READY,
    PLAN_LATER, /* a member is missing that may still come */
    PLAN_NEVER, /* the members are wrong, or memory or work is up: the error says how */
};

/* Make what a plan says of rows: all but what is for the answer.  `complete`: no member will come
 * any more.  All arrays live in the arena of the request; of work, the tokens are charged. */
enum plan_outcome plan_make(struct plan *plan, const struct sequence_path *path,
                            struct planner *planner, bool complete, struct error *err);

/* Read what is for the answer, once the request is complete: weights, texts, and which members
 * exclude each other. */
bool plan_finish(struct plan *plan, struct planner *planner, struct error *err);

#endif
