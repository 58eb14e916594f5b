/* json_template.c - a JSON text with slots for lists. */
#include "api/routes/about/json_template.h"

#include <string.h>

/* The byte after the string that begins at `at`. */
static const char *string_end(const char *at)
{
    for (at++; *at != '"'; at++)
        if (*at == '\\')
            at++;
    return at + 1;
}

/* Write the word that begins at `at`, unless it is white space.  Returns the byte after it. */
static const char *put_word(struct strbuf *text, const char *at)
{
    const char *end = *at == '"' ? string_end(at) : at + 1;

    if (*at != ' ')
        strbuf_add(text, at, (size_t)(end - at));
    return end;
}

static void separate(struct template_list *list)
{
    if (list->begun)
        strbuf_puts(list->text, ",");
    list->begun = true;
}

void template_list_name(struct template_list *list, const char *name)
{
    separate(list);
    strbuf_quote(list->text, name);
    if (!list->value)
        return;
    strbuf_puts(list->text, ":");
    for (const char *at = list->value; at < list->end;)
        at = put_word(list->text, at);
}

void template_list_schema(struct template_list *list, const char *name, const char *schema,
                          const char *description)
{
    separate(list);
    strbuf_quote(list->text, name);
    strbuf_puts(list->text, ":{\"description\":");
    strbuf_quote(list->text, description);
    strbuf_puts(list->text, ",");
    strbuf_snippet(list->text, schema + strlen("{"));
}

/* The byte after the value that begins at `at`. */
static const char *value_end(const char *at)
{
    size_t depth = 0;

    for (;;) {
        if ((*at == ',' || *at == '}' || *at == ']') && depth == 0)
            return at;
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at = *at == '"' ? string_end(at) : at + 1;
    }
}

/* Fill in the list whose name is the string at `at`.  Returns the byte after it. */
static const char *fill_in(struct strbuf *text, const char *at, template_fill_f *fill)
{
    struct template_list list = {.text = text, .end = string_end(at)};
    const size_t length = (size_t)(list.end - at) - strlen("\"@\"");

    if (*list.end == ':') {
        list.value = list.end + 1;
        list.end = value_end(list.value);
    }
    fill(&list, at + strlen("\"@"), length);
    return list.end;
}

void json_template_write(struct strbuf *text, const char *source, template_fill_f *fill)
{
    while (*source)
        source =
            strncmp(source, "\"@", 2) == 0 ? fill_in(text, source, fill) : put_word(text, source);
}
