/* completions.h - POST /v1/completions: OpenAI's legacy shape, with logits beside the prompt.
 *
 * A prompt of N tokens comes with N rows of logits (N - 1 where nothing is appended); row t is
 * about token t + 1, as everywhere.  With echo the answer holds the log-probability of every token
 * of the prompt, the first one's null; with max_tokens 1 also the token that the last row says is
 * next.
 *
 * Rows are read, reduced and judged as for POST /v1/score, by the same plans: here they are made
 * from other members. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_H

#include "api/exchange/exchange.h"
#include "api/plan/plan_make.h"
#include "api/score/json_request.h"
#include "api/score/scores.h"

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
bool completions_read(struct completions *c, json_t *tree, struct envelope *envelope, bool *later,
                      struct error *err);

/* The first member that acts on rows of logits and begins behind `offset` of the body; NULL where
 * there is none. */
const char *completions_late(const struct envelope *body, size_t offset);

/* Plan what to do with the rows of a prompt, its `logits`. */
struct prompt_output {
    json_t *value;
    size_t owner; /* its place in the list of outputs; TOP_LEVEL: it is the only one */
};
enum plan_outcome completions_plan(struct plan *plan, const struct completions *c, size_t index,
                                   const struct prompt_output *output, struct planner *planner,
                                   struct error *err);

/* A request that is coming in. */
struct completions_request {
    struct json_request request;
    /* Once rows were too many to keep: what the members before them ask for, read once for all
     * outputs, since there may be very many. */
    bool asked;
    enum plan_outcome outcome;
    struct completions c;
    struct error err;
};

/* Decide what becomes of rows that are coming in; `route` is a struct completions_request. */
rows_decide_f completions_decide;

/* Carry out all plans. */
bool completions_score(struct scores *scores, const struct completions *c, struct planner *planner);

/* The answer. */
void completions_write(struct strbuf *text, const struct completions *c,
                       const struct scores *scores, const struct exchange *x);

#endif
