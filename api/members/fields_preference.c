/* fields_preference.c - checks of the members that only POST /v1/preference takes. */
#include "api/members/field_checks.h"
#include "api/members/parameter_check.h"

#include <math.h>

#define MOST_COMPLETIONS 64 /* of one side of a pair */
#define KIND_OUTPUT 4       /* in body_layout_pairs */

bool check_pairs(const struct check_context *context)
{
    return check_part(context, "at least one pair must be given");
}

bool check_examples(const struct check_context *context)
{
    return check_part(context, "at least one example must be given");
}

bool check_completions(const struct check_context *context)
{
    const size_t count = json_array_size(context->value);

    if (count > MOST_COMPLETIONS)
        return fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                       "%zu completions are more than %d", count, MOST_COMPLETIONS);
    return check_part(context, "at least one completion must be given");
}

bool check_mismatched(const struct check_context *context)
{
    return check_part(context, "");
}

bool check_one_output(const struct check_context *context)
{
    return check_part(context, "");
}

bool check_asked_some(const struct check_context *context)
{
    return check_asked(context)
           && (json_array_size(context->value) > 0
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "at least one objective must be named"));
}

bool check_finite_number(const struct check_context *context)
{
    return in_range(context, isfinite(json_number_value(context->value)), "finite");
}

bool check_case_weight(const struct check_context *context)
{
    const double weight = json_number_value(context->value);

    return in_range(context, isfinite(weight) && weight >= 0, "a finite number of at least 0");
}

/* In an output `tokens` is a count, elsewhere it is ids. */
bool check_tokens_or_count(const struct check_context *context)
{
    return context->kind == KIND_OUTPUT
               ? check_integer(context, 1, "how many tokens the sum is over, an integer")
               : check_ids(context);
}
