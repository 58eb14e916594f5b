/* tensorrt_logits.h - rows of logits in answers of TensorRT-LLM and Triton.
 *
 * Rows of the prompt (context_logits) and of generated tokens (generation_logits) are arrays of
 * rows, arrays of beams, or flat arrays of numbers.  The width of a flat array follows from the
 * number of tokens. */
#ifndef API_ENGINES_TENSORRT_LOGITS_H
#define API_ENGINES_TENSORRT_LOGITS_H

#include "api/engines/engine_answer.h"

/* Numbers of tokens that the answer gives.  START_UNKNOWN: it does not. */
struct tensorrt_lengths {
    size_t prompt, generated;
    const char *list; /* the list with one element for each generated token */
};

/* One tensor of logits. */
struct tensorrt_logits {
    const char *name;
    const json_t *rows; /* an array of rows; if `flat`, of numbers; NULL: the tensor is absent */
    bool flat;
    size_t count, width; /* of rows; if `flat`, set by tensorrt_find_logits() */
    size_t list;         /* index in answer->lists */
};

/* Find both tensors, and determine their common width.  False with *err set: there are several
 * beams, or the sizes do not fit the number of tokens. */
bool tensorrt_find_logits(struct engine_answer *answer, struct tensorrt_logits *context,
                          struct tensorrt_logits *generation, const struct tensorrt_lengths *told,
                          struct error *err);

/* Copy row `from` of a tensor to row `to` of answer->matrix.  False with *err set: a logit is not a
 * number. */
bool tensorrt_copy_row(struct engine_answer *answer, const struct tensorrt_logits *logits,
                       size_t from, size_t to, struct error *err);

#endif
