/* inputs.c - whether the cases of a request have what its objectives need. */
#include "api/alignment/inputs.h"

#include "api/base/json_place.h"
#include "api/members/field.h"

/* The arguments of inputs_check(), for the functions below. */
struct checking {
    const struct preference_question *question;
    const struct asked_objective *asked;
    const struct cases *cases;
    json_t *request;
    struct error *err;
};

static const char *name_of(const struct checking *checking)
{
    return checking->question->objective->head.name;
}

/* The words for what a case lacks. */
static const char *words(unsigned lack)
{
    switch ((enum preference_need)lack) {
    case NEEDS_POLICY:
        return "the policy of every completion";
    case NEEDS_REFERENCE:
        return "the reference of every completion, or reference_free";
    case NEEDS_TOKENS:
        return "how many tokens every completion has: give tokens beside log_prob";
    case NEEDS_REWARD:
        return "the reward of every completion";
    case NEEDS_CHOSEN_TOKENS:
        return "how many tokens the chosen completion has, for its NLL: give tokens beside "
               "log_prob";
    case NEEDS_JOINT:
        return "the log-probabilities of the prompt, for a joint nll (which must be asked for "
               "before "
               "rows that stream)";
    case NEEDS_KL:
        break;
    }
    return "kl, or mismatched completions";
}

static bool fail(const struct checking *checking, size_t index, const char *what)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "objectives");

    return fail_at(checking->err, ERR_NO_OBJECTIVE, &ELEMENT(&list, checking->asked->element),
                   "%s needs %s, and %s %zu lacks it", name_of(checking), what,
                   checking->cases->of_examples ? "example" : "pair",
                   checking->cases->source[index].index);
}

static bool check_form(const struct checking *checking)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "objectives");
    const bool of_examples = checking->question->objective->form == PREFERENCE_OF_EXAMPLES;

    return of_examples == checking->cases->of_examples
           || fail_at(checking->err, ERR_NO_OBJECTIVE, &ELEMENT(&list, checking->asked->element),
                      "%s is of %s, and there are %s", name_of(checking),
                      of_examples ? "examples" : "pairs", of_examples ? "pairs" : "examples");
}

/* ---- kl ---- */

/* A member of the element that asks for the objective, or of the request. */
static bool fail_kl(const struct checking *checking, enum error_code code, const char *detail)
{
    const json_t *list = json_object_get(checking->request, "objectives");
    const json_t *element = json_array_get(list, checking->asked->element);
    const struct json_place root = ROOT, at_list = MEMBER(&root, "objectives");
    const struct json_place at_element = ELEMENT(&at_list, checking->asked->element);
    const char *name = parameter_info(PARAMETER_kl)->name;
    const bool is_own = json_object_get(element, name) != NULL;

    return fail_at(checking->err, code, &MEMBER(is_own ? &at_element : &root, name), "%s", detail);
}

/* k is given, or estimated from mismatched completions. */
static bool check_kl(const struct checking *checking)
{
    const bool given = checking->question->values->of[PARAMETER_kl].given;
    bool mismatched = false;

    if (!(checking->question->objective->needs & NEEDS_KL))
        return true;
    for (size_t i = 0; i < checking->cases->count; i++)
        mismatched |= checking->cases->of[i].mismatched != NULL;
    if (given && mismatched)
        return fail_kl(checking, ERR_CONFLICT, "kl and mismatched exclude each other");
    return given || mismatched
           || fail_kl(checking, ERR_MISSING_MEMBER,
                      "kto needs kl, or examples with mismatched to estimate it");
}

/* ---- a loss of quantiles ---- */

/* Such a loss is of all pairs alike. */
static bool check_weights(const struct checking *checking)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "pairs");

    for (size_t i = 0; checking->question->objective->quantile_loss && i < checking->cases->count;
         i++) {
        const struct json_place pair = ELEMENT(&list, checking->cases->source[i].index);
        const json_t *object = json_array_get(json_object_get(checking->request, "pairs"),
                                              checking->cases->source[i].index);

        if (checking->cases->of[i].weight != 1)
            return fail_at(checking->err, ERR_CONFLICT,
                           &MEMBER(json_object_get(object, "weight") ? &pair : &root, "weight"),
                           "the loss of %s belongs to a quantile, and not to a pair: its pairs "
                           "have no weight",
                           name_of(checking));
    }
    return true;
}

/* ---- every case ---- */

static bool check_case(const struct checking *checking, size_t index, unsigned needs)
{
    const struct preference_case *one = &checking->cases->of[index];
    unsigned lack = preference_lack(one, needs);

    if (lack == 0 && (needs & NEEDS_KL) && one->mismatched) {
        const struct preference_case other = {.chosen = one->mismatched};

        lack = preference_lack(&other, needs);
    }
    return lack == 0 || fail(checking, index, words(lack));
}

bool inputs_check(const struct preference_question *question, const struct asked_objective *asked,
                  const struct cases *cases, json_t *request, struct error *err)
{
    const struct checking checking = {question, asked, cases, request, err};
    const unsigned needs = preference_needs(question);

    if (!check_form(&checking) || !check_kl(&checking) || !check_weights(&checking))
        return false;
    for (size_t i = 0; i < cases->count; i++)
        if (!check_case(&checking, i, needs))
            return false;
    return true;
}
