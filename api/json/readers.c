/* readers.c - the table of readers of numbers. */
#include "api/json/readers.h"

#include "core/cpu.h"

#include <string.h>

#define READER(name, needs) extern const struct reader reader_##name;
#include "api/json/readers.def"

static const struct candidate {
    const struct reader *reader;
    unsigned needs;
} candidates[] = {
#define READER(name, needs) {&reader_##name, needs},
#include "api/json/readers.def"
    {NULL, 0},
};

const struct reader *reader_at(unsigned features, size_t index)
{
    for (const struct candidate *candidate = candidates; candidate->reader; candidate++)
        if ((candidate->needs & ~features) == 0 && index-- == 0)
            return candidate->reader;
    return NULL;
}

const struct reader *reader_find(unsigned features, const char *name)
{
    const struct reader *reader;

    if (strcmp(name, "auto") == 0)
        return reader_at(features, 0);
    for (size_t i = 0; (reader = reader_at(features, i)) != NULL; i++)
        if (strcmp(reader->name, name) == 0)
            return reader;
    return NULL;
}

bool reader_exists(const char *name)
{
    return strcmp(name, "auto") == 0 || reader_find(~0U, name) != NULL;
}
