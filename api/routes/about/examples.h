/* examples.h - requests to begin with, one table (examples.def). */
#ifndef API_ROUTES_ABOUT_EXAMPLES_H
#define API_ROUTES_ABOUT_EXAMPLES_H

#include <stddef.h>

struct example {
    const char *name, *path, *type; /* the Content-Type */
    const char *what;
    const char *body; /* with ' for ": strbuf_snippet() writes it */
};

/* The example at a place; NULL: there are no more. */
const struct example *example_at(size_t place);

/* The one of a name; NULL with the name that was probably meant, or NULL there, too. */
const struct example *example_find(const char *name, const char **nearest);

#endif
