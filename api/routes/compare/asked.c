/* asked.c - what a request asks of two models beside the comparison of their tokens. */
#include "api/routes/compare/asked.h"

#include "api/members/detail.h"
#include "api/members/registered.h"
#include "api/plan/model_output.h"

#include <string.h>

/* ---- details ---- */

static void read_details(struct asked *asked, const struct plan *plan,
                         struct asked_details *details)
{
    const struct member member = member_of(&plan->path, FIELD_details);
    const json_t *list = member.value;

    if (!list)
        return;
    if (list != details->at[member.level].list) {
        size_t drafts = 0;
        bool crosses = false;

        for (size_t i = 0; i < json_array_size(list); i++)
            crosses |= detail_find(ON_COMPARE, json_string_value(json_array_get(list, i)), &drafts)
                       == DETAIL_CROSS_ENTROPY;
        details->at[member.level].list = list;
        details->at[member.level].crosses = crosses;
        details->at[member.level].drafts = drafts;
    }
    asked->crosses = details->at[member.level].crosses;
    asked->drafts = details->at[member.level].drafts;
}

/* ---- top_logprobs ---- */

/* Of a only, beside its logprobs, and with as many entries. */
static bool read_likeliest(struct asked *asked, const struct plan *a, const struct plan *b,
                           struct error *err)
{
    const json_t *likeliest = member_of(&a->path, FIELD_top_logprobs).value;

    asked->likeliest = likeliest;
    if (member_of(&b->path, FIELD_top_logprobs).value)
        return plan_has_rows(b)
                   ? members_conflict(&b->path, model_output_field(b), FIELD_top_logprobs, err)
                   : member_fail(&b->path, FIELD_top_logprobs, NO_ELEMENT, ERR_CONFLICT, err,
                                 "belongs to the teacher, the first model");
    if (!likeliest)
        return true;
    if (a->output.kind != OUTPUT_LOGPROBS)
        return members_conflict(&a->path, model_output_field(a), FIELD_top_logprobs, err);
    return json_array_size(likeliest) == a->output.rows
           || member_fail(&a->path, FIELD_top_logprobs, NO_ELEMENT, ERR_BAD_COUNT, err,
                          "%zu entries for %zu log-probabilities", json_array_size(likeliest),
                          a->output.rows);
}

/* How many tokens each entry lists; 0: all are null. */
static size_t listed(const json_t *likeliest)
{
    size_t i = 0;

    while (i < json_array_size(likeliest) && json_is_null(json_array_get(likeliest, i)))
        i++;
    return json_array_size(json_array_get(likeliest, i));
}

/* ---- distillation ---- */

/* What is read of the member. */
struct reading {
    struct asked *asked;
    const struct plan *a, *b;
    const json_t *value;
    struct error *err;
};

static bool fail(const struct reading *reading, const char *name, enum error_code code,
                 const char *detail)
{
    return member_fail_in(&reading->a->path, FIELD_distillation, name, code, reading->err, "%s",
                          detail);
}

static bool check_rows(const struct reading *reading)
{
    return (plan_has_rows(reading->b) && (plan_has_rows(reading->a) || reading->asked->likeliest))
           || member_fail(&reading->a->path, FIELD_distillation, NO_ELEMENT, ERR_NEEDS_LOGITS,
                          reading->err,
                          "needs logits of both models, or top_logprobs of the first and logits "
                          "of the second");
}

/* `support` and `tail` are about the likeliest tokens. */
static bool check_top(const struct reading *reading)
{
    const bool has_top = json_object_get(reading->value, "top_k") || reading->asked->likeliest;
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)reading->value, name, value)
    {
        if (!has_top && (strcmp(name, "support") == 0 || strcmp(name, "tail") == 0))
            return fail(reading, name, ERR_CONFLICT, "is about the top_k likeliest: give top_k");
    }
    return true;
}

static bool read_top(const struct reading *reading)
{
    struct distillation *distillation = &reading->asked->distillation;
    const json_t *support = json_object_get(reading->value, "support");
    const json_t *tail = json_object_get(reading->value, "tail");
    const size_t most = listed(reading->asked->likeliest);

    distillation->top = (size_t)json_integer_value(json_object_get(reading->value, "top_k"));
    distillation->support = (enum support)registered(REGISTRY_supports, support, SUPPORT_teacher);
    distillation->tail = (enum tail)registered(REGISTRY_tails, tail, TAIL_bucket);
    if (!check_top(reading))
        return false;
    if (!reading->asked->likeliest)
        return true;
    if (distillation->support == SUPPORT_student)
        return fail(reading, "support", ERR_CONFLICT,
                    "of a teacher only the likeliest tokens are known: they are the support");
    if (most > 0 && distillation->top > most)
        return fail(reading, "top_k", ERR_OUT_OF_RANGE,
                    "is more than the tokens that top_logprobs lists");
    distillation->top = distillation->top > 0 ? distillation->top : most;
    return true;
}

static bool read_factor(const struct reading *reading)
{
    const double of_a = reading->a->transform.temperature;
    const double of_b = reading->b->transform.temperature;
    struct distillation *distillation = &reading->asked->distillation;

    distillation->factor = 1;
    if (!json_is_true(json_object_get(reading->value, "temperature_squared")))
        return true;
    distillation->factor = of_b;
    return of_a == of_b
           || fail(reading, "temperature_squared", ERR_CONFLICT,
                   "needs one temperature of both models");
}

static bool read_distillation(struct asked *asked, const struct plan *a, const struct plan *b,
                              struct error *err)
{
    const json_t *value = member_of(&a->path, FIELD_distillation).value, *beta;
    const struct reading reading = {asked, a, b, value, err};

    asked->distils = value != NULL;
    if (!value)
        return true;
    beta = json_object_get(value, "beta");
    asked->distillation.beta = beta ? json_number_value(beta) : 0.5;
    return check_rows(&reading) && read_top(&reading) && read_factor(&reading);
}

bool asked_read(struct asked *asked, const struct plan *a, const struct plan *b,
                struct asked_details *details, struct error *err)
{
    *asked = (struct asked){.distils = false};
    read_details(asked, a, details);
    return read_likeliest(asked, a, b, err) && read_distillation(asked, a, b, err);
}

bool asked_is_same(const struct asked *one, const struct asked *other)
{
    const struct distillation *a = &one->distillation, *b = &other->distillation;

    return one->distils == other->distils && one->crosses == other->crosses
           && (one->drafts > 0) == (other->drafts > 0)
           && (!one->distils
               || (a->beta == b->beta && a->top == b->top && a->tail == b->tail
                   && a->support == b->support && a->factor == b->factor));
}
