/* infer_whole.h - a request to a model whose inputs are whole tensors: their axes, their elements,
 * its parameter `request`, and its outputs. */
#ifndef API_ROUTES_INFER_INFER_WHOLE_H
#define API_ROUTES_INFER_INFER_WHOLE_H

#include "api/routes/infer/infer_request.h"

/* Compute, when all tensors are complete.  False with x->error set. */
bool whole_end(struct infer *infer);

/* Find an output of the answer, whose choice is set.  False with x->error set. */
bool whole_column(struct infer *infer, struct column *column);

/* ---- for models ---- */

/* The length of an axis, which all given inputs that have it agree on; 0: none has it. */
size_t whole_axis(const struct infer *infer, char letter);

/* The elements of an input as doubles, or as flags, which must be 0 or 1.  NULL: it is not given,
 * or x->error is set. */
double *whole_numbers(struct infer *infer, size_t which);
bool *whole_flags(struct infer *infer, size_t which);

/* Say in x->error, which is about the body of `request`, where that is.  Returns false. */
bool whole_fail_request(struct exchange *x);

/* Record that an element of an input is wrong.  Returns false. */
PRINTF(5, 6)
bool whole_fail(struct infer *infer, size_t which, size_t index, enum error_code code,
                const char *format, ...);

/* Let an output be an array of doubles; NaN is not defined. */
void whole_array(struct column *column, const double *values);

/* Let an output be a text, which is written without its last newline.  False with x->error set. */
bool whole_text(struct infer *infer, struct column *column,
                void (*write)(const struct infer *infer, struct strbuf *text));

/* Whether an output is asked for with a key. */
bool whole_key_is(const struct wanted_output *choice, const char *key, size_t length);

/* Record that nothing has the key of an output; `why` says so in words.  Returns false. */
bool whole_fail_key(struct infer *infer, const struct column *column, const char *why);

#endif
