/* fields_policy.c - checks of the members that only POST /v1/policy takes. */
#include "api/members/field_checks.h"

#include "core/correction.h"

#include "api/members/registered.h"
#include "api/members/schema.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- outputs ---- */

bool check_source(const struct check_context *context)
{
    return must_be(context, json_is_object(context->value), "an output, an object")
           && check_part(context, "");
}

bool check_old(const struct check_context *context)
{
    const char *name = json_string_value(context->value);

    if (name)
        return one_of(context, strcmp(name, "current") == 0 || strcmp(name, "rollout") == 0,
                      "current, rollout");
    return must_be(context, json_is_object(context->value),
                   "an output, an object, or the name of one (current, rollout)")
           && check_part(context, "");
}

/* Outputs are not defaults of sequences: they are one sequence's. */
bool check_sources(const struct check_context *object)
{
    const struct layout_part *part = object->schema->layout->part;
    const char *name, *later = NULL;
    bool has_list = false, has_output = false;
    json_t *value;

    if (object->kind != 0)
        return true;
    json_object_foreach(object->value, name, value)
    {
        const bool is_list = strcmp(name, part->name) == 0;
        const bool is_output =
            json_is_object(value) && layout_find(object->schema->layout, 0, name) != LAYOUT_REQUEST;

        has_list |= is_list;
        has_output |= is_output && !is_list;
        later = is_list || is_output ? name : later;
    }
    return !has_list || !has_output
           || fail_at(object->err, ERR_CONFLICT, &MEMBER(&object->at, later),
                      "sequences and an output at the top level exclude each other: an output is "
                      "of one sequence, so put it into that element of sequences");
}

/* ---- advantages ---- */

static bool check_finite(const struct check_context *context)
{
    return in_range(context, fabs(json_number_value(context->value)) <= DBL_MAX, "finite");
}

static bool check_advantage(const struct check_context *context)
{
    return json_is_null(context->value) || check_finite(context);
}

bool check_advantages(const struct check_context *context)
{
    if (json_is_array(context->value))
        return check_each(context, "an array of numbers", check_advantage);
    return must_be(context, json_is_number(context->value),
                   "a number, or an array of numbers for tokens")
           && check_finite(context);
}

/* ---- correction and rejection ---- */

static bool check_ratio(const struct check_context *context)
{
    return check_registered(context, REGISTRY_ratios);
}

static bool check_level(const struct check_context *context)
{
    return check_registered(context, REGISTRY_ratio_levels);
}

static bool check_mode(const struct check_context *context)
{
    return check_registered(context, REGISTRY_corrections);
}

static bool check_bound(const struct check_context *context)
{
    const double bound = json_number_value(context->value);

    return in_range(context, bound >= 0 && bound <= DBL_MAX, "a finite number from 0 on");
}

/* The bounds of an object whose members are valid. */
static bool check_bounds(const struct check_context *object)
{
    const json_t *low = json_object_get(object->value, "low");
    const json_t *high = json_object_get(object->value, "high");
    const double least = low ? json_number_value(low) : RATIO_LOW;
    const double most = high ? json_number_value(high) : RATIO_HIGH;

    return least <= most
           || fail_at(object->err, ERR_OUT_OF_RANGE, &MEMBER(&object->at, "low"),
                      "%g is above the upper bound %g", least, most);
}

bool check_correction(const struct check_context *context)
{
    static const char *const names[] = {"ratio", "level", "mode", "low", "high", "normalize", NULL};
    static check_f *const checks[] = {check_ratio, check_level, check_mode,
                                      check_bound, check_bound, check_boolean};

    return must_be(context, json_is_object(context->value), "an object")
           && check_named(context, names, checks) && check_bounds(context);
}

bool check_rejection(const struct check_context *context)
{
    static const char *const names[] = {"ratio", "level", "low", "high", NULL};
    static check_f *const checks[] = {check_ratio, check_level, check_bound, check_bound};

    return must_be(context, json_is_object(context->value), "an object")
           && check_named(context, names, checks) && check_bounds(context);
}
