/* fields_details.c - the check of `details`, on all routes. */
#include "api/base/strbuf.h"
#include "api/members/detail.h"
#include "api/members/field_checks.h"
#include "api/members/schema.h"

#define NAMES_ROOM 256 /* for the details of a route in an error */

static bool check_detail(const struct check_context *context)
{
    const enum hint_route route = context->schema->hints;
    const struct detail_info *info;
    char names[NAMES_ROOM];
    struct strbuf text = {.data = names, .capacity = sizeof names - 1};
    size_t k;

    for (size_t i = 0; (info = detail_at(i)) != NULL; i++) {
        if (!(info->routes & route))
            continue;
        strbuf_printf(&text, "%s%s", text.length == 0 ? "" : ", ", info->name);
        if (info->most > 0)
            strbuf_printf(&text, ":K with K from 1 to %zu", info->most);
    }
    names[text.length] = '\0';
    return one_of(context,
                  json_is_string(context->value)
                      && detail_find(route, json_string_value(context->value), &k) != 0,
                  names);
}

/* A route has one detail of the form name:K.  Valid names must agree about that K. */
static bool check_one_size(const struct check_context *context)
{
    const json_t *names = context->value;
    size_t first = 0;

    for (size_t i = 0; i < json_array_size(names); i++) {
        size_t k = 0;

        detail_find(context->schema->hints, json_string_value(json_array_get(names, i)), &k);
        if (k > 0 && first > 0 && k != first)
            return fail_at(context->err, ERR_DUPLICATE_NAME, &ELEMENT(&context->at, i),
                           "asks for %zu, and an element before it for %zu: give one of them", k,
                           first);
        first = k > 0 ? k : first;
    }
    return true;
}

bool check_details(const struct check_context *context)
{
    return must_be(context, !json_is_object(context->value),
                   "an array of names (an engine's answer goes whole into outputs)")
           && check_each(context, "an array of names", check_detail) && check_one_size(context);
}
