/* completions_read.h - reads the members of a request to POST /v1/completions. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_READ_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_READ_H

#include "api/body/body.h"

/* What a request asks for. */
struct completions {
    const char *model;               /* NULL: not given */
    size_t model_length;             /* in bytes */
    json_t *prompt, *logits, *dtype; /* dtype: NULL if not given */
    bool batch;                      /* `prompt` is an array of prompts */
    size_t count;                    /* number of prompts */
    bool echo;
    size_t appended; /* max_tokens, 0 or 1 */
    bool wants;      /* asks for log-probabilities */
    size_t top;      /* number of the most likely tokens */
};

/* Check and read the members that have arrived, in body order.  False with *err set; *later is set
 * too if a member is missing. */
bool completions_read(struct completions *c, json_t *tree, struct body *body, bool *later,
                      struct error *err);

/* The first member that acts on rows of logits and begins after `offset` in the body.  NULL:
 * none. */
const char *completions_late(const struct body *body, size_t offset);

#endif
