/* completions_plan.h - makes plans for the rows of prompts. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_PLAN_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_PLAN_H

#include "api/plan/plan_make.h"
#include "api/routes/completions/completions_read.h"
#include "api/score/json_request.h"

/* The output for a prompt: its element of `logits`, or `logits` itself. */
struct prompt_output {
    json_t *value;
    size_t owner; /* its index in the list of outputs; TOP_LEVEL: it is the only one */
};
/* Make the plan for the rows of prompt `index`.  PLAN_LATER: part of an encoded tensor is missing.
 * PLAN_NEVER: *err is set. */
enum plan_outcome completions_plan(struct plan *plan, const struct completions *c, size_t index,
                                   const struct prompt_output *output, struct planner *planner,
                                   struct error *err);

/* A request that is arriving. */
struct completions_request {
    struct json_request request;
    /* The members before the rows, read when the rows became too many to keep.  They are read once,
     * since there may be very many outputs. */
    bool asked;
    enum plan_outcome outcome;
    struct completions c;
    struct error err;
};

/* The callback of struct body_use: decide what to do with the rows of scan->open.  `route` is a
 * struct completions_request. */
rows_decide_f completions_decide;

#endif
