/* engines.c - the table of engines. */
#include "api/engines/engines.h"

#include <stdio.h>
#include <string.h>

#define FORMAT(name) extern const struct engine engine_##name;
#include "api/members/formats.def"

static const struct engine *const engines[] = {
#define FORMAT(name) &engine_##name,
#include "api/members/formats.def"
};

#define ENGINES (sizeof engines / sizeof *engines)

const struct engine *engine_at(size_t index)
{
    return index < ENGINES ? engines[index] : NULL;
}

const struct engine *engine_find(const char *name)
{
    for (size_t i = 0; i < ENGINES; i++)
        if (strcmp(engines[i]->name, name) == 0)
            return engines[i];
    return NULL;
}

size_t engines_list(json_t *response, char *out, size_t size, const struct engine **last)
{
    size_t count = 0, length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < ENGINES; i++) {
        if (response && !engines[i]->detect(response))
            continue;
        length += (size_t)snprintf(out + length, size - length, "%s%s", count ? ", " : "",
                                   engines[i]->name);
        *last = engines[i];
        count++;
    }
    return count;
}
