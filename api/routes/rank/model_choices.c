/* model_choices.c - which choice each of the scored sequences is. */
#include "api/routes/rank/model_choices.h"

#include "api/base/arena_error.h"

/* The kinds of objects in body_layout_choices. */
enum { KIND_CHOICE = 2, KIND_MODEL = 3 };

/* The object of a kind on the path to a sequence.  NULL: there is none. */
static const struct holder *holder_of(const struct scored *scored, size_t kind)
{
    const struct sequence_path *path = &scored->plan.path;
    size_t level = path->count;

    while (level > 0 && path->holder[level - 1].kind != kind)
        level--;
    return level > 0 ? &path->holder[level - 1] : NULL;
}

static size_t model_of(const struct scored *scored)
{
    const struct holder *model = holder_of(scored, KIND_MODEL);

    return model ? model->index : 0;
}

const struct holder *choice_holder(const struct scored *scored)
{
    return holder_of(scored, KIND_CHOICE);
}

struct sequence_path choice_question(const struct scored *scored)
{
    struct sequence_path question = scored->plan.path;

    question.count = choice_holder(scored)->in + 1;
    return question;
}

size_t model_choices_models(const struct scores *scores)
{
    return holder_of(scores->sequences[0], KIND_MODEL) ? MOST_MODELS : 1;
}

bool model_choices_make(struct model_choices *of, const struct scores *scores, size_t model,
                        struct exchange *x)
{
    *of = (struct model_choices){.choices = arena_new(&x->arena, struct scored *, scores->count)};
    if (!of->choices)
        return arena_fail(&x->arena, &x->error);
    for (size_t i = 0; i < scores->count; i++)
        if (model_of(scores->sequences[i]) == model)
            of->choices[of->count++] = scores->sequences[i];
    return true;
}
