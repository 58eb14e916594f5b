/* ranking.c - the choices of questions, ranked. */
#include "api/routes/rank/ranking.h"

#include "api/base/arena_error.h"

#include <math.h>

/* How long the text of a choice is, as far as that is told; 0 else. */
static struct counts counts_of_choice(const struct scored *scored)
{
    const struct text_sizes *sizes = &scored->plan.sizes[SEGMENT_WHOLE];

    return (struct counts){.characters = sizes->of[UNIT_CHARACTERS],
                           .bytes = sizes->of[UNIT_BYTES],
                           .words = sizes->of[UNIT_WORDS]};
}

/* A choice, from its score and from what is only about its rank. */
static struct choice choice_of(const struct scored *scored)
{
    const json_t *unconditional = member_of(&scored->plan.path, FIELD_unconditional).value;
    const struct tally tally = objective_tally(&scored->result.value[OBJECTIVE_conditional]);

    return (struct choice){.log_prob = tally.log_prob,
                           .tokens = tally.tokens,
                           .text = counts_of_choice(scored),
                           .has_unconditional = unconditional != NULL,
                           .unconditional = json_is_string(unconditional)
                                                ? -HUGE_VAL
                                                : json_number_value(unconditional)};
}

/* Mark the right choices, of which fields_rank.c has seen that they are there. */
static void mark_right(const json_t *gold, bool *right)
{
    if (!json_is_array(gold))
        right[json_integer_value(gold)] = true;
    for (size_t i = 0; i < json_array_size(gold); i++)
        right[json_integer_value(json_array_get(gold, i))] = true;
}

/* The only right choice; false where there are several, or none is known. */
static bool only_right(const struct question *question, size_t *right)
{
    size_t count = 0;

    for (size_t i = 0; question->right && i < question->count; i++) {
        if (!question->right[i])
            continue;
        *right = i;
        count++;
    }
    return count == 1;
}

/* `choice` and `probability`: room for those of the question. */
static void question_rank(struct question *question, struct scored *const *sequences,
                          struct choice *choice, double *probability)
{
    size_t right;

    question->choices = choice;
    for (size_t i = 0; i < question->count; i++)
        choice[i] = choice_of(sequences[i]);
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
static json_t *question_member(const struct scored *choice, enum field field)
{
    struct sequence_path question = choice->plan.path;

    question.count--;
    return member_of(&question, field).value;
}

static size_t choice_count(const struct scored *first)
{
    return json_array_size(question_member(first, FIELD_choices));
}

/* The question that begins with a choice; `right`: room for a mark of each of its choices. */
static struct question question_of(const struct scored *scored, size_t first, bool *right)
{
    const json_t *gold = question_member(scored, FIELD_gold);

    if (gold)
        mark_right(gold, right);
    return (struct question){.id = question_member(scored, FIELD_id),
                             .right = gold ? right : NULL,
                             .first = first,
                             .count = choice_count(scored)};
}

bool ranking_make(struct ranking *ranking, const struct scores *scores, struct exchange *x)
{
    struct choice *choices = arena_new(&x->arena, struct choice, scores->count);
    double *probability = arena_new(&x->arena, double, scores->count);
    bool *right = arena_new(&x->arena, bool, scores->count);
    size_t count = 0;

    for (size_t i = 0; i < scores->count; count++)
        i += choice_count(scores->sequences[i]);
    *ranking = (struct ranking){scores, arena_new(&x->arena, struct question, count), 0};
    if (!choices || !probability || !right || !ranking->questions)
        return arena_fail(&x->arena, &x->error);
    for (size_t i = 0; i < scores->count;) {
        struct question *question = &ranking->questions[ranking->count++];

        *question = question_of(scores->sequences[i], i, right + i);
        question_rank(question, scores->sequences + i, choices + i, probability + i);
        i += question->count;
    }
    return true;
}
