/* fields_detection.c - checks of `measures` and `candidates`. */
#include "api/members/field_checks.h"

#define CHECK_SHARES check_shares
#define CHECK_FLAG check_boolean

static bool check_share(const struct check_context *context)
{
    const double share = json_number_value(context->value);

    return in_range(context, share > 0 && share <= 1, "above 0 and at most 1");
}

static bool check_shares(const struct check_context *context)
{
    return check_each(context, "an array of shares", check_share)
           && (json_array_size(context->value) > 0
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "at least one share must be given"));
}

bool check_measures(const struct check_context *context)
{
    static const char *const names[] = {
#define DETECTION(name, form, formula, help) #name,
#include "api/members/detections.def"
        NULL};
    static check_f *const checks[] = {
#define DETECTION(name, form, formula, help) CHECK_##form,
#include "api/members/detections.def"
    };

    return must_be(context, json_is_object(context->value), "an object with the names of measures")
           && check_named(context, names, checks);
}

static bool check_candidate(const struct check_context *context)
{
    return check_integer(context, 0, "a token id, an integer");
}

static bool check_candidate_list(const struct check_context *context)
{
    return check_each(context, "an array of token ids", check_candidate)
           && (json_array_size(context->value) <= CANDIDATES_MAX
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "has %zu ids, and at most %d may be asked about",
                          json_array_size(context->value), CANDIDATES_MAX));
}

static bool check_candidates_of_token(const struct check_context *context)
{
    return json_is_null(context->value) || check_candidate_list(context);
}

bool check_candidates(const struct check_context *context)
{
    const json_t *first = json_array_get(context->value, 0);

    if (!must_be(context, !json_is_object(first),
                 "an array of token ids (an engine's answer goes whole into outputs)"))
        return false;
    if (!json_is_array(first) && !json_is_null(first))
        return check_candidate_list(context);
    return check_each(context, "an array", check_candidates_of_token);
}
