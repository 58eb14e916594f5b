/* preference_lines.c - the totals of lines of requests to POST /v1/preference. */
#include "api/alignment/preference_lines.h"

#include "api/alignment/kept_keys.h"
#include "api/alignment/preference_reply.h"
#include "api/base/arena_error.h"
#include "api/base/json_writer.h"

/* A case with its completions: `is` points to them when all lines are there. */
struct kept_case {
    struct preference_case is;
    struct preference_completion first, second; /* second: the rejected or mismatched one */
};

/* Cases of a form, in the order of lines. */
struct kept_cases {
    struct kept_case *of;
    size_t count, capacity;
};

/* What a line means by a key. */
struct meaning {
    const struct preference_objective *objective;
    struct parameters values;
};

struct preference_lines {
    struct exchange *x; /* the whole request */
    struct kept_cases of_form[2];
    struct kept_keys keys;
};

struct preference_lines *preference_lines_make(struct exchange *x)
{
    struct preference_lines *lines = arena_new(&x->arena, struct preference_lines, 1);

    if (!lines) {
        arena_fail(&x->arena, &x->error);
        return NULL;
    }
    lines->x = x;
    lines->keys.arena = &x->arena;
    return lines;
}

/* ---- lines ---- */

static bool keep_cases(struct kept_cases *kept, const struct cases *cases, struct arena *arena)
{
    struct kept_case *room =
        kept_grow(arena, kept->of, &kept->capacity, kept->count + cases->count, sizeof *room);

    if (!room)
        return false;
    kept->of = room;
    for (size_t i = 0; i < cases->count; i++) {
        const struct preference_case *one = &cases->of[i];
        const struct preference_completion *second =
            one->rejected ? one->rejected : one->mismatched;

        room[kept->count].is = *one;
        room[kept->count].first = *one->chosen;
        if (second)
            room[kept->count].second = *second;
        kept->count++;
    }
    return true;
}

/* Whether a parameter has the same value, or is absent in both where it has no default. */
static bool same_value(const struct parameter_use *use, const struct parameters *a,
                       const struct parameters *b)
{
    const struct parameter_value *p = &a->of[use->parameter], *q = &b->of[use->parameter];

    return p->number == q->number && p->counted == q->counted
           && (!p->counted || p->count == q->count) && (!use->no_default || p->given == q->given);
}

static bool same_meaning(const void *one, const void *other)
{
    const struct meaning *a = one, *b = other;
    const struct parameter_use *use = a->objective->head.uses;

    if (a->objective != b->objective)
        return false;
    while (use->parameter != PARAMETER_NONE && same_value(use, &a->values, &b->values))
        use++;
    return use->parameter == PARAMETER_NONE;
}

bool preference_lines_add(struct preference_lines *lines, const struct verdicts *verdicts,
                          struct exchange *x)
{
    struct arena *arena = &lines->x->arena;
    struct kept_cases *kept = &lines->of_form[verdicts->cases.of_examples];
    const struct kept_run run = {kept->count, verdicts->cases.count};

    if (!work_charge_each(&x->work, lines->keys.count + 1, verdicts->count, &x->error))
        return false;
    if (!keep_cases(kept, &verdicts->cases, arena))
        return arena_fail(arena, &x->error);
    for (size_t i = 0; i < verdicts->count; i++) {
        const struct verdict *verdict = &verdicts->of[i];
        const struct meaning value = {verdict->question.objective, *verdict->question.values};
        const struct kept_meaning meaning = {&value, sizeof value, same_meaning};

        if (!kept_keys_add(&lines->keys, verdict->key, verdict->key_length, &meaning, run))
            return arena_fail(arena, &x->error);
    }
    return true;
}

/* ---- the last line ---- */

/* All cases of a form, which were kept. */
static bool lay_cases(struct kept_cases *kept, struct cases *cases, bool of_examples,
                      struct arena *arena)
{
    *cases = (struct cases){.of_examples = of_examples,
                            .of = arena_new(arena, struct preference_case, kept->count),
                            .count = kept->count};
    for (size_t i = 0; cases->of && i < kept->count; i++) {
        struct kept_case *one = &kept->of[i];

        one->is.chosen = &one->first;
        if (one->is.rejected)
            one->is.rejected = &one->second;
        if (one->is.mismatched)
            one->is.mismatched = &one->second;
        cases->of[i] = one->is;
    }
    return cases->of != NULL;
}

/* Write the totals of a key.  What is needed for it is given back. */
static bool put_key(struct strbuf *text, const struct kept_key *key, const struct cases *all,
                    struct exchange *x)
{
    const struct meaning *meaning = key->meaning;
    struct verdict verdict = {.question = {meaning->objective, &meaning->values}};
    struct cases cases = *all;
    struct arena arena;
    bool good;

    arena_nest(&arena, &x->arena);
    cases.of = kept_key_pick(key, all->of, sizeof *cases.of, &cases.count, &arena);
    good = (cases.of || arena_fail(&arena, &x->error))
           && verdict_evaluate(&verdict, &cases, &arena, x);
    if (good)
        preference_reply_total(text, &verdict, cases.of_examples);
    arena_release(&arena);
    return good;
}

/* Write the totals of all keys.  `all`: the pairs, and the examples. */
static bool put_keys(struct strbuf *text, const struct preference_lines *lines,
                     const struct cases all[2])
{
    for (size_t i = 0; i < lines->keys.count; i++) {
        const struct kept_key *key = &lines->keys.of[i];
        const struct meaning *meaning = key->meaning;
        const bool of_examples = meaning->objective->form == PREFERENCE_OF_EXAMPLES;

        strbuf_puts(text, i > 0 ? "," : "");
        strbuf_string(text, key->key, key->length);
        strbuf_puts(text, ":");
        if (key->mixed)
            strbuf_puts(text, "null");
        else if (!put_key(text, key, &all[of_examples], lines->x))
            return false;
    }
    return true;
}

static void put_counts(struct strbuf *text, const struct preference_lines *lines,
                       const struct cases all[2])
{
    if (lines->of_form[0].count > 0 || lines->of_form[1].count == 0)
        preference_reply_counts(text, &all[0]);
    if (lines->of_form[1].count > 0)
        preference_reply_counts(text, &all[1]);
}

void preference_lines_write(struct strbuf *text, struct preference_lines *lines)
{
    struct exchange *x = lines->x;
    struct cases all[2];

    for (size_t form = 0; form < 2; form++)
        if (!lay_cases(&lines->of_form[form], &all[form], form == 1, &x->arena)) {
            arena_fail(&x->arena, &x->error);
            return;
        }
    put_counts(text, lines, all);
    put_name(text, "objectives");
    strbuf_puts(text, "{");
    if (put_keys(text, lines, all))
        strbuf_puts(text, "}");
}
