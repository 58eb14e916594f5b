/* verdicts.h - the objectives that a request asks for, evaluated over its cases. */
#ifndef API_ROUTES_PREFERENCE_VERDICTS_H
#define API_ROUTES_PREFERENCE_VERDICTS_H

#include "core/preference_result.h"

#include "api/members/asked_objectives.h"
#include "api/routes/preference/cases.h"

/* An objective over all cases. */
struct verdict {
    struct preference_question question;
    const char *key; /* in the answer */
    size_t key_length;
    struct preference_figures *figures; /* of each case */
    struct preference_totals totals;
};

struct verdicts {
    const struct scores *scores;
    struct cases cases;
    struct verdict *of;
    size_t count;
    bool reference_free; /* some objective takes a reference that is not given as 0 */
};

/* Evaluate the objectives of a scored request.  False with x->error set: an objective is not
 * defined for a case, or members do not go together, or memory or work is used up. */
bool verdicts_make(struct verdicts *verdicts, const struct scores *scores, json_t *request,
                   struct exchange *x);

#endif
