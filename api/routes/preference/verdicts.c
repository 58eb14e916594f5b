/* verdicts.c - the objectives that a request asks for, evaluated over its cases. */
#include "api/routes/preference/verdicts.h"

#include "api/base/arena_error.h"
#include "api/routes/preference/inputs.h"
#include "core/preferences.h"

/* The objective of a request that names none. */
static enum preference_id default_of(const struct cases *cases)
{
    bool rewards = true;

    if (cases->of_examples)
        return PREFERENCE_kto;
    for (size_t i = 0; i < cases->count; i++) {
        const struct preference_completion *c = cases->of[i].chosen, *j = cases->of[i].rejected;

        rewards = rewards && c->has_reward && j->has_reward && !c->has_policy && !j->has_policy;
    }
    return rewards ? PREFERENCE_bradley_terry : PREFERENCE_sigmoid;
}

static bool read_asked(struct asked_objectives *asked, const struct cases *cases, json_t *request,
                       struct exchange *x)
{
    const size_t defaults[] = {default_of(cases)};

    return asked_objectives_read(asked, &family_preference, request, defaults, 1, &x->arena,
                                 &x->error);
}

static bool make_scratch(struct preference_scratch *scratch, size_t count, struct arena *arena)
{
    scratch->weight = arena_new(arena, double, count);
    scratch->column = arena_new(arena, struct wide, count);
    scratch->x = arena_new(arena, struct wide, count);
    scratch->y = arena_new(arena, struct wide, count);
    return scratch->weight && scratch->column && scratch->x && scratch->y;
}

static bool take(struct verdicts *verdicts, const struct asked_objective *asked, json_t *request,
                 struct exchange *x)
{
    struct verdict *verdict = &verdicts->of[verdicts->count++];

    *verdict = (struct verdict){
        .question = {preference_at(asked->index), &asked->parameters},
        .key = asked->key,
        .key_length = asked->key_length,
        .figures = arena_new(&x->arena, struct preference_figures, verdicts->cases.count)};
    verdicts->reference_free |= parameter_is_set(&asked->parameters, PARAMETER_reference_free);
    if (!verdict->figures)
        return arena_fail(&x->arena, &x->error);
    return inputs_check(&verdict->question, asked, &verdicts->cases, request, &x->error);
}

static bool evaluate(struct verdicts *verdicts, struct exchange *x)
{
    const struct preference_batch batch = {verdicts->cases.of, verdicts->cases.count};
    struct preference_scratch scratch;

    if (!make_scratch(&scratch, batch.count, &x->arena))
        return arena_fail(&x->arena, &x->error);
    for (size_t i = 0; i < verdicts->count; i++) {
        struct verdict *verdict = &verdicts->of[i];

        if (!work_charge_each(&x->work, batch.count, WORK_PREFERENCE, &x->error))
            return false;
        preference_evaluate(&verdict->question, &batch, &scratch, verdict->figures,
                            &verdict->totals);
    }
    return true;
}

bool verdicts_make(struct verdicts *verdicts, const struct scores *scores, json_t *request,
                   struct exchange *x)
{
    struct asked_objectives asked;

    *verdicts = (struct verdicts){.scores = scores};
    if (!cases_make(&verdicts->cases, scores, request, x)
        || !read_asked(&asked, &verdicts->cases, request, x))
        return false;
    verdicts->of = arena_new(&x->arena, struct verdict, asked.count);
    if (!verdicts->of)
        return arena_fail(&x->arena, &x->error);
    for (size_t i = 0; i < asked.count; i++)
        if (!take(verdicts, &asked.of[i], request, x))
            return false;
    return evaluate(verdicts, x);
}
