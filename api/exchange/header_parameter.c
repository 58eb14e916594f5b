/* header_parameter.c - parameters of a header field. */
#include "api/exchange/header_parameter.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const char spaces[] = " \t";
static const char token[] = "!#$%&'*+-.^_`|~0123456789"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* The text between the = of a parameter and the next parameter. */
struct value {
    const char *text; /* NULL: it is not valid */
    size_t length;
    bool quoted;
};

static struct value value_read(const char *at, const char **next)
{
    struct value value = {.text = at, .length = strspn(at, token)};

    if (*at != '"') {
        *next = at + value.length;
        return value;
    }
    value.quoted = true;
    value.text = ++at;
    while (*at != '\0' && *at != '"')
        at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
    value.length = (size_t)(at - value.text);
    if (*at == '\0')
        value.text = NULL;
    else
        *next = at + 1;
    return value;
}

/* Copy a value without the backslashes of a quoted string.  False: it does not fit. */
static bool value_copy(const struct value *value, char *out, size_t size)
{
    size_t written = 0;

    for (size_t i = 0; i < value->length; i++) {
        if (value->quoted && value->text[i] == '\\')
            i++;
        if (written + 1 == size)
            return false;
        out[written++] = value->text[i];
    }
    out[written] = '\0';
    return true;
}

enum parameter header_parameter_find(const char *field, const char *name, char *out, size_t size)
{
    enum parameter found = PARAMETER_ABSENT;
    const char *at = field + strcspn(field, "; \t");

    for (;;) {
        const char *start;
        struct value value;
        size_t length;

        at += strspn(at, spaces);
        if (*at == '\0')
            return found;
        if (*at != ';')
            return PARAMETER_BAD;
        start = at + 1 + strspn(at + 1, spaces);
        length = strspn(start, token);
        at = start + length;
        if (length == 0 && (*at == ';' || *at == '\0')) /* an empty parameter */
            continue;
        if (length == 0 || *at != '=')
            return PARAMETER_BAD;
        value = value_read(at + 1, &at);
        if (!value.text)
            return PARAMETER_BAD;
        if (strlen(name) != length || strncasecmp(start, name, length) != 0)
            continue;
        if (found != PARAMETER_ABSENT)
            return PARAMETER_TWICE;
        found = value_copy(&value, out, size) ? PARAMETER_FOUND : PARAMETER_LONG;
    }
}
