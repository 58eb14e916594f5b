/* url_pattern.c - patterns of paths. */
#include "api/exchange/url_pattern.h"

#include <string.h>

/* The length of the segment at `text`, after a slash. */
static size_t segment_length(const char *text)
{
    return strcspn(text, "/");
}

static bool segment_matches(const char *pattern, size_t pattern_length, const char *text,
                            size_t length)
{
    if (*pattern == '{')
        return length > 0;
    return pattern_length == length && memcmp(pattern, text, length) == 0;
}

/* Compare segment by segment, until the first difference or the pattern's segment {name}. */
static const char *walk(const char *pattern, const char *path, const char *name, bool *matches)
{
    *matches = false;
    while (*pattern == '/' && *path == '/') {
        const size_t pattern_length = segment_length(++pattern);
        const size_t length = segment_length(++path);

        if (!segment_matches(pattern, pattern_length, path, length))
            return NULL;
        if (name && *pattern == '{' && strlen(name) + 2 == pattern_length
            && memcmp(pattern + 1, name, pattern_length - 2) == 0)
            return path;
        pattern += pattern_length;
        path += length;
    }
    *matches = *pattern == '\0' && *path == '\0';
    return NULL;
}

bool url_pattern_matches(const char *pattern, const char *path)
{
    bool matches;

    walk(pattern, path, NULL, &matches);
    return matches;
}

bool path_is_under(const char *path, const char *prefix)
{
    const size_t length = strlen(prefix);

    return strncmp(path, prefix, length) == 0
           && (path[length] == '\0' || strchr("/?#", path[length]));
}

const char *url_pattern_segment(const char *pattern, const char *path, const char *name,
                                size_t *length)
{
    bool matches;
    const char *segment = walk(pattern, path, name, &matches);

    *length = segment ? segment_length(segment) : 0;
    return segment;
}
