/* put.c - members of JSON objects, written one after another. */
#include "api/put.h"

void put_name(struct text *text, const char *name)
{
    if (text->length > 0 && text->data[text->length - 1] != '{')
        text_puts(text, ",");
    text_puts(text, "\"");
    text_puts(text, name);
    text_puts(text, "\":");
}

void put_number(struct text *text, const char *name, double value)
{
    put_name(text, name);
    text_number(text, value);
}

void put_number_or_null(struct text *text, const char *name, bool known, double value)
{
    put_name(text, name);
    text_number_or_null(text, known, value);
}

void put_count(struct text *text, const char *name, uint64_t count)
{
    put_name(text, name);
    text_count(text, count);
}
