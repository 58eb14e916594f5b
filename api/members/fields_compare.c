/* fields_compare.c - the members of a request to POST /v1/compare that are its own. */
#include "api/members/field_checks.h"

bool check_models(const struct check_context *context)
{
    const size_t count = json_array_size(context->value);

    return check_objects(context, 1, "two models must be given")
           && (count == 2
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "two models are compared, and there are %zu", count));
}
