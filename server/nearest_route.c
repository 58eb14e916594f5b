/* nearest_route.c - finds the route that a client probably meant. */
#include "server/nearest_route.h"

#include "api/base/nearest.h"

#include <ctype.h>
#include <string.h>

#define ROUTES_MOST 64 /* that are looked at */
#define SHORTEST 4     /* "/v1" is no slip of the pen for "/v2" */

struct paths {
    char text[ROUTES_MOST][NEAREST_ROUTE_SIZE];
    const char *list[ROUTES_MOST + 1]; /* of `text`; ends with NULL */
    size_t count;
};

static void copy_lower(char out[NEAREST_ROUTE_SIZE], const char *text, size_t length)
{
    const size_t most = length < NEAREST_ROUTE_SIZE ? length : NEAREST_ROUTE_SIZE - 1;

    for (size_t i = 0; i < most; i++)
        out[i] = (char)tolower((unsigned char)text[i]);
    out[most] = '\0';
}

/* Add one segment, with its slash, to a path. */
static void append(char out[NEAREST_ROUTE_SIZE], const char *segment)
{
    const size_t length = strlen(out), room = NEAREST_ROUTE_SIZE - 1 - length;
    const size_t own = 1 + strcspn(segment + 1, "/");

    memcpy(out + length, segment, own < room ? own : room);
    out[length + (own < room ? own : room)] = '\0';
}

static const char *next_segment(const char *segment)
{
    return segment + 1 + strcspn(segment + 1, "/");
}

/* The pattern of a route with the segments of a path in the place of those in braces. */
static void fill(char out[NEAREST_ROUTE_SIZE], const char *pattern, const char *path)
{
    out[0] = '\0';
    while (*pattern) {
        const bool filled = pattern[1] == '{' && *path && path[1] && path[1] != '/';

        append(out, filled ? path : pattern);
        pattern = next_segment(pattern);
        path = *path ? next_segment(path) : path;
    }
}

static void collect(struct paths *paths, const struct route *routes, const char *path)
{
    paths->count = 0;
    for (const struct route *r = routes; r->path && paths->count < ROUTES_MOST; r++) {
        if (!r->summary || strlen(r->path) < SHORTEST)
            continue;
        fill(paths->text[paths->count], r->path, path);
        paths->list[paths->count] = paths->text[paths->count];
        paths->count++;
    }
    paths->list[paths->count] = NULL;
}

/* The first path that goes on where `path` ends. */
static const char *beginning_with(const struct paths *paths, const char *path)
{
    for (size_t i = 0; strlen(path) >= SHORTEST - 1 && i < paths->count; i++)
        if (strncmp(paths->list[i], path, strlen(path)) == 0)
            return paths->list[i];
    return NULL;
}

static bool has_segment(const char *path, const char *segment)
{
    const size_t length = strlen(segment);
    const char *at = path;

    while ((at = strstr(at, segment)) != NULL && at[length] != '/' && at[length] != '\0')
        at++;
    return at != NULL;
}

/* The first path that has the last segment of `path`. */
static const char *sharing(const struct paths *paths, const char *path)
{
    const char *last = strrchr(path, '/');

    for (size_t i = 0; last && last[1] && i < paths->count; i++)
        if (has_segment(paths->list[i], last))
            return paths->list[i];
    return NULL;
}

bool nearest_route(const struct route *routes, const char *path, char out[NEAREST_ROUTE_SIZE])
{
    char asked[NEAREST_ROUTE_SIZE];
    struct paths paths;
    const char *found;

    copy_lower(asked, path, strlen(path));
    collect(&paths, routes, asked);
    found = paths.count > 0 ? nearest_find(paths.list, asked) : NULL;
    if (!found)
        found = beginning_with(&paths, asked);
    if (!found)
        found = sharing(&paths, asked);
    if (found)
        copy_lower(out, found, strlen(found));
    return found != NULL;
}
