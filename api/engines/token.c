/* token.c - one token as an engine writes it. */
#include "api/engines/token.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* All names of each member, the most frequent ones first. */
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define LOG_PROB NAMES("logprob", "log_prob", "logProbability", "log_probability", "likelihood")
#define TEXT NAMES("token", "text", "piece", "decoded_token")
#define ID NAMES("id", "token_id", "tokenId", "token_ids")
#define TOP NAMES("top_logprobs", "topLogprobs", "top_tokens", "top_candidates", "topCandidates")
#define PROBABILITY NAMES("prob", "probs", "probability", "top_probs")

/* The member of the first name that is there and not null.  If another name has another value, both
 * names are written to `twice`. */
static const json_t *find(const json_t *object, const char *const *names, const char **name,
                          const char *twice[2])
{
    const json_t *found = NULL;

    for (*name = NULL; *names; names++) {
        const json_t *value = json_object_get(object, *names);

        if (!value || (found && json_is_null(value)))
            continue;
        if (found && !json_is_null(found) && json_typeof(found) == json_typeof(value)
            && !json_equal(found, value)) {
            twice[0] = *name;
            twice[1] = *names;
        }
        if (found && !json_is_null(found))
            continue;
        found = value;
        *name = *names;
    }
    return found;
}

static const json_t *only_of(const json_t *value)
{
    return json_array_size(value) == 1 ? json_array_get(value, 0) : value;
}

static void read_object(struct token *token, const json_t *object)
{
    const char *name;

    token->log_prob = find(object, LOG_PROB, &token->name, token->twice);
    token->text = find(object, TEXT, &name, token->twice);
    token->id = only_of(find(object, ID, &name, token->twice));
    token->top = find(object, TOP, &name, token->twice);
    token->bytes = json_object_get(object, "bytes");
    if (!token->log_prob)
        token->probability = find(object, PROBABILITY, &name, token->twice);
    if (json_is_integer(token->text) && !token->id)
        token->id = token->text;
    if (!json_is_string(token->text))
        token->text = NULL;
}

void token_read(struct token *token, const json_t *element)
{
    *token = (struct token){0};
    if (json_is_object(element))
        read_object(token, element);
    if (!json_is_array(element))
        return;
    token->name = "0";
    token->log_prob = json_array_get(element, 0);
    token->id = json_array_get(element, 1);
    token->text = json_array_get(element, 2);
}

/* Whether an object has a member of a token, and is not a map from texts to numbers. */
static bool is_token(const json_t *object)
{
    struct token token;

    token_read(&token, object);
    return token.log_prob || token.text || token.probability || json_is_integer(token.id);
}

enum token_form token_form(const json_t *element)
{
    if (!element || json_is_null(element))
        return TOKEN_NULL;
    if (json_is_array(element))
        return json_array_size(element) >= 2 ? TOKEN_TUPLE : TOKEN_OTHER;
    if (!json_is_object(element))
        return TOKEN_OTHER;
    if (json_is_array(json_object_get(element, "logprobs"))
        || json_array_size(json_object_get(element, "token_ids")) > 1)
        return TOKEN_RUN;
    return is_token(element) ? TOKEN_OBJECT : TOKEN_MAP;
}

int64_t token_id_of_text(const char *text)
{
    long long id;
    char more;

    return text && sscanf(text, "token_id:%19lld%c", &id, &more) == 1 && id >= 0 ? id
                                                                                 : ENGINE_NO_ID;
}

int64_t token_id(const struct token *token)
{
    if (json_is_integer(token->id) && json_integer_value(token->id) >= 0)
        return json_integer_value(token->id);
    return token_id_of_text(json_string_value(token->id ? token->id : token->text));
}

#define ROUNDING 1e-3 /* what half precision and printed decimals change */

bool token_same_value(double a, double b)
{
    return a == b || fabs(a - b) <= ROUNDING * (1 + fabs(a));
}
