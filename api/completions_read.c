/* completions_read.c - the members of a request to POST /v1/completions. */
#include "api/completions.h"

#include <string.h>

/* A member that is being judged. */
struct judged {
    struct completions *c;
    json_t *value;
    struct place at;
    struct envelope *envelope;
    struct error *err;
};

typedef bool check_f(const struct judged *judged);

static bool must_be(const struct judged *judged, bool good, const char *what)
{
    return good || fail_at(judged->err, ERR_BAD_SHAPE, &judged->at, "must be %s", what);
}

static bool check_model(const struct judged *judged)
{
    judged->c->model = json_string_value(judged->value);
    judged->c->model_length = json_string_length(judged->value);
    return must_be(judged, json_is_string(judged->value), "a string");
}

static bool refuse_text(const struct judged *judged)
{
    return !json_is_string(judged->value)
           || fail_at(judged->err, ERR_UNSUPPORTED, &judged->at,
                      "is text, which needs a tokenizer, and there is none here: send token ids");
}

static bool check_id(const struct judged *judged)
{
    const json_int_t id = json_integer_value(judged->value);

    if (!refuse_text(judged)
        || !must_be(judged, json_is_integer(judged->value), "a token id, an integer"))
        return false;
    return id >= 0
           || fail_at(judged->err, ERR_OUT_OF_RANGE, &judged->at,
                      "%" JSON_INTEGER_FORMAT " is below 0", id);
}

/* Every element of an array that has some. */
static bool check_each(const struct judged *judged, check_f *check)
{
    struct judged element = *judged;

    if (json_array_size(judged->value) == 0)
        return fail_at(judged->err, ERR_OUT_OF_RANGE, &judged->at,
                       "at least one token must be given");
    for (size_t i = 0; i < json_array_size(judged->value); i++) {
        element.value = json_array_get(judged->value, i);
        element.at = ELEMENT(&judged->at, i);
        if (!check(&element))
            return false;
    }
    return true;
}

static bool check_ids(const struct judged *judged)
{
    return refuse_text(judged)
           && must_be(judged, json_is_array(judged->value), "an array of token ids")
           && check_each(judged, check_id);
}

static bool check_prompt(const struct judged *judged)
{
    struct completions *c = judged->c;

    c->prompt = judged->value;
    c->batch = json_is_array(json_array_get(judged->value, 0));
    c->count = c->batch ? json_array_size(judged->value) : 1;
    return c->batch ? check_each(judged, check_ids) : check_ids(judged);
}

static bool check_echo(const struct judged *judged)
{
    judged->c->echo = json_is_true(judged->value);
    return must_be(judged, json_is_boolean(judged->value), "true or false");
}

static bool check_max_tokens(const struct judged *judged)
{
    const json_int_t most = json_integer_value(judged->value);

    if (!must_be(judged, json_is_integer(judged->value), "an integer"))
        return false;
    if (most < 0 || most > 1)
        return fail_at(judged->err, most < 0 ? ERR_OUT_OF_RANGE : ERR_UNSUPPORTED, &judged->at,
                       "%" JSON_INTEGER_FORMAT " is not 0 or 1: logits of the prompt tell no more "
                       "than the next token",
                       most);
    judged->c->appended = (size_t)most;
    return true;
}

static bool check_logprobs(const struct judged *judged)
{
    const json_int_t top = json_integer_value(judged->value);

    judged->c->wants = true;
    judged->c->top = (size_t)top;
    if (!must_be(judged, json_is_integer(judged->value), "an integer"))
        return false;
    return (top >= 0 && top <= TOP_MAX)
           || fail_at(judged->err, ERR_OUT_OF_RANGE, &judged->at,
                      "%" JSON_INTEGER_FORMAT " is not in [0, %d]", top, TOP_MAX);
}

static bool check_n(const struct judged *judged)
{
    return must_be(judged, json_is_integer(judged->value), "an integer")
           && (json_integer_value(judged->value) == 1
               || fail_at(judged->err, ERR_UNSUPPORTED, &judged->at,
                          "must be 1: nothing is sampled, and all choices would be the same"));
}

static bool check_stream(const struct judged *judged)
{
    return must_be(judged, json_is_boolean(judged->value), "true or false")
           && (json_is_false(judged->value)
               || fail_at(judged->err, ERR_UNSUPPORTED, &judged->at,
                          "must be false: nothing is generated, and the answer comes whole"));
}

static bool check_dtype(const struct judged *judged)
{
    const char *name = json_string_value(judged->value);

    judged->c->dtype = judged->value;
    return must_be(judged, name != NULL, "a string")
           && (strcmp(name, "f32") == 0 || strcmp(name, "f64") == 0
               || fail_at(judged->err, ERR_OUT_OF_RANGE, &judged->at,
                          "\"%.64s\" is not one of f32, f64", name));
}

static bool check_logits(const struct judged *judged)
{
    judged->c->logits = judged->value;
    if (!json_is_array(judged->value))
        return fields_check_output(judged->value, &judged->at, TOP_LEVEL, judged->envelope,
                                   judged->err);
    for (size_t i = 0; i < json_array_size(judged->value); i++) {
        const struct place at = ELEMENT(&judged->at, i);

        if (!fields_check_output(json_array_get(judged->value, i), &at, i, judged->envelope,
                                 judged->err))
            return false;
    }
    return true;
}

static const struct {
    const char *name;
    check_f *check;
} members[] = {
#define COMPLETION(name, schema, help) {#name, check_##name},
#include "api/completions.def"
    {NULL, NULL},
};

static bool check_member(const char *name, const struct judged *judged)
{
    for (size_t i = 0; members[i].name; i++)
        if (strcmp(members[i].name, name) == 0)
            return (json_is_null(judged->value) && members[i].check != check_logits
                    && members[i].check != check_prompt)
                   || members[i].check(judged);
    return true;
}

static bool fail_missing(struct error *err, const char *name, const char *detail)
{
    const struct place root = ROOT, at = MEMBER(&root, name);

    return fail_at(err, ERR_MISSING_MEMBER, &at, "%s", detail);
}

/* A request must ask for something that can be told. */
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

bool completions_read(struct completions *c, json_t *tree, struct envelope *envelope,
                      struct error *err)
{
    const struct place root = ROOT;
    const char *name;
    json_t *value;

    *c = (struct completions){.count = 1};
    json_object_foreach(tree, name, value)
    {
        const struct judged judged = {c, value, MEMBER(&root, name), envelope, err};

        if (!check_member(name, &judged))
            return false;
    }
    return check_together(c, json_object_get(tree, "max_tokens"), err);
}
