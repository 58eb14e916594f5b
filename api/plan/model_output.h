/* model_output.h - the model's output for a sequence: rows of logits, or log-probabilities.
 *
 * The output has one of two forms: rows, which an intake (body/row_intake.h) delivers one after
 * another and which are reduced, or a column of log-probabilities.  To add another source of
 * outputs, add a kind to enum output_kind (plan.h) and find it here. */
#ifndef API_PLAN_MODEL_OUTPUT_H
#define API_PLAN_MODEL_OUTPUT_H

#include "api/plan/plan.h"

/* Find the output that the members give, and set its kind, span, dtype and shape.  The numbers
 * themselves are not read.  False with *err set: a member is wrong; *later is set too if an encoded
 * tensor still lacks one of its members. */
bool model_output_find(struct model_output *output, const struct members *members,
                       struct body *body, bool *later, struct error *err);

/* Set the number of rows and their width, when the body is complete.  A tensor's shape gives both
 * in advance; nested rows must be counted. */
void model_output_measure(struct model_output *output);

/* Whether all rows have the same valid width, and each needed token has a row.  Otherwise *err:
 * ERR_BAD_ROW, ERR_BAD_COUNT, ERR_BAD_DATA, or ERR_OUT_OF_RANGE for `offset`. */
bool model_output_check_rows(const struct plan *plan, struct error *err);

/* The member that holds the output of a plan. */
enum field model_output_field(const struct plan *plan);

#endif
