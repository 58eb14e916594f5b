/* meanings.c - whether the choices of a question mean different tokens. */
#include "api/routes/rank/meanings.h"

#include "api/base/arena_error.h"

#include <stdlib.h>
#include <string.h>

/* What a label of a choice means: a token that an engine lists, or else an id or a text. */
struct meaning {
    const struct label *label;
    size_t choice;
};

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_texts(const struct label *a, const struct label *b)
{
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return a->length == 0 ? 0 : memcmp(a->text, b->text, a->length);
}

static int compare_labels(const struct label *a, const struct label *b)
{
    if (a->listed != b->listed)
        return a->listed < b->listed ? -1 : 1;
    if (a->listed != LABEL_UNLISTED)
        return 0;
    return a->id != b->id ? order(a->id, b->id) : compare_texts(a, b);
}

/* Equal ones are in the order of the request. */
static int by_meaning(const void *a, const void *b)
{
    const struct meaning *of_a = a, *of_b = b;
    const int labels = compare_labels(of_a->label, of_b->label);

    if (labels != 0)
        return labels;
    return of_a->choice != of_b->choice ? order((int64_t)of_a->choice, (int64_t)of_b->choice)
                                        : order((int64_t)of_a->label->at, (int64_t)of_b->label->at);
}

static size_t count_labels(struct scored *const *choices, size_t count)
{
    size_t labels = 0;

    for (size_t i = 0; i < count; i++)
        labels += choices[i]->plan.labels->count;
    return labels;
}

static void collect(struct meaning *meanings, struct scored *const *choices, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < choices[i]->plan.labels->count; k++)
            *meanings++ = (struct meaning){&choices[i]->plan.labels->of[k], i};
}

static bool fail_same(const struct plan *plan, const struct meaning *meaning, size_t other,
                      struct error *err)
{
    const enum field field = plan->labels->field;
    const bool in_list =
        field != FIELD_tokens && json_is_array(member_of(&plan->path, field).value);

    return member_fail(&plan->path, field, in_list ? meaning->label->at : NO_ELEMENT,
                       ERR_OUT_OF_RANGE, err, "%s %zu means the same token",
                       other == meaning->choice ? "another label of choice" : "choice", other);
}

/* All choices are labels, or none is. */
static bool check_all(struct scored *const *choices, size_t count, struct error *err)
{
    const bool first = choices[0]->plan.labels != NULL;

    for (size_t i = 1; i < count; i++)
        if ((choices[i]->plan.labels != NULL) != first)
            return member_fail(
                &choices[first ? i : 0]->plan.path, FIELD_token, NO_ELEMENT, ERR_MISSING_MEMBER,
                err, "choice %zu is a token of one distribution: so must be all of its question",
                first ? 0 : i);
    return true;
}

bool meanings_check(struct scored *const *choices, size_t count, struct arena *arena,
                    struct error *err)
{
    const struct meaning *fault = NULL;
    struct meaning *meanings;
    size_t labels, other = 0;

    if (!check_all(choices, count, err))
        return false;
    if (!choices[0]->plan.labels)
        return true;
    labels = count_labels(choices, count);
    meanings = arena_new(arena, struct meaning, labels);
    if (!meanings)
        return arena_fail(arena, err);
    collect(meanings, choices, count);
    qsort(meanings, labels, sizeof *meanings, by_meaning);
    for (size_t i = 1; i < labels; i++) {
        if (compare_labels(meanings[i - 1].label, meanings[i].label) != 0
            || (fault && fault->choice <= meanings[i].choice))
            continue;
        fault = &meanings[i];
        other = meanings[i - 1].choice;
    }
    return !fault || fail_same(&choices[fault->choice]->plan, fault, other, err);
}
