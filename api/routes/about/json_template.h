/* json_template.h - a JSON text in which lists are filled in.
 *
 * A string of the text that begins with @ names a list.  As an element of an array it stands for
 * the list's names, each an element; as the name of a member for one member a name, whose value is
 * the name's own or, where it has none, that of the member in the text. */
#ifndef API_ROUTES_ABOUT_JSON_TEMPLATE_H
#define API_ROUTES_ABOUT_JSON_TEMPLATE_H

#include "api/base/strbuf.h"

#include <stdbool.h>

/* Where a list is filled in. */
struct template_list {
    struct strbuf *text;
    const char *value; /* of a member in the text; NULL: the list is in an array */
    const char *end;   /* of it, or of the name */
    bool begun;
};

/* Add a name. */
void template_list_name(struct template_list *list, const char *name);

/* Add a name whose value is a schema (a JSON object with ' for ", not empty) with a description. */
void template_list_schema(struct template_list *list, const char *name, const char *schema,
                          const char *description);

/* Write all of a list, whose name follows the @. */
typedef void template_fill_f(struct template_list *list, const char *name, size_t length);

/* Append a text with its lists filled in; white space between its words is left out. */
void json_template_write(struct strbuf *text, const char *source, template_fill_f *fill);

#endif
