/* completions.h - POST /v1/completions: OpenAI's legacy shape, with logits beside the prompt.
 *
 * A prompt of N tokens comes with N rows of logits (N - 1 where nothing is appended); row t is
 * about token t + 1, as everywhere.  With echo the answer holds the log-probability of every token
 * of the prompt, the first one's null; with max_tokens 1 also the token that the last row says is
 * next.
 *
 * Rows are read, reduced and judged as for POST /v1/score, by the same plans: here they are made
 * from other members.  Plans name faults by the places of /v1/score; completions_relocate() says
 * where that is in this request. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_H

#include "api/exchange/exchange.h"
#include "api/score/early_rows.h"
#include "api/score/score.h"

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

/* Judge the members of a request, as far as they have come, in body order. */
bool completions_read(struct completions *c, json_t *tree, struct envelope *envelope,
                      struct error *err);

/* Plan what to do with the rows of a prompt, its `logits`. */
bool completions_plan(struct plan *plan, const struct completions *c, size_t index,
                      const struct member *logits, struct envelope *envelope, struct arena *arena,
                      struct error *err);

/* ... while they arrive. */
early_rows_make_f completions_early;

/* Carry out all plans. */
bool completions_score(struct scores *scores, const struct completions *c,
                       struct envelope *envelope, struct exchange *x);

/* Point from /sequences/1/tokens/5 to /prompt/1/5, from /tokens/5 to /prompt/5, and from
 * /sequences/1/logits to /logits/1. */
void completions_relocate(struct error *err);

/* The answer. */
void completions_write(struct strbuf *text, const struct completions *c,
                       const struct scores *scores, const struct exchange *x);

#endif
