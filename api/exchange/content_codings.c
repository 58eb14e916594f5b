/* content_codings.c - the table of content codings that are accepted. */
#include "api/exchange/content_codings.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

extern const struct content_coding coding_gzip, coding_deflate, coding_zstd;

static const struct content_coding *const codings[] = {&coding_gzip, &coding_deflate, &coding_zstd};

#define CODINGS (sizeof codings / sizeof *codings)

const struct content_coding *coding_at(size_t index)
{
    return index < CODINGS ? codings[index] : NULL;
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return word && strlen(word) == length && strncasecmp(text, word, length) == 0;
}

const struct content_coding *coding_find(const char *name, size_t length)
{
    for (size_t i = 0; i < CODINGS; i++)
        if (is_word(name, length, codings[i]->name) || is_word(name, length, codings[i]->alias))
            return codings[i];
    return NULL;
}

void coding_list(char *out, size_t size)
{
    size_t length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < CODINGS && length < size; i++)
        length += (size_t)snprintf(out + length, size - length, "%s%s", length > 0 ? ", " : "",
                                   codings[i]->name);
}
