/* plan_notice.h - what is noticed in the members of a sequence that is scored nevertheless.
 *
 * Each notice is a warning of the reply, beside those about an engine's answer.  The codes and
 * texts of both are in the table api/engines/warnings.def. */
#ifndef API_PLAN_PLAN_NOTICE_H
#define API_PLAN_PLAN_NOTICE_H

#include "api/engines/engine_warning.h"
#include "api/plan/plan.h"

struct plan_notice {
    enum warning warning;
    enum field field; /* the member; `element`: of it, or NO_ELEMENT */
    size_t element;
    size_t count; /* how many times */
    struct plan_notice *next;
};

/* Note a warning about a member, `count` times.  A warning that was noted before keeps its place,
 * and counts on.  False with *err set: memory is used up. */
bool plan_notice_add(struct plan *plan, enum warning warning, enum field field, size_t element,
                     size_t count, struct arena *arena, struct error *err);

/* Note that y is empty, if it is: it has the log-probability 0, which should not be taken for a
 * score.  False with *err set: memory is used up. */
bool plan_notice_empty(struct plan *plan, const struct members *members, struct arena *arena,
                       struct error *err);

/* Write the members `source` (for an engine's answer) and `warnings` of a sequence in the reply.
 * A sequence without an engine's answer has `warnings` only if there
 * are some. */
void plan_notices_write(struct strbuf *text, const struct plan *plan);

#endif
