/* tensorrt_logits.h - rows of logits as TensorRT-LLM and Triton send them.
 *
 * Those of the prompt (context_logits) and of generated tokens (generation_logits) come as arrays
 * of rows, with one dimension more for beams, or flat; how wide the rows of a flat array are must
 * then follow from the tokens. */
#ifndef API_ENGINES_TENSORRT_LOGITS_H
#define API_ENGINES_TENSORRT_LOGITS_H

#include "api/engines/engine_answer.h"

/* How many tokens there are, as far as the answer tells; START_UNKNOWN: it does not. */
struct tensorrt_lengths {
    size_t prompt, generated;
    const char *list; /* whose length is that of what was generated */
};

/* An array of rows, in one dimension more (a single beam), or flat. */
struct tensorrt_logits {
    const char *name;
    const json_t *rows; /* arrays of numbers; where flat, of the numbers themselves; NULL: none */
    bool flat;
    size_t count, width; /* where flat, not known before tensorrt_find_logits() */
    size_t list;
};

/* An array of the answer, or else of the response; NULL where there is none, or it is empty.
 * *of_choice (which may be NULL): whether it is the answer's. */
json_t *tensorrt_find(const struct engine_answer *answer, const char *path, bool *of_choice);

/* Find the rows of the prompt and those of generated tokens, of one width. */
bool tensorrt_find_logits(struct engine_answer *answer, struct tensorrt_logits *context,
                          struct tensorrt_logits *generation, const struct tensorrt_lengths *told,
                          struct error *err);

/* Copy row `from` to row `to` of answer->matrix. */
bool tensorrt_copy_row(struct engine_answer *answer, const struct tensorrt_logits *logits,
                       size_t from, size_t to, struct error *err);

#endif
