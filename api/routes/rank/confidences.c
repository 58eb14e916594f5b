/* confidences.c - the calibration of a ranking. */
#include "api/routes/rank/confidences.h"

#include "api/base/arena_error.h"

#define WORK_VERDICT 512 /* visits that the sums of a question take */

/* The place for the gold of the first question. */
static bool fail_without_gold(const struct ranking *ranking, struct error *err)
{
    const struct sequence_path question = choice_question(ranking->of.choices[0]);

    return member_fail(&question, FIELD_gold, NO_ELEMENT, ERR_MISSING_MEMBER, err,
                       "is missing: calibration needs a question whose right choice is known");
}

static bool has_gold(const struct ranking *ranking)
{
    size_t i = 0;

    while (i < ranking->count && !ranking->questions[i].right)
        i++;
    return i < ranking->count;
}

/* Add a question with gold. */
static void add_question(struct confidences *confidences, struct question *question)
{
    const enum norm by = confidences->options.by;
    struct dd confidence;

    if (choices_confidence(question->choices, question->count, by, &confidence))
        confidences->verdicts[confidences->count++] =
            verdict_of(confidence, question->right[question->best[by]]);
    if (!choices_rank(question->choices, question->count, by, question->right, &question->rank))
        question->rank = 0;
    else
        confidences->reciprocals[confidences->ranks++] = 1 / (double)question->rank;
}

static bool charge(const struct ranking *ranking, struct exchange *x)
{
    uint64_t each = WORK_VERDICT;

    for (size_t count = ranking->count; count > 0; count /= 2)
        each += WORK_SORT;
    return work_charge_each(&x->work, ranking->count, each, &x->error);
}

bool confidences_make(struct ranking *ranking, const json_t *request, struct exchange *x)
{
    const json_t *asked = field_value(request, FIELD_calibration);
    struct confidences *confidences;

    if (!asked)
        return true;
    if (!has_gold(ranking))
        return fail_without_gold(ranking, &x->error);
    ranking->confidences = confidences = arena_new(&x->arena, struct confidences, 1);
    if (!confidences)
        return arena_fail(&x->arena, &x->error);
    confidences->options = calibration_options_read(asked);
    confidences->verdicts = arena_new(&x->arena, struct verdict, ranking->count);
    confidences->reciprocals = arena_new(&x->arena, double, ranking->count);
    confidences->bins = arena_new(&x->arena, struct calibration_bin, confidences->options.bins);
    if (!confidences->verdicts || !confidences->reciprocals || !confidences->bins)
        return arena_fail(&x->arena, &x->error);
    if (!charge(ranking, x))
        return false;
    for (size_t i = 0; i < ranking->count; i++)
        if (ranking->questions[i].right)
            add_question(confidences, &ranking->questions[i]);
    verdicts_sort(confidences->verdicts, confidences->count);
    calibration_of(&confidences->calibration, confidences->verdicts, confidences->count,
                   confidences->options.scheme, confidences->bins, confidences->options.bins);
    return true;
}
