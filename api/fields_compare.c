/* fields_compare.c - the members of a request to POST /v1/compare that are its own. */
#include "api/judge.h"

bool check_models(const struct judged *judged)
{
    const size_t count = json_array_size(judged->value);

    return check_objects(judged, 1, "two models must be given")
           && (count == 2
               || fail_at(judged->err, ERR_OUT_OF_RANGE, &judged->at,
                          "two models are compared, and there are %zu", count));
}
