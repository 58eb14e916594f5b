/* rank_reply.c - writes the answer to POST /v1/rank as JSON. */
#include "api/routes/rank/rank_reply.h"
#include "api/base/arena_error.h"
#include "api/base/json_writer.h"
#include "api/plan/plan_notice.h"
#include "api/routes/rank/confidences_reply.h"
#include "api/routes/rank/rank_mean.h"
#include "api/score/score_reply.h"

static void put_choice(struct strbuf *text, const struct ranking *ranking,
                       const struct question *question, size_t index)
{
    const struct scored *scored = ranking->of.choices[question->first + index];
    const struct holder *own = choice_holder(scored);
    const struct choice *choice = &question->choices[index];
    const json_t *id = field_value(own->object, FIELD_id);

    strbuf_puts(text, index == 0 ? "{" : ",{");
    put_count(text, "index", index);
    if (id)
        score_reply_put_id(text, id);
    put_count(text, "tokens", choice->tokens);
    for (enum norm norm = 0; norm < NORM_COUNT; norm++) {
        double value = 0;
        const bool known = choice_value(choice, norm, &value);

        put_number_or_null(text, norm_info(norm)->value, known, value);
    }
    score_reply_put_greedy(text, scored_greedy(scored, OBJECTIVE_conditional));
    put_number_or_null(text, "probability", question->probability != NULL,
                       question->probability ? question->probability[index] : 0);
    plan_notices_write(text, &scored->plan);
    strbuf_puts(text, "}");
}

static void put_best(struct strbuf *text, const struct question *question)
{
    put_name(text, "best");
    strbuf_puts(text, "{");
    for (enum norm norm = 0; norm < NORM_COUNT; norm++)
        put_number_or_null(text, registry_name(REGISTRY_normalisations, norm),
                           question->has_best[norm], (double)question->best[norm]);
    strbuf_puts(text, "}");
}

/* The value of a question with gold in the mean of measure `index`: an accuracy for each
 * normalisation, then the Brier score.  False: it is not defined. */
enum { MEASURES = NORM_COUNT + 1 };

static bool measure(const struct question *question, size_t index, double *value)
{
    bool right = false;

    *value = 0;
    if (index == NORM_COUNT) {
        *value = question->brier;
        return question->has_brier;
    }
    if (!question_accuracy(question, (enum norm)index, &right))
        return false;
    *value = right ? 1 : 0;
    return true;
}

static const char *measure_name(size_t index)
{
    return index < NORM_COUNT ? norm_info((enum norm)index)->accuracy : "brier";
}

static void put_question(struct strbuf *text, const struct ranking *ranking, size_t index)
{
    const struct question *question = &ranking->questions[index];

    strbuf_puts(text, index == 0 ? "{" : ",{");
    put_count(text, "index", index);
    if (question->id)
        score_reply_put_id(text, question->id);
    put_name(text, "choices");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < question->count; i++)
        put_choice(text, ranking, question, i);
    strbuf_puts(text, "]");
    put_best(text, question);
    if (question->has_mass)
        put_number(text, "mass", question->mass);
    if (question->has_values)
        put_number_or_null(text, "expected_value", question->has_expected, question->expected);
    for (size_t i = 0; question->right && i < MEASURES; i++) {
        double value;
        const bool known = measure(question, i, &value);

        put_number_or_null(text, measure_name(i), known, value);
    }
    if (ranking->confidences && question->right)
        put_number_or_null(text, "reciprocal_rank", question->rank > 0,
                           question->rank > 0 ? 1 / (double)question->rank : 0);
    strbuf_puts(text, "}");
}

/* Write the mean of a measure.  `values` has room for one number of each question. */
static void put_measure(struct strbuf *text, const struct ranking *ranking, size_t index,
                        double *values)
{
    size_t count = 0;

    for (size_t i = 0; i < ranking->count; i++)
        count += measure(&ranking->questions[i], index, &values[count]);
    put_rank_mean(text, measure_name(index), values, count);
}

/* The same for the expected value, if some question has values. */
static void put_expected(struct strbuf *text, const struct ranking *ranking, double *values)
{
    bool has_values = false;
    size_t count = 0;

    for (size_t i = 0; i < ranking->count; i++) {
        const struct question *question = &ranking->questions[i];

        has_values |= question->has_values;
        if (question->has_expected)
            values[count++] = question->expected;
    }
    if (has_values)
        put_rank_mean(text, "expected_value", values, count);
}

static void put_totals(struct strbuf *text, const struct ranking *ranking, double *values)
{
    put_name(text, "totals");
    strbuf_puts(text, "{");
    put_count(text, "questions", ranking->count);
    put_count(text, "choices", ranking->of.count);
    put_expected(text, ranking, values);
    for (size_t i = 0; i < MEASURES; i++)
        put_measure(text, ranking, i, values);
    if (ranking->confidences)
        confidences_write(text, ranking->confidences);
    strbuf_puts(text, "}");
}

bool ranking_write(struct strbuf *text, const struct ranking *ranking, struct exchange *x)
{
    const json_t *model = member_of(&ranking->of.choices[0]->plan.path, FIELD_model).value;
    double *values = arena_new(&x->arena, double, ranking->count);

    if (!values)
        return arena_fail(&x->arena, &x->error);
    strbuf_puts(text, "{");
    if (model)
        put_text(text, "model", json_string_value(model), json_string_length(model));
    put_name(text, "questions");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < ranking->count; i++)
        put_question(text, ranking, i);
    strbuf_puts(text, "]");
    put_totals(text, ranking, values);
    strbuf_puts(text, "}");
    return true;
}
