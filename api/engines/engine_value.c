/* engine_value.c - values in an engine's answer. */
#include "api/engines/engine_value.h"

#include "api/json/number_word.h"

#include <stdio.h>
#include <string.h>

json_t *json_below(const json_t *object, const char *path)
{
    char name[64];
    json_t *value = NULL;
    size_t length;

    for (;; path += length + 1) {
        length = strcspn(path, "/");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        value = json_object_get(object, name);
        if (path[length] == '\0')
            return value;
        object = value;
    }
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
