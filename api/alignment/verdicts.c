/* verdicts.c - the objectives that a request asks for, evaluated over its cases. */
#include "api/alignment/verdicts.h"

#include "api/alignment/inputs.h"
#include "api/base/arena_error.h"
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

static bool evaluate(struct verdict *verdict, const struct cases *cases,
                     const struct preference_scratch *scratch, struct arena *arena,
                     struct exchange *x)
{
    const struct preference_batch batch = {cases->of, cases->count};

    if (!work_charge_each(&x->work, batch.count, WORK_PREFERENCE, &x->error))
        return false;
    verdict->figures = arena_new(arena, struct preference_figures, batch.count);
    if (!verdict->figures)
        return arena_fail(arena, &x->error);
    preference_evaluate(&verdict->question, &batch, scratch, verdict->figures, &verdict->totals);
    return true;
}

bool verdict_evaluate(struct verdict *verdict, const struct cases *cases, struct arena *arena,
                      struct exchange *x)
{
    struct preference_scratch scratch;

    return make_scratch(&scratch, cases->count, arena)
               ? evaluate(verdict, cases, &scratch, arena, x)
               : arena_fail(arena, &x->error);
}

static bool take(struct verdicts *verdicts, const struct asked_objective *asked, json_t *request,
                 struct exchange *x)
{
    struct verdict *verdict = &verdicts->of[verdicts->count++];

    *verdict = (struct verdict){.question = {preference_at(asked->index), &asked->parameters},
                                .key = asked->key,
                                .key_length = asked->key_length};
    verdicts->reference_free |= parameter_is_set(&asked->parameters, PARAMETER_reference_free);
    return inputs_check(&verdict->question, asked, &verdicts->cases, request, &x->error);
}

bool verdicts_make(struct verdicts *verdicts, const struct cases *cases, json_t *request,
                   struct exchange *x)
{
    const json_t *model = field_value(request, FIELD_model);
    struct asked_objectives asked;
    struct preference_scratch scratch;

    *verdicts = (struct verdicts){.model = json_string_value(model),
                                  .model_length = json_string_length(model),
                                  .cases = *cases};
    if (!read_asked(&asked, cases, request, x))
        return false;
    verdicts->of = arena_new(&x->arena, struct verdict, asked.count);
    if (!verdicts->of || !make_scratch(&scratch, cases->count, &x->arena))
        return arena_fail(&x->arena, &x->error);
    for (size_t i = 0; i < asked.count; i++)
        if (!take(verdicts, &asked.of[i], request, x))
            return false;
    for (size_t i = 0; i < verdicts->count; i++)
        if (!evaluate(&verdicts->of[i], cases, &scratch, &x->arena, x))
            return false;
    return true;
}
