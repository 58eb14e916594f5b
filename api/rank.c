/* rank.c - the choices of questions, ranked. */
#include "api/rank.h"

#include "core/count.h"

#include <math.h>

/* How long the text of a choice is, as far as that is told; 0 else. */
static struct counts counts_of_choice(const struct members *members)
{
    const json_t *text = members->of[FIELD_text].value, *given = members->of[FIELD_counts].value;

    if (text)
        return counts_of(json_string_value(text), json_string_length(text));
    return (struct counts){.characters =
                               (size_t)json_integer_value(json_object_get(given, "characters")),
                           .bytes = (size_t)json_integer_value(json_object_get(given, "bytes")),
                           .words = (size_t)json_integer_value(json_object_get(given, "words"))};
}

/* A choice, from its plan and from what is only about its rank. */
static struct choice choice_of(const struct plan *plan)
{
    const json_t *unconditional = plan->members.of[FIELD_unconditional].value;
    const struct tally tally = objective_tally(&plan->value[OBJECTIVE_conditional]);

    return (struct choice){.log_prob = tally.log_prob,
                           .tokens = tally.tokens,
                           .text = counts_of_choice(&plan->members),
                           .has_unconditional = unconditional != NULL,
                           .unconditional = json_is_string(unconditional)
                                                ? -HUGE_VAL
                                                : json_number_value(unconditional)};
}

bool question_is_right(const struct question *question, size_t index)
{
    const json_t *gold = question->gold;

    if (!json_is_array(gold))
        return (size_t)json_integer_value(gold) == index;
    for (size_t i = 0; i < json_array_size(gold); i++)
        if ((size_t)json_integer_value(json_array_get(gold, i)) == index)
            return true;
    return false;
}

/* The only right choice; false where there are several, or none is known. */
static bool only_right(const struct question *question, size_t *right)
{
    size_t count = 0;

    for (size_t i = 0; question->gold && i < question->count; i++) {
        if (!question_is_right(question, i))
            continue;
        *right = i;
        count++;
    }
    return count == 1;
}

/* `choice` and `probability`: room for those of the question. */
static void question_rank(struct question *question, const struct plan *plans,
                          struct choice *choice, double *probability)
{
    size_t right;

    question->choices = choice;
    for (size_t i = 0; i < question->count; i++)
        choice[i] = choice_of(&plans[i]);
    for (enum norm norm = 0; norm < NORM_COUNT; norm++)
        question->has_best[norm] =
            choices_best(choice, question->count, norm, &question->best[norm]);
    if (!choices_probabilities(choice, question->count, probability))
        return;
    question->probability = probability;
    question->has_brier = only_right(question, &right);
    if (question->has_brier)
        question->brier = choices_brier(probability, question->count, right);
}

/* A member of the question around a choice, or the request's as its default. */
static json_t *member_of(const struct members *choice, enum field field)
{
    json_t *value = NULL;

    for (size_t i = choice->holders - 1; !value && i > 0; i--)
        value = field_value(choice->holder[i - 1].object, field);
    return value;
}

/* The question that begins with a plan. */
static struct question question_of(const struct plan *plan, size_t first)
{
    const struct members *choice = &plan->members;

    return (struct question){.id = member_of(choice, FIELD_id),
                             .gold = member_of(choice, FIELD_gold),
                             .first = first,
                             .count = json_array_size(member_of(choice, FIELD_choices))};
}

bool ranking_make(struct ranking *ranking, const struct scores *scores, struct exchange *x)
{
    struct choice *choices = arena_new(&x->arena, struct choice, scores->count);
    double *probability = arena_new(&x->arena, double, scores->count);
    size_t count = 0;

    for (size_t i = 0; i < scores->count; count++)
        i += question_of(&scores->plans[i], i).count;
    *ranking = (struct ranking){scores, arena_new(&x->arena, struct question, count), 0};
    if (!choices || !probability || !ranking->questions)
        return arena_fail(&x->arena, &x->error);
    for (size_t i = 0; i < scores->count;) {
        struct question *question = &ranking->questions[ranking->count++];

        *question = question_of(&scores->plans[i], i);
        question_rank(question, &scores->plans[i], choices + i, probability + i);
        i += question->count;
    }
    return true;
}
