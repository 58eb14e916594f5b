/* error.c - an error as a value. */
#include "api/base/error.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *slug, *title;
} texts[] = {
    {"none", "Nothing is wrong"},
#define ERROR(id, slug, title) {slug, title},
#include "api/base/errors.def"
};

bool error_set(struct error *err, enum error_code code, const char *pointer, const char *format,
               ...)
{
    va_list arguments;

    if (err->code != ERR_NONE)
        return false;
    err->code = code;
    (void)snprintf(err->pointer, sizeof err->pointer, "%s", pointer);
    va_start(arguments, format);
    (void)vsnprintf(err->detail, sizeof err->detail, format, arguments);
    va_end(arguments);
    return false;
}

bool error_is_spent(enum error_code code)
{
    return code == ERR_TOO_LARGE || code == ERR_NO_MEMORY || code == ERR_TOO_MUCH_WORK
           || code == ERR_CANCELLED;
}

const char *error_slug(enum error_code code)
{
    return texts[code].slug;
}

const char *error_title(enum error_code code)
{
    return texts[code].title;
}
