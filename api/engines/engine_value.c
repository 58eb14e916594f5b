/* engine_value.c - values in an engine's answer. */
#include "api/engines/engine_value.h"

#include "api/json/number_word.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Write a snake_case name in camelCase.  False: it has no underscore. */
static bool to_camel(const char *name, char *out, size_t size)
{
    size_t length = 0;
    bool up = false, changed = false;

    for (; *name && length + 1 < size; name++) {
        if (*name == '_' && length > 0) {
            up = changed = true;
            continue;
        }
        out[length++] = up && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
        up = false;
    }
    out[length] = '\0';
    return changed;
}

/* A member or an element.  `name` is the one in the path; *found is the one in the value. */
static json_t *step(const json_t *value, const char *name, char *found, size_t size)
{
    json_t *member;

    snprintf(found, size, "%s", name);
    if (json_is_array(value))
        return *name >= '0' && *name <= '9' ? json_array_get(value, strtoul(name, NULL, 10)) : NULL;
    member = json_object_get(value, name);
    if (!member && to_camel(name, found, size))
        member = json_object_get(value, found);
    return member;
}

#define NAME_MAX_LENGTH 64

/* Cut the first name off a path.  Returns the rest, or NULL at the end. */
static const char *cut(const char *path, char name[NAME_MAX_LENGTH])
{
    const size_t length = strcspn(path, "/");

    snprintf(name, NAME_MAX_LENGTH, "%.*s", (int)length, path);
    return path[length] ? path + length + 1 : NULL;
}

json_t *json_below(const json_t *object, const char *path)
{
    char name[NAME_MAX_LENGTH], found[NAME_MAX_LENGTH];
    json_t *value = NULL;

    for (; path; object = value) {
        path = cut(path, name);
        value = step(object, strcmp(name, "*") == 0 ? "0" : name, found, sizeof found);
    }
    return value;
}

#define PATH_MAX_LENGTH 256
#define STARS_MOST 3

/* The path so far, and what is left of it. */
struct walk {
    bool (*visit)(void *context, const json_t *value, const char *path);
    void *context;
    char path[PATH_MAX_LENGTH];
};

static bool walk(struct walk *way, const json_t *value, const char *rest, size_t length, int stars)
{
    char name[NAME_MAX_LENGTH], found[NAME_MAX_LENGTH];
    const char *slash = length > 0 ? "/" : "";
    size_t i = 0;

    while (rest && value) {
        rest = cut(rest, name);
        if (strcmp(name, "*") == 0)
            break;
        value = step(value, name, found, sizeof found);
        length +=
            (size_t)snprintf(way->path + length, sizeof way->path - length, "%s%s", slash, found);
        slash = "/";
        if (!rest)
            return !value || way->visit(way->context, value, way->path);
    }
    for (; stars < STARS_MOST && i < json_array_size(value); i++) {
        const size_t longer =
            length
            + (size_t)snprintf(way->path + length, sizeof way->path - length, "%s%zu", slash, i);

        if (!walk(way, json_array_get(value, i), rest, longer, stars + 1))
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
