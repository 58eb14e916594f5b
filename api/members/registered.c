/* registered.c - members whose value is a name of a registry. */
#include "api/members/registered.h"

#include "api/base/strbuf.h"

#define NAMES_ROOM 256 /* for the names of a registry in an error */

bool check_registered(const struct check_context *context, enum registry_id registry)
{
    char names[NAMES_ROOM];
    struct strbuf text = {.data = names, .capacity = sizeof names - 1};
    size_t value;

    for (size_t i = 0; i < registry_at(registry)->count; i++)
        strbuf_printf(&text, "%s%s", i == 0 ? "" : ", ", registry_name(registry, i));
    names[text.length] = '\0';
    return one_of(context, registry_find(registry, json_string_value(context->value), &value),
                  names);
}

size_t registered(enum registry_id registry, const json_t *name, size_t absent)
{
    size_t value = absent;

    registry_find(registry, json_string_value(name), &value);
    return value;
}
