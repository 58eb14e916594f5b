/* asked.h - what a request asks of two models beside the comparison of their tokens.
 *
 * All of it needs rows of both models, but for a teacher whose likeliest tokens are given. */
#ifndef API_ROUTES_COMPARE_ASKED_H
#define API_ROUTES_COMPARE_ASKED_H

#include "core/distillation.h"

#include "api/plan/plan.h"

struct asked {
    bool distils; /* the member distillation */
    struct distillation distillation;
    const json_t *likeliest; /* top_logprobs of a; NULL: not given */
    bool crosses;            /* the detail cross_entropy */
    size_t drafts;           /* G of the detail speculative:G; 0: not asked */
};

/* The details that were parsed last, of each level of objects: many sequences may share a long
 * list. */
struct asked_details {
    struct {
        const json_t *list; /* NULL: none yet */
        bool crosses;
        size_t drafts;
    } at[LAYOUT_LEVELS];
};

/* Read what is asked of the models of a sequence.  False with *err set: it cannot be answered, or
 * its members do not go together. */
bool asked_read(struct asked *asked, const struct plan *a, const struct plan *b,
                struct asked_details *details, struct error *err);

/* Whether rows of both models are to be compared by more than their divergences. */
static inline bool asked_of_rows(const struct asked *asked)
{
    return (asked->distils && !asked->likeliest) || asked->crosses || asked->drafts > 0;
}

/* Whether both ask the same of rows. */
bool asked_is_same(const struct asked *one, const struct asked *other);

#endif
