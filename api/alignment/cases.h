/* cases.h - the completions of a request, and the pairs or examples that are made of them. */
#ifndef API_ALIGNMENT_CASES_H
#define API_ALIGNMENT_CASES_H

#include "core/preference.h"

#include "api/exchange/api.h"
#include "api/score/scores.h"

/* The outputs of a completion.  NULL: it has none. */
struct case_outputs {
    const struct scored *policy, *reference;
};

/* Where a case is from. */
struct case_source {
    json_t *id;              /* NULL: none */
    size_t index;            /* of the pair or example in the request */
    size_t chosen, rejected; /* the indices of its completions in their lists */

    struct case_outputs chosen_outputs, rejected_outputs;
};

struct cases {
    bool of_examples;
    struct preference_case *of; /* every combination of a pair's completions, or the examples */
    struct case_source *source; /* of each */
    size_t count;
};

/* Make the cases of a scored request.  False with x->error set: policy and reference tell different
 * numbers of tokens, or another than the completion, an option needs logits and a sum is given, or
 * memory is used up. */
bool cases_make(struct cases *cases, const struct scores *scores, json_t *request,
                struct exchange *x);

#endif
