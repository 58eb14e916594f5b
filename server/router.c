/* router.c - look-ups in a table of routes. */
#include "server/router.h"

#include "api/exchange/url_pattern.h"
#include "server/nearest_route.h"

#include <stdio.h>
#include <string.h>

/* ---- rows by number ---- */

size_t router_count(const struct route *routes)
{
    size_t count = 0;

    while (routes[count].path)
        count++;
    return count;
}

size_t router_index(const struct route *routes, const struct route *route)
{
    size_t i = 0;

    while (routes[i].path && (!route || routes[i].endpoint != route->endpoint))
        i++;
    return i;
}

static bool is_scoring(const struct route *routes, const struct route *route)
{
    return route->endpoint->feed && router_index(routes, route) == (size_t)(route - routes);
}

size_t router_scoring_count(const struct route *routes)
{
    return router_scoring_index(routes, NULL);
}

const struct route *router_scoring_at(const struct route *routes, size_t i)
{
    const struct route *r = routes;

    while (!is_scoring(routes, r) || i-- > 0)
        r++;
    return r;
}

size_t router_scoring_index(const struct route *routes, const struct route *route)
{
    size_t i = 0;

    for (const struct route *r = routes; r->path; r++) {
        if (!is_scoring(routes, r))
            continue;
        if (route && r->endpoint == route->endpoint)
            break;
        i++;
    }
    return i;
}

/* ---- rows by method and path ---- */

static bool takes(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0
           || (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

/* The first row that matches a path; NULL where there is none. */
static const struct route *first_of(const struct route *routes, const char *path)
{
    const struct route *r = routes;

    while (r->path && !url_pattern_matches(r->path, path))
        r++;
    return r->path ? r : NULL;
}

/* The next row, from `r` on, of the same path or pattern; NULL past the last. */
static const struct route *next_of(const struct route *r, const struct route *first)
{
    while (r && r->path && strcmp(r->path, first->path) != 0)
        r++;
    return r && r->path ? r : NULL;
}

/* Say which routes there are. */
static void fail_path(const struct route *routes, const char *path, struct error *err)
{
    char near[NEAREST_ROUTE_SIZE];

    if (nearest_route(routes, path, near))
        error_set(err, ERR_NOT_FOUND, "",
                  "there is no such route; did you mean %s? /openapi.json lists all", near);
    else
        error_set(err, ERR_NOT_FOUND, "",
                  "there is no such route; GET / and /openapi.json list all");
}

static void fail_method(const struct route *routes, const char *path, struct error *err)
{
    char allowed[ALLOW_SIZE];

    router_allow(routes, path, allowed);
    error_set(err, ERR_BAD_METHOD, "", "the route takes %s, and no other method", allowed);
}

const struct route *router_find(const struct route *routes, const char *method, const char *path,
                                struct error *err)
{
    const struct route *first = first_of(routes, path);

    for (const struct route *r = first; r; r = next_of(r + 1, first))
        if (takes(r, method) || strcmp(method, "OPTIONS") == 0)
            return r;
    if (first)
        fail_method(routes, path, err);
    else
        fail_path(routes, path, err);
    return NULL;
}

static void append(char out[ALLOW_SIZE], const char *method)
{
    const size_t length = strlen(out);

    snprintf(out + length, ALLOW_SIZE - length, "%s%s", length > 0 ? ", " : "", method);
}

void router_allow(const struct route *routes, const char *path, char out[ALLOW_SIZE])
{
    const struct route *first = first_of(routes, path);

    out[0] = '\0';
    for (const struct route *r = first; r; r = next_of(r + 1, first)) {
        append(out, r->method);
        if (strcmp(r->method, "GET") == 0)
            append(out, "HEAD");
    }
    if (out[0] != '\0')
        append(out, "OPTIONS");
}
