/* outputs.h - an engine's answer as the output of a plan.
 *
 * engine.h reads what the answer says; here it is laid against the tokens of the sequence: which
 * entry is about which token, whether ids agree, which split and which objectives follow. */
#ifndef API_OUTPUTS_H
#define API_OUTPUTS_H

#include "api/engine.h"
#include "api/exchange.h"

/* Read the answer about the plan's sequence: its reading, and, where the request does not tell
 * them, the plan's length and ids.  Rows make the output one of OUTPUT_MATRIX. */
bool outputs_read(struct plan *plan, struct envelope *envelope, struct exchange *x,
                  struct error *err);

/* Whether a row is there for each token that needs one. */
bool outputs_check_rows(const struct plan *plan, struct error *err);

/* Row `index` of an answer with rows; and where it stands. */
struct row outputs_row(const struct output *output, size_t index);
void outputs_row_pointer(const struct output *output, size_t index, char *out, size_t size);

/* Fill the columns of a plan from log-probabilities. */
bool outputs_score(struct plan *plan, struct arena *arena, struct error *err);

/* The members `source` and `warnings` of a sequence's answer. */
void outputs_write(struct text *text, const struct plan *plan);

#endif
