/* fields_compare.c - checks of the members that only POST /v1/compare takes. */
#include "core/distillation.h"

#include "api/members/field_checks.h"
#include "api/members/registered.h"

#include <math.h>
#include <string.h>

/* The sequences in models that are too many or too few are not valid. */
bool check_models(const struct check_context *context)
{
    struct progress *progress = context->progress;
    const size_t count = json_array_size(context->value),
                 before = progress ? progress->sequences : 0;

    if (!check_part(context, "two models must be given"))
        return false;
    if (!progress || count == 2) /* more may come while rows arrive */
        return true;
    progress->sequences = before;
    return fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                   "two models are compared, and there are %zu", count);
}

/* ---- distillation ---- */

static bool check_beta(const struct check_context *context)
{
    const double beta = json_number_value(context->value);

    return in_range(context, beta >= 0 && beta <= 1, "from 0 to 1");
}

static bool check_top_k(const struct check_context *context)
{
    const json_int_t k = json_integer_value(context->value);

    return check_integer(context, 1, "an integer")
           && (k <= TOP_MAX
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "%" JSON_INTEGER_FORMAT " is above %d", k, TOP_MAX));
}

static bool check_support(const struct check_context *context)
{
    return check_registered(context, REGISTRY_supports);
}

static bool check_tail(const struct check_context *context)
{
    return check_registered(context, REGISTRY_tails);
}

bool check_distillation(const struct check_context *context)
{
    static const char *const names[] = {"beta", "top_k", "support", "tail", "temperature_squared",
                                        NULL};
    static check_f *const checks[] = {check_beta, check_top_k, check_support, check_tail,
                                      check_boolean};

    return must_be(context, json_is_object(context->value), "an object")
           && check_named(context, names, checks);
}

/* ---- top_logprobs ---- */

/* The value of a valid log-probability. */
static double log_prob_of(const json_t *value)
{
    return json_is_string(value) ? -HUGE_VAL : json_number_value(value);
}

static bool check_log_prob(const struct check_context *context)
{
    const json_t *value = context->value;

    if (json_is_string(value) && strcmp(json_string_value(value), "-Infinity") == 0)
        return true;
    return must_be(context, json_is_number(value), "a log-probability, a number or \"-Infinity\"")
           && in_range(context, json_number_value(value) <= 0, "at most 0");
}

/* [id, log_prob] */
static bool check_likely(const struct check_context *context)
{
    struct check_context id = *context, log_prob = *context;

    if (!must_be(context, json_is_array(context->value) && json_array_size(context->value) == 2,
                 "a pair, [id, log_prob]"))
        return false;
    id.value = json_array_get(context->value, 0);
    id.at = ELEMENT(&context->at, 0);
    log_prob.value = json_array_get(context->value, 1);
    log_prob.at = ELEMENT(&context->at, 1);
    return check_integer(&id, 0, "a token id, an integer") && check_log_prob(&log_prob);
}

/* The best must be first. */
static bool check_order(const struct check_context *context)
{
    double least = 0;

    for (size_t i = 0; i < json_array_size(context->value); i++) {
        const double value = log_prob_of(json_array_get(json_array_get(context->value, i), 1));

        if (value > least)
            return fail_at(context->err, ERR_OUT_OF_RANGE, &ELEMENT(&context->at, i),
                           "is above the one before it: the best must be first");
        least = value;
    }
    return true;
}

/* What is listed of one token. */
static bool check_likeliest(const struct check_context *context)
{
    const size_t count = json_array_size(context->value);

    if (json_is_null(context->value))
        return true;
    if (!check_each(context, "null or an array of [id, log_prob]", check_likely))
        return false;
    if (count < 1 || count > TOP_MAX)
        return fail_at(context->err, ERR_BAD_COUNT, &context->at,
                       "%zu tokens are listed, not 1 to %d", count, TOP_MAX);
    return check_order(context);
}

/* All that are not null have one count. */
static bool check_one_count(const struct check_context *context)
{
    size_t first = 0;

    for (size_t i = 0; i < json_array_size(context->value); i++) {
        const json_t *listed = json_array_get(context->value, i);
        const size_t count = json_array_size(listed);

        if (json_is_null(listed))
            continue;
        if (first != 0 && count != first)
            return fail_at(context->err, ERR_BAD_COUNT, &ELEMENT(&context->at, i),
                           "%zu tokens are listed, and %zu before: give equally many", count,
                           first);
        first = count;
    }
    return true;
}

bool check_top_logprobs(const struct check_context *context)
{
    return must_be(context, !json_is_number(context->value),
                   "an array of what a teacher's likeliest tokens are (POST /v1/score tells the "
                   "most likely tokens of a model: details)")
           && check_each(context, "an array with null or a list of [id, log_prob] for each token",
                         check_likeliest)
           && check_one_count(context);
}
