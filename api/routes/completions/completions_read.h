/* completions_read.h - the members of a request to POST /v1/completions. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_READ_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_READ_H

#include "api/body/body.h"

/* What a request asks for. */
struct completions {
    const char *model; /* NULL: not given */
    size_t model_length;
    json_t *prompt, *logits, *dtype; /* dtype: NULL where not given */
    bool batch;                      /* the prompt is an array of prompts */
    size_t count;                    /* of prompts */
    bool echo;
    size_t appended; /* max_tokens, 0 or 1 */
    bool wants;      /* log-probabilities */
    size_t top;      /* of the best tokens */
};

/* Judge the members of a request, as far as they have come, in body order.  *later is set where one
 * is missing. */
bool completions_read(struct completions *c, json_t *tree, struct body *body, bool *later,
                      struct error *err);

/* The first member that acts on rows of logits and begins behind `offset` of the body; NULL where
 * there is none. */
const char *completions_late(const struct body *body, size_t offset);

#endif
