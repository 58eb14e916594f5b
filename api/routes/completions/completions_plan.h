/* completions_plan.h - plans of the rows that come with prompts. */
#ifndef API_ROUTES_COMPLETIONS_COMPLETIONS_PLAN_H
#define API_ROUTES_COMPLETIONS_COMPLETIONS_PLAN_H

#include "api/plan/plan_make.h"
#include "api/routes/completions/completions_read.h"
#include "api/score/json_request.h"

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

#endif
