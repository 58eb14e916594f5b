/* completions_read.c - reads the members of a request to POST /v1/completions. */
#include "api/routes/completions/completions_read.h"

#include "api/base/json_place.h"
#include "api/members/fields.h"

#include <string.h>

/* The member to check. */
struct judged_member {
    struct completions *c;
    json_t *value;
    struct json_place at;
    struct body *body;
    struct error *err;
};

typedef bool judge_f(const struct judged_member *context);

static bool must_be(const struct judged_member *context, bool good, const char *what)
{
    return good || fail_at(context->err, ERR_BAD_SHAPE, &context->at, "must be %s", what);
}

static bool check_model(const struct judged_member *context)
{
    context->c->model = json_string_value(context->value);
    context->c->model_length = json_string_length(context->value);
    return must_be(context, json_is_string(context->value), "a string");
}

static bool refuse_text(const struct judged_member *context)
{
    return !json_is_string(context->value)
           || fail_at(context->err, ERR_UNSUPPORTED, &context->at,
                      "is text, which needs a tokenizer, and there is none here: send token ids");
}

static bool check_id(const struct judged_member *context)
{
    const json_int_t id = json_integer_value(context->value);

    if (!refuse_text(context)
        || !must_be(context, json_is_integer(context->value), "a token id, an integer"))
        return false;
    return id >= 0
           || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                      "%" JSON_INTEGER_FORMAT " is below 0", id);
}

/* Check each element of an array, which must not be empty. */
static bool check_each(const struct judged_member *context, judge_f *check)
{
    struct judged_member element = *context;

    if (json_array_size(context->value) == 0)
        return fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                       "at least one token must be given");
    for (size_t i = 0; i < json_array_size(context->value); i++) {
        element.value = json_array_get(context->value, i);
        element.at = ELEMENT(&context->at, i);
        if (!check(&element))
            return false;
    }
    return true;
}

static bool check_ids(const struct judged_member *context)
{
    return refuse_text(context)
           && must_be(context, json_is_array(context->value), "an array of token ids")
           && check_each(context, check_id);
}

static bool check_prompt(const struct judged_member *context)
{
    struct completions *c = context->c;

    c->prompt = context->value;
    c->batch = json_is_array(json_array_get(context->value, 0));
    c->count = c->batch ? json_array_size(context->value) : 1;
    return c->batch ? check_each(context, check_ids) : check_ids(context);
}

static bool check_echo(const struct judged_member *context)
{
    context->c->echo = json_is_true(context->value);
    return must_be(context, json_is_boolean(context->value), "true or false");
}

static bool check_max_tokens(const struct judged_member *context)
{
    const json_int_t most = json_integer_value(context->value);

    if (!must_be(context, json_is_integer(context->value), "an integer"))
        return false;
    if (most < 0 || most > 1)
        return fail_at(context->err, most < 0 ? ERR_OUT_OF_RANGE : ERR_UNSUPPORTED, &context->at,
                       "%" JSON_INTEGER_FORMAT " is not 0 or 1: logits of the prompt tell no more "
                       "than the next token",
                       most);
    context->c->appended = (size_t)most;
    return true;
}

static bool check_logprobs(const struct judged_member *context)
{
    const json_int_t top = json_integer_value(context->value);

    context->c->wants = true;
    context->c->top = (size_t)top;
    if (!must_be(context, json_is_integer(context->value), "an integer"))
        return false;
    return (top >= 0 && top <= TOP_MAX)
           || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                      "%" JSON_INTEGER_FORMAT " is not in [0, %d]", top, TOP_MAX);
}

static bool check_n(const struct judged_member *context)
{
    return must_be(context, json_is_integer(context->value), "an integer")
           && (json_integer_value(context->value) == 1
               || fail_at(context->err, ERR_UNSUPPORTED, &context->at,
                          "must be 1: nothing is sampled, and all choices would be the same"));
}

static bool check_stream(const struct judged_member *context)
{
    return must_be(context, json_is_boolean(context->value), "true or false")
           && (json_is_false(context->value)
               || fail_at(context->err, ERR_UNSUPPORTED, &context->at,
                          "must be false: nothing is generated, and the answer comes whole"));
}

static bool check_dtype(const struct judged_member *context)
{
    const char *name = json_string_value(context->value);
    enum dtype dtype;

    context->c->dtype = context->value;
    return must_be(context, name != NULL, "a string")
           && ((dtype_find(name, &dtype) && dtype_size(dtype) >= 4)
               || fail_at(context->err, ERR_OUT_OF_RANGE, &context->at,
                          "\"%.64s\" is not one of f32, f64", name));
}

static bool check_logits(const struct judged_member *context)
{
    context->c->logits = context->value;
    if (!json_is_array(context->value))
        return fields_check_output(context->value, &context->at, TOP_LEVEL, context->body,
                                   context->err);
    for (size_t i = 0; i < json_array_size(context->value); i++) {
        const struct json_place at = ELEMENT(&context->at, i);

        if (!fields_check_output(json_array_get(context->value, i), &at, i, context->body,
                                 context->err))
            return false;
    }
    return true;
}

static const struct {
    const char *name;
    enum field_effect effect;
    judge_f *check;
} members[] = {
#define COMPLETION(name, effect, schema, help) {#name, EFFECT_##effect, check_##name},
#include "api/routes/completions/completions.def"
    {NULL, EFFECT_ON_ANSWER, NULL},
};

static bool check_member(const char *name, const struct judged_member *context)
{
    for (size_t i = 0; members[i].name; i++)
        if (strcmp(members[i].name, name) == 0)
            return (json_is_null(context->value) && members[i].check != check_logits
                    && members[i].check != check_prompt)
                   || members[i].check(context);
    return true;
}

static bool fail_missing(struct error *err, const char *name, const char *detail)
{
    const struct json_place root = ROOT, at = MEMBER(&root, name);

    return fail_at(err, ERR_MISSING_MEMBER, &at, "%s", detail);
}

/* Check that the members fit together, and that the request asks for something. */
static bool check_together(const struct completions *c, const json_t *max_tokens, struct error *err)
{
    if (!c->prompt)
        return fail_missing(err, "prompt", "the prompt's token ids are missing");
    if (!c->logits)
        return fail_missing(err, "logits", "what the model said of the prompt is missing: logits");
    if (c->echo || c->appended > 0)
        return true;
    if (!max_tokens || json_is_null(max_tokens))
        return fail_missing(err, "max_tokens",
                            "is missing, and without echo that means 16 tokens, which logits of "
                            "the prompt do not tell: send echo, or max_tokens 1");
    return fail_missing(err, "echo",
                        "max_tokens 0 without echo asks for nothing: send echo, or max_tokens 1");
}

bool completions_read(struct completions *c, json_t *tree, struct body *body, bool *later,
                      struct error *err)
{
    const struct json_place root = ROOT;
    const char *name;
    json_t *value;

    *c = (struct completions){.count = 1};
    *later = false;
    json_object_foreach(tree, name, value)
    {
        const struct judged_member context = {c, value, MEMBER(&root, name), body, err};

        if (!check_member(name, &context))
            return false;
    }
    *later = !check_together(c, json_object_get(tree, "max_tokens"), err);
    return !*later;
}

const char *completions_late(const struct body *body, size_t offset)
{
    const char *late = NULL;
    size_t first = SIZE_MAX;

    for (size_t i = 0; members[i].name; i++) {
        const size_t place = json_object_get(body->tree, members[i].name)
                                 ? body_member_offset(body, TOP_LEVEL, members[i].name)
                                 : 0;

        if (members[i].effect != EFFECT_ON_ROWS || place <= offset || place >= first)
            continue;
        first = place;
        late = members[i].name;
    }
    return late;
}
