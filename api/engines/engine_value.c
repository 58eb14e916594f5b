/* engine_value.c - values in an engine's answer. */
#include "api/engines/engine_value.h"

#include "api/json/number_word.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LENGTH 64

/* Write a snake_case name in camelCase.  False: it has no underscore, or is too long. */
static bool to_camel(const char *name, size_t length, char out[NAME_MAX_LENGTH])
{
    size_t written = 0;
    bool up = false;

    if (!memchr(name, '_', length) || length >= NAME_MAX_LENGTH)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (name[i] == '_' && written > 0) {
            up = true;
            continue;
        }
        out[written++] =
            up && name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 'a' + 'A') : name[i];
        up = false;
    }
    out[written] = '\0';
    return true;
}

/* A name in a path. */
struct name {
    const char *text;
    size_t length;
    char camel[NAME_MAX_LENGTH]; /* what `text` points at, if it was found in camelCase */
};

/* Take the first name of a path, which goes to `end`.  Returns what is left, or NULL at the end. */
static const char *cut(struct name *name, const char *path, const char *end)
{
    const char *slash = memchr(path, '/', (size_t)(end - path));

    name->text = path;
    name->length = (size_t)((slash ? slash : end) - path);
    return slash ? slash + 1 : NULL;
}

/* Whether a name stands for every position of an array. */
static bool is_star(const struct name *name)
{
    return name->length == 1 && name->text[0] == '*';
}

/* A member or an element; of a star the first one.  `name` becomes the one in the value. */
static json_t *step(const json_t *value, struct name *name)
{
    const char first = name->text[0];
    json_t *member;

    if (json_is_array(value) && is_star(name))
        return json_array_get(value, 0);
    if (json_is_array(value))
        return first >= '0' && first <= '9' ? json_array_get(value, strtoul(name->text, NULL, 10))
                                            : NULL;
    member = json_object_getn(value, name->text, name->length);
    if (member || !json_is_object(value) || !to_camel(name->text, name->length, name->camel))
        return member;
    name->text = name->camel;
    name->length = strlen(name->camel);
    return json_object_getn(value, name->text, name->length);
}

json_t *json_below_part(const json_t *object, const char *path, size_t length)
{
    const char *end = path + length;
    json_t *value = NULL;
    struct name name;

    while (path && object) {
        path = cut(&name, path, end);
        object = value = step(object, &name);
    }
    return value;
}

json_t *json_below(const json_t *object, const char *path)
{
    return path ? json_below_part(object, path, strlen(path)) : NULL;
}

#define PATH_MAX_LENGTH 256
#define STARS_MOST 3

/* A visit of the values at a path: the way to the current one. */
struct walk {
    bool (*visit)(void *context, const json_t *value, const char *path);
    void *context;
    char path[PATH_MAX_LENGTH];
};

/* Write the next name of the way, which is `length` long so far.  What does not fit is cut off.
 * Returns the length of both. */
static size_t walk_on(struct walk *way, size_t length, const char *name, size_t size)
{
    const size_t left = sizeof way->path - length;
    const int written =
        snprintf(way->path + length, left, "%s%.*s", length > 0 ? "/" : "", (int)size, name);

    return (size_t)written < left ? length + (size_t)written : sizeof way->path - 1;
}

static bool walk(struct walk *way, const json_t *value, const char *rest, size_t length, int stars)
{
    struct name name;

    while (rest && value) {
        rest = cut(&name, rest, rest + strlen(rest));
        if (is_star(&name))
            break;
        value = step(value, &name);
        length = walk_on(way, length, name.text, name.length);
        if (!rest)
            return !value || way->visit(way->context, value, way->path);
    }
    for (size_t i = 0; stars < STARS_MOST && i < json_array_size(value); i++) {
        char number[24];
        const int digits = snprintf(number, sizeof number, "%zu", i);

        if (!walk(way, json_array_get(value, i), rest, walk_on(way, length, number, (size_t)digits),
                  stars + 1))
            return false;
    }
    return true;
}

bool json_each(const json_t *object, const char *path,
               bool (*visit)(void *context, const json_t *value, const char *path), void *context)
{
    struct walk way = {.visit = visit, .context = context};

    return walk(&way, object, path, 0, 0);
}

json_t *json_list(const json_t *object, const char *path)
{
    json_t *list = json_below(object, path);

    return json_is_array(list) ? list : NULL;
}

bool json_number(const json_t *value, double *number)
{
    if (json_is_string(value))
        return number_word_guess(json_string_value(value), number);
    *number = json_number_value(value);
    return json_is_number(value);
}

const char *number_text(double value, char out[NUMBER_MAX + 1])
{
    if (isfinite(value))
        out[number_print(value, out)] = '\0';
    else
        snprintf(out, NUMBER_MAX + 1, "%s",
                 isnan(value) ? "NaN"
                 : value < 0  ? "-Infinity"
                              : "Infinity");
    return out;
}
