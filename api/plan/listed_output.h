/* listed_output.h - a choice that is one token, by the tokens that an engine lists at one place.
 *
 * The answer belongs to the question and holds no log-probability of each choice.  The labels of
 * the choice (labels.h) are looked up by id or text; the log-probability of the choice is that of
 * the one that is listed, or the log of the sum over all that are. */
#ifndef API_PLAN_LISTED_OUTPUT_H
#define API_PLAN_LISTED_OUTPUT_H

#include "api/plan/plan.h"
#include "api/plan/planner.h"

/* Look up plan->labels in the answer that was read (plan->output.answer), and leave one entry in
 * it: that of the plan's last token.  False with *err set: none is listed, or what is listed
 * contradicts itself, or memory or work is used up. */
bool listed_output_find(struct plan *plan, const struct members *members, struct planner *planner,
                        struct error *err);

/* Whether y is one token, the last one: such a choice can be told by its id. */
bool listed_output_fits(const struct plan *plan, const struct members *members);

/* The same as listed_output_find() for such a choice: its label is the id of its last token. */
bool listed_output_complete(struct plan *plan, const struct members *members,
                            struct planner *planner, struct error *err);

#endif
