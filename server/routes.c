/* routes.c - the one table of routes.
 *
 * To add a route: write its endpoint in api/ (or server/probes.c), declare it in api/api.h and add
 * a row.  Dispatch, 404, 405, Allow, the metric label, the log and docs/reference.md follow; a test
 * asks for its place in /openapi.json. */
#include "server/routes.h"

#include "server/probes.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
const struct route routes[] = {
    /* method  path              endpoint              open   quiet  summary */
    {"POST", "/v1/score",      &endpoint_score,      false, false, "Score sequences."},
    {"GET",  "/v1/objectives", &endpoint_objectives, false, false, "List the objectives and their options."},
    {"GET",  "/livez",         &endpoint_livez,      true,  true,  "Tell whether the process is alive."},
    {"GET",  "/readyz",        &endpoint_readyz,     true,  true,  "Tell whether requests are welcome."},
    {"GET",  "/metrics",       &endpoint_metrics,    false, true,  "Publish numbers for Prometheus."},
    {"GET",  "/openapi.json",  &endpoint_openapi,    false, false, "Describe this interface (OpenAPI 3.1)."},
    {"GET",  "/version",       &endpoint_version,    false, false, "Tell the version."},
    {0},
};
/* clang-format on */

size_t route_count(void)
{
    return sizeof routes / sizeof *routes - 1;
}

size_t route_index(const struct route *route)
{
    return route ? (size_t)(route - routes) : route_count();
}

static bool takes(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0
           || (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

const struct route *route_find(const char *method, const char *path, struct error *err)
{
    bool known = false;

    for (const struct route *r = routes; r->path; r++) {
        if (strcmp(r->path, path) != 0)
            continue;
        if (takes(r, method) || strcmp(method, "OPTIONS") == 0)
            return r;
        known = true;
    }
    error_set(err, known ? ERR_BAD_METHOD : ERR_NOT_FOUND, "",
              known ? "the route is known, its method is another" : "there is no such route");
    return NULL;
}

static void append(char out[ALLOW_SIZE], const char *method)
{
    const size_t length = strlen(out);

    snprintf(out + length, ALLOW_SIZE - length, "%s%s", length > 0 ? ", " : "", method);
}

void route_allow(const char *path, char out[ALLOW_SIZE])
{
    out[0] = '\0';
    for (const struct route *r = routes; r->path; r++) {
        if (strcmp(r->path, path) != 0)
            continue;
        append(out, r->method);
        if (strcmp(r->method, "GET") == 0)
            append(out, "HEAD");
    }
    if (out[0] != '\0')
        append(out, "OPTIONS");
}

void route_reference(route_write_f *write, void *context)
{
    static const char title[] =
        "## Routes\n\n| method | path | key | meaning |\n|---|---|---|---|\n";
    char line[256];

    write(context, title, sizeof title - 1);
    for (const struct route *r = routes; r->path; r++) {
        const int length = snprintf(line, sizeof line, "| %s | `%s` | %s | %s |\n", r->method,
                                    r->path, r->open ? "no" : "yes", r->summary);
        write(context, line, (size_t)length);
    }
    write(context, "\n", 1);
}
