/* model_output.h - what the model said of a sequence: rows of logits, or log-probabilities.
 *
 * Every way to say it ends in one of two things: rows, which come out of an intake one after
 * another and are reduced, or a column of log-probabilities.  A further way (an engine's answer, a
 * part of a multipart body) is a further kind here. */
#ifndef API_PLAN_MODEL_OUTPUT_H
#define API_PLAN_MODEL_OUTPUT_H

#include "api/plan/plan.h"

/* Find what the members say; its numbers are not read yet.  *later is set where part of an encoded
 * tensor is missing. */
bool model_output_find(struct model_output *output, const struct members *members,
                       struct envelope *envelope, bool *later, struct error *err);

/* Note how many rows there are, once all are in: a shape says it before, but nested rows do not. */
void model_output_measure(struct model_output *output);

/* Whether there are rows of one width, and the right number of them for the tokens of the plan. */
bool model_output_check_rows(const struct plan *plan, struct error *err);

#endif
