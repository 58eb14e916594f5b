/* engine_output.h - an engine's answer as the output of a plan.
 *
 * engine.h reads what the answer says; here it is laid against the tokens of the sequence: which
 * entry is about which token, whether ids agree, which split and which objectives follow. */
#ifndef API_PLAN_ENGINE_OUTPUT_H
#define API_PLAN_ENGINE_OUTPUT_H

#include "api/engines/engine_read.h"
#include "api/exchange/exchange.h"

/* Read the answer about the plan's sequence: its reading, and, where the request does not tell
 * them, the plan's length and ids.  Rows make the output one of OUTPUT_MATRIX. */
bool engine_output_read(struct plan *plan, struct envelope *envelope, struct exchange *x,
                        struct error *err);

/* Whether a row is there for each token that needs one. */
bool engine_output_check_rows(const struct plan *plan, struct error *err);

/* Row `index` of an answer with rows; and where it stands. */
struct row engine_output_row(const struct model_output *output, size_t index);
void engine_output_row_pointer(const struct model_output *output, size_t index, char *out,
                               size_t size);

/* Fill the columns of a plan from log-probabilities. */
bool engine_output_score(struct plan *plan, struct arena *arena, struct error *err);

/* The members `source` and `warnings` of a sequence's answer. */
void engine_output_write(struct strbuf *text, const struct plan *plan);

#endif
