/* json_template.h - a JSON text with slots for lists.
 *
 * A string that begins with @ is a slot; the rest of it names a list.  As an element of an array it
 * is replaced by the names of the list.  As the name of a member it is replaced by one member for
 * each name.  The value of each is the name's own schema or, if it has none, the value of the
 * slot. */
#ifndef API_ROUTES_ABOUT_JSON_TEMPLATE_H
#define API_ROUTES_ABOUT_JSON_TEMPLATE_H

#include "api/base/strbuf.h"

#include <stdbool.h>

/* A slot that is being filled. */
struct template_list {
    struct strbuf *text;
    const char *value; /* the value of a member; NULL: the slot is in an array */
    const char *end;   /* the byte after the value, or after the slot */
    bool begun;        /* a name was written */
};

/* Write a name. */
void template_list_name(struct template_list *list, const char *name);

/* Write a name with a schema (a JSON object with ' for ", not empty) and its description. */
void template_list_schema(struct template_list *list, const char *name, const char *schema,
                          const char *description);

/* Write all names of a list.  `name` is the list's name without the @. */
typedef void template_fill_f(struct template_list *list, const char *name, size_t length);

/* Append a template with its slots filled.  White space between its words is left out. */
void json_template_write(struct strbuf *text, const char *source, template_fill_f *fill);

#endif
