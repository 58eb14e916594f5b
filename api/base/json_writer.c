/* json_writer.c - writes members of JSON objects. */
#include "api/base/json_writer.h"

#include <math.h>

void put_name(struct strbuf *text, const char *name)
{
    const size_t length = strlen(name);
    char *at;

    if (!strbuf_reserve(text, length + 4))
        return;
    at = text->data + text->length;
    if (text->length > 0 && at[-1] != '{')
        *at++ = ',';
    *at++ = '"';
    at = (char *)memcpy(at, name, length) + length;
    *at++ = '"';
    *at++ = ':';
    text->length = (size_t)(at - text->data);
}

void put_string(struct strbuf *text, const char *name, const char *value)
{
    put_name(text, name);
    strbuf_quote(text, value);
}

void put_text(struct strbuf *text, const char *name, const char *value, size_t length)
{
    put_name(text, name);
    strbuf_string(text, value, length);
}

void put_null(struct strbuf *text, const char *name)
{
    put_name(text, name);
    strbuf_puts(text, "null");
}

void put_boolean(struct strbuf *text, const char *name, bool value)
{
    put_name(text, name);
    strbuf_puts(text, value ? "true" : "false");
}

void put_number(struct strbuf *text, const char *name, double value)
{
    put_name(text, name);
    strbuf_number(text, value);
}

void put_number_or_null(struct strbuf *text, const char *name, bool known, double value)
{
    put_name(text, name);
    strbuf_number_or_null(text, known, value);
}

void put_defined(struct strbuf *text, const char *name, double value)
{
    put_number_or_null(text, name, !isnan(value), value);
}

void put_count(struct strbuf *text, const char *name, uint64_t count)
{
    put_name(text, name);
    strbuf_count(text, count);
}
