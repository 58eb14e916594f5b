/* examples.c - look-ups in the table. */
#include "api/routes/about/examples.h"

#include "api/base/nearest.h"

#include <string.h>

#define JSON "application/json"
#define LINES "application/x-ndjson"

static const struct example examples[] = {
#define EXAMPLE(name, path, type, what, body) {#name, path, type, what, body},
#include "api/routes/about/examples.def"
};

const struct example *example_at(size_t place)
{
    return place < sizeof examples / sizeof *examples ? &examples[place] : NULL;
}

const struct example *example_find(const char *name, const char **nearest)
{
    static const char *const names[] = {
#define EXAMPLE(name, path, type, what, body) #name,
#include "api/routes/about/examples.def"
        NULL};

    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (strcmp(examples[i].name, name) == 0)
            return &examples[i];
    *nearest = nearest_find(names, name);
    return NULL;
}
