/* pair_tokens.c - whether two models say something about the same tokens. */
#include "api/routes/compare/pair_tokens.h"

#include "api/plan/model_output.h"
#include "api/score/same_tokens.h"

bool pair_check_tokens(const struct pair *pair, struct error *err)
{
    const struct plan *a = &pair->model[0]->plan, *b = &pair->model[1]->plan;
    static const char first[] = "the first model";

    if (!same_tokens(a, b, first, err))
        return false;
    if (pair->objectives == 0)
        return member_fail(&b->path, model_output_field(b), NO_ELEMENT, ERR_NO_OBJECTIVE, err,
                           "the models have no objective in common, as only one of them tells the "
                           "prompt: give prompt_length");
    return same_split(a, b, first, err);
}
