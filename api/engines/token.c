/* token.c - one token as an engine writes it. */
#include "api/engines/token.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum member {
    MEMBER_LOG_PROB,
    MEMBER_TEXT,
    MEMBER_ID,
    MEMBER_TOP,
    MEMBER_PROBABILITY,
    MEMBER_BYTES,
    MEMBER_RANK,
    MEMBER_RUN,
    MEMBER_COUNT
};

/* All names of each member. */
static const struct {
    const char *name;
    enum member member;
} names[] = {{"logprob", MEMBER_LOG_PROB},
             {"log_prob", MEMBER_LOG_PROB},
             {"logProbability", MEMBER_LOG_PROB},
             {"log_probability", MEMBER_LOG_PROB},
             {"likelihood", MEMBER_LOG_PROB},
             {"token", MEMBER_TEXT},
             {"text", MEMBER_TEXT},
             {"piece", MEMBER_TEXT},
             {"decoded_token", MEMBER_TEXT},
             {"id", MEMBER_ID},
             {"token_id", MEMBER_ID},
             {"tokenId", MEMBER_ID},
             {"token_ids", MEMBER_ID},
             {"top_logprobs", MEMBER_TOP},
             {"topLogprobs", MEMBER_TOP},
             {"top_tokens", MEMBER_TOP},
             {"top_candidates", MEMBER_TOP},
             {"topCandidates", MEMBER_TOP},
             {"prob", MEMBER_PROBABILITY},
             {"probs", MEMBER_PROBABILITY},
             {"probability", MEMBER_PROBABILITY},
             {"top_probs", MEMBER_PROBABILITY},
             {"bytes", MEMBER_BYTES},
             {"rank", MEMBER_RANK},
             {"logprobs", MEMBER_RUN}};

/* The member of a name.  NULL: it is of no member. */
static const char *known_name(const char *key, enum member *member)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].name[0] == key[0] && strcmp(names[i].name, key) == 0) {
            *member = names[i].member;
            return names[i].name;
        }
    return NULL;
}

/* The members of an object, by their names. */
struct found {
    const json_t *value[MEMBER_COUNT];
    const char *name[MEMBER_COUNT];
};

/* Keep a member.  If it is there under another name with another value, both names are written to
 * `twice`; null counts as absent. */
static void keep(struct found *found, enum member member, const char *name, const json_t *value,
                 const char *twice[2])
{
    const json_t *before = found->value[member];

    if (before && !json_is_null(before)) {
        if (!json_is_null(value) && json_typeof(before) == json_typeof(value)
            && !json_equal(before, value)) {
            twice[0] = found->name[member];
            twice[1] = name;
        }
        return;
    }
    if (!before || !json_is_null(value)) {
        found->value[member] = value;
        found->name[member] = name;
    }
}

static const json_t *only_of(const json_t *value)
{
    return json_array_size(value) == 1 ? json_array_get(value, 0) : value;
}

static enum token_form read_object(struct token *token, const json_t *object)
{
    struct found found = {{0}, {0}};
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        enum member member = MEMBER_COUNT;
        const char *name = known_name(key, &member);

        if (!name && key[0] >= '0' && key[0] <= '9')
            return TOKEN_MAP; /* of ids */
        if (name)
            keep(&found, member, name, value, token->twice);
    }
    token->log_prob = found.value[MEMBER_LOG_PROB];
    token->name = found.name[MEMBER_LOG_PROB];
    token->text = found.value[MEMBER_TEXT];
    token->id = only_of(found.value[MEMBER_ID]);
    token->top = found.value[MEMBER_TOP];
    token->bytes = found.value[MEMBER_BYTES];
    token->rank = found.value[MEMBER_RANK];
    token->probability = token->log_prob ? NULL : found.value[MEMBER_PROBABILITY];
    if (json_is_integer(token->text) && !token->id)
        token->id = token->text;
    if (!json_is_string(token->text))
        token->text = NULL;
    if (json_is_array(found.value[MEMBER_RUN]) || json_is_array(token->id))
        return TOKEN_RUN;
    return token->log_prob || token->text || token->probability || json_is_integer(token->id)
               ? TOKEN_OBJECT
               : TOKEN_MAP;
}

static void read_tuple(struct token *token, const json_t *tuple)
{
    token->name = "0";
    token->log_prob = json_array_get(tuple, 0);
    token->id = json_array_get(tuple, 1);
    token->text = json_array_get(tuple, 2);
}

enum token_form token_read(struct token *token, const json_t *element)
{
    *token = (struct token){0};
    if (!element || json_is_null(element))
        return TOKEN_NULL;
    if (json_is_object(element))
        return read_object(token, element);
    if (json_array_size(element) < 2)
        return TOKEN_OTHER;
    read_tuple(token, element);
    return TOKEN_TUPLE;
}

#define AS_ID "token_id:"

int64_t token_id_of_text(const char *text)
{
    long long id;
    char more;

    if (!text || strncmp(text, AS_ID, strlen(AS_ID)) != 0)
        return ENGINE_NO_ID;
    return sscanf(text, AS_ID "%19lld%c", &id, &more) == 1 && id >= 0 ? id : ENGINE_NO_ID;
}

int64_t token_id_of_key(const char *key)
{
    char *end;
    const long long id = strtoll(key, &end, 10);

    return key[0] >= '0' && key[0] <= '9' && *end == '\0' && id < INT64_MAX ? id : ENGINE_NO_ID;
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
    return a == b || (isfinite(a) && fabs(a - b) <= ROUNDING * (1 + fabs(a)));
}
