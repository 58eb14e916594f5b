/* hint.c - what to use in place of a name that people bring from other tools. */
#include "api/members/hint.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned routes;
    const char *words;
} hints[] = {
#define HINT(name, routes, words) {#name, routes, words},
#include "api/members/hints.def"
};

const char *hint_find(enum hint_route route, const char *name)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if ((hints[i].routes & route) && strcmp(hints[i].name, name) == 0)
            return hints[i].words;
    return NULL;
}
