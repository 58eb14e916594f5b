/* engine_output.h - an engine's answer as the model output of a plan.
 *
 * engine_read.h parses the answer into a list of entries.  This file assigns the entries to the
 * tokens of the sequence and compares their ids.  The split and the default objectives follow from
 * that. */
#ifndef API_PLAN_ENGINE_OUTPUT_H
#define API_PLAN_ENGINE_OUTPUT_H

#include "api/engines/engine_read.h"
#include "api/plan/plan.h"
#include "api/plan/planner.h"

/* Parse the engine's answer for the sequence of the plan: plan->output.answer.  False with *err
 * set.
 */
bool engine_output_find(struct plan *plan, const struct members *members, struct planner *planner,
                        struct error *err);

/* Parse the engine's answer for the sequence of the plan, and set plan->output.  If the request
 * gives no tokens, the plan gets its length and ids from the answer.  If the answer holds rows of
 * logits, the output becomes OUTPUT_MATRIX.  False with *err set: the answer is wrong or does not
 * fit the sequence, or memory or work is used up. */
bool engine_output_read(struct plan *plan, const struct members *members, struct planner *planner,
                        struct error *err);

/* The number of answers in the member `outputs`.  1: it cannot be determined.  0 with *err set:
 * memory or work is used up. */
size_t engine_output_count(const struct members *members, struct planner *planner,
                           struct error *err);

/* The entry of a token.  NULL: the answer has none. */
const struct engine_entry *engine_output_entry(const struct model_output *output, size_t token);

/* Whether the answer has no log-probability for a token.  For token 0 a NaN counts as none, too:
 * nothing predicts token 0, and engines write null or NaN for it. */
bool engine_output_is_null(const struct model_output *output, size_t token);

/* The setting of the engine that returns what its answer lacks, for errors.  "": there is no
 * answer. */
const char *engine_output_ask(const struct model_output *output);

/* Whether every needed token has a row (OUTPUT_MATRIX).  Otherwise ERR_BAD_COUNT. */
bool engine_output_check_rows(const struct plan *plan, struct error *err);

/* Row `index` of OUTPUT_MATRIX; it points into the answer. */
struct row engine_output_row(const struct model_output *output, size_t index);
/* Write the JSON pointer of row `index` to `out`, which holds `size` bytes. */
void engine_output_row_pointer(const struct model_output *output, size_t index, char *out,
                               size_t size);

/* Write the member `source` of a sequence in the reply. */
void engine_output_write(struct strbuf *text, const struct plan *plan);

/* Write the elements of `warnings` about the answer.  Returns whether there are any. */
bool engine_output_write_warnings(struct strbuf *text, const struct plan *plan);

#endif
