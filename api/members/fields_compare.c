/* fields_compare.c - checks of the members that only POST /v1/compare takes. */
#include "api/members/field_checks.h"

bool check_models(const struct check_context *context)
{
    const size_t count = json_array_size(context->value);

    return check_part(context, "two models must be given")
           && (count == 2
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "two models are compared, and there are %zu", count));
}
