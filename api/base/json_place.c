/* json_place.c - a place in the request. */
#include "api/base/json_place.h"

#include <stdarg.h>
#include <stdio.h>

/* Append a member's name, escaped as in RFC 6901: ~ is ~0 and / is ~1. */
static size_t render_name(const char *name, char *out, size_t size)
{
    size_t length = 0;

    for (; *name && length + 3 < size; name++) {
        if (*name == '~' || *name == '/') {
            out[length++] = '~';
            out[length++] = *name == '~' ? '0' : '1';
        } else {
            out[length++] = *name;
        }
    }
    out[length] = '\0';
    return length;
}

static size_t render(const struct json_place *place, char *out, size_t size)
{
    size_t length = 0;
    int more;

    if (!place->up)
        return 0;
    length = render(place->up, out, size);
    if (length + 24 >= size)
        return length;
    if (place->member) {
        out[length++] = '/';
        return length + render_name(place->member, out + length, size - length);
    }
    more = snprintf(out + length, size - length, "/%zu", place->index);
    return length + (size_t)more;
}

void json_place_render(const struct json_place *place, char *out, size_t size)
{
    out[0] = '\0';
    render(place, out, size);
}

bool fail_at(struct error *err, enum error_code code, const struct json_place *place,
             const char *format, ...)
{
    char pointer[sizeof err->pointer], detail[sizeof err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    json_place_render(place, pointer, sizeof pointer);
    return error_set(err, code, pointer, "%s", detail);
}
