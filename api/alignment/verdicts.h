/* verdicts.h - the objectives that a request asks for, evaluated over its cases. */
#ifndef API_ALIGNMENT_VERDICTS_H
#define API_ALIGNMENT_VERDICTS_H

#include "core/preference_result.h"

#include "api/alignment/cases.h"
#include "api/members/asked_objectives.h"

/* An objective over all cases. */
struct verdict {
    struct preference_question question;
    const char *key; /* in the answer */
    size_t key_length;
    struct preference_figures *figures; /* of each case */
    struct preference_totals totals;
};

struct verdicts {
    const char *model; /* NULL: not given */
    size_t model_length;
    struct cases cases;
    struct verdict *of;
    size_t count;
    bool reference_free; /* some objective takes a reference that is not given as 0 */
};

/* Evaluate the objectives that the members of a request ask for.  False with x->error set: one is
 * not defined for a case, or members do not go together, or memory or work is used up. */
bool verdicts_make(struct verdicts *verdicts, const struct cases *cases, json_t *request,
                   struct exchange *x);

/* Evaluate one whose question is set; memory is taken from `arena`.  False with x->error set. */
bool verdict_evaluate(struct verdict *verdict, const struct cases *cases, struct arena *arena,
                      struct exchange *x);

#endif
