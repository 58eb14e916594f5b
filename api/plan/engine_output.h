/* engine_output.h - an engine's answer as the output of a plan.
 *
 * engine.h reads what the answer says; here it is laid against the tokens of the sequence: which
 * entry is about which token, whether ids agree, which split and which objectives follow. */
#ifndef API_PLAN_ENGINE_OUTPUT_H
#define API_PLAN_ENGINE_OUTPUT_H

#include "api/engines/engine_read.h"
#include "api/plan/plan.h"
#include "api/plan/planner.h"

/* Read the answer about the plan's sequence: its reading, and, where the request does not tell
 * them, the plan's length and ids.  Rows make the output one of OUTPUT_MATRIX. */
bool engine_output_read(struct plan *plan, const struct members *members, struct planner *planner,
                        struct error *err);

/* What is said of a token; NULL: nothing. */
const struct engine_entry *engine_output_entry(const struct model_output *output, size_t token);

/* Whether nothing is said of a token's log-probability: nothing predicts token 0, and engines say
 * null of it, or NaN. */
bool engine_output_is_null(const struct model_output *output, size_t token);

/* Whether a row is there for each token that needs one. */
bool engine_output_check_rows(const struct plan *plan, struct error *err);

/* Row `index` of an answer with rows; and where it stands. */
struct row engine_output_row(const struct model_output *output, size_t index);
void engine_output_row_pointer(const struct model_output *output, size_t index, char *out,
                               size_t size);

/* The members `source` and `warnings` of a sequence's answer. */
void engine_output_write(struct strbuf *text, const struct plan *plan);

#endif
