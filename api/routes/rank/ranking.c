/* ranking.c - ranks the choices of questions. */
#include "api/routes/rank/ranking.h"

#include "core/exact_sum.h"
#include "core/objectives.h"

#include "api/base/arena_error.h"
#include "api/members/gold.h"
#include "api/routes/rank/meanings.h"

#include <math.h>

/* The lengths of the text of a choice.  0: not known. */
static struct counts counts_of_choice(const struct scored *scored)
{
    const struct text_sizes *sizes = &scored->plan.sizes[SEGMENT_WHOLE];

    return (struct counts){.characters = sizes->of[UNIT_CHARACTERS],
                           .bytes = sizes->of[UNIT_BYTES],
                           .words = sizes->of[UNIT_WORDS]};
}

/* What the rounded sum of a choice's log-probabilities lacks. */
static double rest_of(const struct scored *scored, struct scaled log_prob)
{
    const struct plan *plan = &scored->plan;
    struct exact_sum sum;

    if (plan->labels || log_prob.exponent != 0 || isinf(log_prob.value))
        return 0;
    exact_sum_clear(&sum);
    exact_sum_add(&sum, -log_prob.value);
    for (size_t i = 0; i < plan->length; i++)
        if (scored_has(scored, objective_at(OBJECTIVE_conditional), i))
            exact_sum_add(&sum, scored->result.log_prob[i]);
    return exact_sum_double(&sum);
}

/* A choice: its log-probability, and the members that only affect its rank. */
static struct choice choice_of(const struct scored *scored)
{
    const json_t *unconditional = member_of(&scored->plan.path, FIELD_unconditional).value;
    const json_t *value = member_of(&scored->plan.path, FIELD_value).value;
    const struct tally tally = scored_tally(scored, OBJECTIVE_conditional);

    return (struct choice){.log_prob = scaled_double(tally.log_prob),
                           .beyond = tally.log_prob,
                           .rest = rest_of(scored, tally.log_prob),
                           .bound = scored->plan.labels && scored->plan.labels->floor,
                           .tokens = tally.tokens,
                           .text = counts_of_choice(scored),
                           .has_unconditional = unconditional != NULL,
                           .unconditional = json_is_string(unconditional)
                                                ? -HUGE_VAL
                                                : json_number_value(unconditional),
                           .has_value = value != NULL,
                           .value = json_number_value(value)};
}

/* The index of the right choice.  False: there are several, or none is known. */
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

/* Rank the choices of a question.  `choice` and `probability` have room for all of them. */
static void question_rank(struct question *question, struct scored *const *sequences,
                          struct choice *choice, double *probability)
{
    size_t right;

    question->choices = choice;
    for (size_t i = 0; i < question->count; i++) {
        choice[i] = choice_of(sequences[i]);
        question->has_values |= choice[i].has_value;
    }
    question->has_mass = sequences[0]->plan.labels != NULL;
    question->mass = question->has_mass ? choices_mass(choice, question->count) : 0;
    question->has_expected = choices_expected(choice, question->count, &question->expected);
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

/* A member of the question around a choice, or its default from the request. */
static json_t *question_member(const struct scored *choice, enum field field)
{
    const struct sequence_path question = choice_question(choice);

    return member_of(&question, field).value;
}

static size_t choice_count(const struct scored *first)
{
    return json_array_size(question_member(first, FIELD_choices));
}

/* Make the question whose first choice is `first`.  `right` has room for a mark of each choice. */
static bool question_make(struct question *question, const struct scored *scored, size_t first,
                          bool *right, struct exchange *x)
{
    const json_t *gold = question_member(scored, FIELD_gold);

    *question = (struct question){.id = question_member(scored, FIELD_id),
                                  .right = gold ? right : NULL,
                                  .first = first,
                                  .count = choice_count(scored)};
    /* fields_rank.c has checked what it names. */
    return !gold
           || gold_mark(gold, question_member(scored, FIELD_choices), &ROOT, right, &x->arena,
                        &x->error);
}

/* Allocate the questions of ranked choices. */
static bool allocate(struct ranking *ranking, struct arena *arena, struct error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < ranking->of.count; count++)
        i += choice_count(ranking->of.choices[i]);
    ranking->questions = arena_new(arena, struct question, count);
    return ranking->questions || arena_fail(arena, err);
}

bool ranking_make(struct ranking *ranking, const struct scores *scores, size_t model,
                  struct exchange *x)
{
    struct choice *choices = arena_new(&x->arena, struct choice, scores->count);
    double *probability = arena_new(&x->arena, double, scores->count);
    bool *right = arena_new(&x->arena, bool, scores->count);

    *ranking = (struct ranking){0};
    if (!choices || !probability || !right)
        return arena_fail(&x->arena, &x->error);
    if (!model_choices_make(&ranking->of, scores, model, x)
        || !allocate(ranking, &x->arena, &x->error))
        return false;
    for (size_t i = 0; i < ranking->of.count;) {
        struct question *question = &ranking->questions[ranking->count++];
        struct scored **sequences = ranking->of.choices + i;

        if (!question_make(question, sequences[0], i, right + i, x)
            || !meanings_check(sequences, question->count, &x->arena, &x->error))
            return false;
        question_rank(question, sequences, choices + i, probability + i);
        i += question->count;
    }
    return true;
}

bool question_accuracy(const struct question *question, enum norm norm, bool *right)
{
    if (!question->right || !question->has_best[norm])
        return false;
    *right = question->right[question->best[norm]];
    return true;
}
