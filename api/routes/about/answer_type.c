/* answer_type.c - types of members of answers, as JSON Schema. */
#include "api/routes/about/answer_type.h"

#include <ctype.h>
#include <stdbool.h>

static const struct {
    const char *word, *schema;
} basics[] = {
    {"integer", "'type':'integer'"},
    {"string", "'type':'string'"},
    {"boolean", "'type':'boolean'"},
    {"null", "'type':'null'"},
    {"number", "'$ref':'#/components/schemas/Number'"},
    {"finite number", "'type':'number'"},
    {"fraction", "'type':'number','minimum':0,'maximum':1"},
};

/* Go past a word, if it stands here. */
static bool take(const char **at, const char *word)
{
    if (strncmp(*at, word, strlen(word)) != 0)
        return false;
    *at += strlen(word);
    return true;
}

/* Whether the type that begins here has several alternatives. */
static bool has_alternatives(const char *at)
{
    for (size_t depth = 0; *at; at++) {
        if (depth == 0 && (*at == ',' || *at == ')' || *at == ']'))
            return false;
        if (depth == 0 && strncmp(at, " or ", strlen(" or ")) == 0)
            return true;
        depth += *at == '(' || *at == '[';
        depth -= *at == ')' || *at == ']';
    }
    return false;
}

static void put_type(struct strbuf *text, const char **at);

/* Write a schema, in braces. */
static void put_braced(struct strbuf *text, const char **at,
                       void (*put)(struct strbuf *text, const char **at))
{
    strbuf_puts(text, "{");
    put(text, at);
    strbuf_puts(text, "}");
}

static void put_each(struct strbuf *text, const char **at)
{
    strbuf_snippet(text, "'type':'array','items':false,'prefixItems':[");
    put_braced(text, at, put_type);
    while (take(at, ", ")) {
        strbuf_puts(text, ",");
        put_braced(text, at, put_type);
    }
    strbuf_puts(text, "]");
    take(at, "]");
}

/* A text in quotes, a digit, a basic type or the name of a schema. */
static void put_word(struct strbuf *text, const char **at)
{
    const char *word = *at;

    if (take(at, "'")) {
        *at = strchr(*at, '\'') + 1;
        strbuf_snippet(text, "'const':");
        strbuf_string(text, word + 1, (size_t)(*at - word) - strlen("''"));
        return;
    }
    if (isdigit((unsigned char)*word)) {
        ++*at;
        strbuf_snippet(text, "'const':");
        strbuf_add(text, word, 1);
        return;
    }
    for (size_t i = 0; i < sizeof basics / sizeof *basics; i++)
        if (take(at, basics[i].word)) {
            strbuf_snippet(text, basics[i].schema);
            return;
        }
    *at += strcspn(*at, " ,)]");
    strbuf_snippet(text, "'$ref':'#/components/schemas/");
    strbuf_add(text, word, (size_t)(*at - word));
    strbuf_puts(text, "\"");
}

static void put_one(struct strbuf *text, const char **at)
{
    if (take(at, "list of ")) {
        strbuf_snippet(text, "'type':'array','items':");
        put_braced(text, at, put_one);
    } else if (take(at, "map of ")) {
        strbuf_snippet(text, "'type':'object','additionalProperties':");
        put_braced(text, at, put_one);
    } else if (take(at, "[")) {
        put_each(text, at);
    } else if (take(at, "(")) {
        put_type(text, at);
        take(at, ")");
    } else {
        put_word(text, at);
    }
}

static void put_type(struct strbuf *text, const char **at)
{
    if (!has_alternatives(*at)) {
        put_one(text, at);
        return;
    }
    strbuf_snippet(text, "'anyOf':[");
    put_braced(text, at, put_one);
    while (take(at, " or ")) {
        strbuf_puts(text, ",");
        put_braced(text, at, put_one);
    }
    strbuf_puts(text, "]");
}

void answer_type_write(struct strbuf *text, const char *type)
{
    put_type(text, &type);
}
