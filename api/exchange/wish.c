/* wish.c - lists of what a client would take. */
#include "api/exchange/wish.h"

#include <string.h>
#include <strings.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* "0.5" is 500.  -1: not a weight. */
static int read_weight(const char *text, const char *end)
{
    int weight, unit = 100;

    if (text == end || (*text != '0' && *text != '1'))
        return -1;
    weight = (*text++ - '0') * 1000;
    if (text < end && *text++ != '.')
        return -1;
    for (; text < end && unit > 0 && *text >= '0' && *text <= '9'; unit /= 10)
        weight += unit * (*text++ - '0');
    return text == end && weight <= 1000 ? weight : -1;
}

/* Take the spaces from both ends. */
static void trim(const char **text, const char **end)
{
    while (*text < *end && is_space(**text))
        ++*text;
    while (*end > *text && is_space((*end)[-1]))
        --*end;
}

/* The weight that the parameters of an element say.  Only a media type has others than q. */
static int weight_of(const char *text, const char *end, bool is_type)
{
    int weight = 1000;

    while (text < end) {
        const char *semicolon = memchr(text, ';', (size_t)(end - text));
        const char *from = text, *to = semicolon ? semicolon : end;

        trim(&from, &to);
        if (to - from >= 2 && (*from == 'q' || *from == 'Q') && from[1] == '=')
            weight = read_weight(from + 2, to);
        else if (!is_type)
            return -1;
        text = semicolon ? semicolon + 1 : end;
    }
    return weight;
}

/* Parse an element between two commas. */
static struct wish read(const char *text, const char *end)
{
    const char *semicolon = memchr(text, ';', (size_t)(end - text));
    const char *name_end = semicolon ? semicolon : end;

    const bool is_type = memchr(text, '/', (size_t)(name_end - text)) != NULL;

    trim(&text, &name_end);
    return (struct wish){.name = text,
                         .length = (size_t)(name_end - text),
                         .weight = semicolon ? weight_of(semicolon + 1, end, is_type) : 1000};
}

bool wish_next(const char **list, struct wish *wish)
{
    const char *end;

    if (!*list || !**list)
        return false;
    end = *list + strcspn(*list, ",");
    *wish = read(*list, end);
    *list = *end ? end + 1 : end;
    return true;
}

bool wish_is(const struct wish *wish, const char *name)
{
    return wish->length == strlen(name) && strncasecmp(wish->name, name, wish->length) == 0;
}

/* How specific a range is that has the type: 3 for itself, 2 for its kind, 1 for all; 0: it has it
 * not. */
static int fit(const struct wish *wish, const char *type)
{
    const size_t kind = strcspn(type, "/") + 1;

    if (wish_is(wish, type))
        return 3;
    if (wish->length == kind + 1 && wish->name[kind] == '*'
        && strncasecmp(wish->name, type, kind) == 0)
        return 2;
    return wish_is(wish, "*/*") ? 1 : 0;
}

/* The weight of a type, and how specific the range is that has it. */
static int weigh(const char *accept, const char *type, int *best)
{
    int weight = accept ? 0 : 1000;

    *best = 0;
    for (struct wish wish; wish_next(&accept, &wish);) {
        const int fits = wish.weight < 0 ? 0 : fit(&wish, type);

        if (fits > *best) {
            *best = fits;
            weight = wish.weight;
        }
    }
    return weight;
}

int wish_of_type(const char *accept, const char *type)
{
    int specific;

    return weigh(accept, type, &specific);
}

bool wish_prefers(const char *accept, const char *type, const char *other)
{
    int specific, of_other;
    const int weight = weigh(accept, type, &specific);
    const int other_weight = weigh(accept, other, &of_other);

    return weight > other_weight || (weight > 0 && weight == other_weight && specific > of_other);
}
