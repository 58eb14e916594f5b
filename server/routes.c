/* routes.c - the one table of routes.
 *
 * To add a route: write its endpoint in api/ (or server/probes.c), declare it in api/api.h and add
 * a row.  Dispatch, 404, 405, Allow, the metric label, the log and docs/reference.md follow; a test
 * asks for its place in /openapi.json. */
#include "server/routes.h"

#include "api/path.h"

#include "server/probes.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
#define NATIVE FAMILY_NATIVE
#define OIP FAMILY_OIP
#define OPENAI FAMILY_OPENAI
const struct route routes[] = {
    /* method  path            family  endpoint              open   quiet  summary */
    {"POST", "/v1/score",      NATIVE, &endpoint_score,      false, false, "Score sequences."},
    {"POST", "/v1/rank",       NATIVE, &endpoint_rank,       false, false, "Rank the choices of questions."},
    {"POST", "/v1/compare",    NATIVE, &endpoint_compare,    false, false, "Compare two models over the same tokens."},
    {"POST", "/v1/completions", OPENAI, &endpoint_completions, false, false, "Score prompts in OpenAI's legacy shape."},
    {"GET",  "/v1/models",     OPENAI, &endpoint_models,     false, false, "List the one model there is, for clients of OpenAI's interface."},
    {"GET",  "/v1/objectives", NATIVE, &endpoint_objectives, false, false, "List the objectives and their options."},
    {"GET",  "/livez",         NATIVE, &endpoint_livez,      true,  true,  "Tell whether the process is alive."},
    {"GET",  "/readyz",        NATIVE, &endpoint_readyz,     true,  true,  "Tell whether requests are welcome."},
    {"GET",  "/metrics",       NATIVE, &endpoint_metrics,    false, true,  "Publish numbers for Prometheus."},
    {"GET",  "/openapi.json",  NATIVE, &endpoint_openapi,    false, false, "Describe this interface (OpenAPI 3.1)."},
    {"GET",  "/version",       NATIVE, &endpoint_version,    false, false, "Tell the version."},

    {"GET",  "/v2",                 OIP, &endpoint_oip_server, false, false, "Tell the server's name, version and extensions (Open Inference Protocol)."},
    {"GET",  "/v2/",                OIP, &endpoint_oip_server, false, false, NULL},
    {"GET",  "/v2/health/live",     OIP, &endpoint_oip_live,   true,  true,  "Tell whether the process is alive."},
    {"GET",  "/v2/health/ready",    OIP, &endpoint_oip_ready,  true,  true,  "Tell whether requests are welcome."},
    {"POST", "/v2/repository/index", OIP, &endpoint_oip_index, false, false, "List the models and their state."},
    {"GET",  "/v2/models/stats",    OIP, &endpoint_oip_all_stats, false, false, "Tell what was asked of every model."},
    {"GET",  "/v2/models/{name}",        OIP, &endpoint_oip_model,  false, false, "Tell what a model takes and answers."},
    {"GET",  "/v2/models/{name}/ready",  OIP, &endpoint_oip_model_ready, true, true, "Tell whether a model is ready."},
    {"GET",  "/v2/models/{name}/config", OIP, &endpoint_oip_config, false, false, "Tell a model's configuration (Triton's ModelConfig)."},
    {"GET",  "/v2/models/{name}/stats",  OIP, &endpoint_oip_stats,  false, false, "Tell what was asked of a model."},
    {"POST", "/v2/models/{name}/infer",  OIP, &endpoint_infer,      false, false, "Score tensors, as JSON or binary."},
    {"GET",  "/v2/models/{name}/versions/{version}",        OIP, &endpoint_oip_model,  false, false, "The same of a version; there is version 1."},
    {"GET",  "/v2/models/{name}/versions/{version}/ready",  OIP, &endpoint_oip_model_ready, true, true, "The same of a version."},
    {"GET",  "/v2/models/{name}/versions/{version}/config", OIP, &endpoint_oip_config, false, false, "The same of a version."},
    {"GET",  "/v2/models/{name}/versions/{version}/stats",  OIP, &endpoint_oip_stats,  false, false, "The same of a version."},
    {"POST", "/v2/models/{name}/versions/{version}/infer",  OIP, &endpoint_infer,      false, false, "The same of a version."},
    {0},
};

/* Where there is no such route, the beginning of the path decides. */
static const struct {
    const char *prefix;
    enum family family;
} families[] = {
    {"/v2", OIP},
    {"/v1/completions", OPENAI},
    {"/v1/models", OPENAI},
};
/* clang-format on */

size_t route_count(void)
{
    return sizeof routes / sizeof *routes - 1;
}

size_t route_index(const struct route *route)
{
    const struct route *r = routes;

    while (route && r->path && r->endpoint != route->endpoint)
        r++;
    return route ? (size_t)(r - routes) : route_count();
}

static bool is_scoring(const struct route *route)
{
    return route->endpoint->feed && route_index(route) == (size_t)(route - routes);
}

size_t route_scoring_count(void)
{
    size_t count = 0;

    for (const struct route *r = routes; r->path; r++)
        count += is_scoring(r);
    return count;
}

const struct route *route_scoring_at(size_t i)
{
    const struct route *r = routes;

    while (!is_scoring(r) || i-- > 0)
        r++;
    return r;
}

size_t route_scoring_index(const struct route *route)
{
    size_t i = 0;

    for (const struct route *r = routes; r->path; r++) {
        if (!is_scoring(r))
            continue;
        if (route && r->endpoint == route->endpoint)
            break;
        i++;
    }
    return i;
}

static bool takes(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0
           || (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

/* The first row for a path, past all others that match; NULL where there is none. */
static const struct route *first_of(const char *path)
{
    const struct route *r = routes;

    while (r->path && !path_matches(r->path, path))
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

const struct route *route_find(const char *method, const char *path, struct error *err)
{
    const struct route *first = first_of(path);

    for (const struct route *r = first; r; r = next_of(r + 1, first))
        if (takes(r, method) || strcmp(method, "OPTIONS") == 0)
            return r;
    error_set(err, first ? ERR_BAD_METHOD : ERR_NOT_FOUND, "",
              first ? "the route is known, its method is another" : "there is no such route");
    return NULL;
}

enum family route_family(const char *path)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (path_is_under(path, families[i].prefix))
            return families[i].family;
    return FAMILY_NATIVE;
}

static void append(char out[ALLOW_SIZE], const char *method)
{
    const size_t length = strlen(out);

    snprintf(out + length, ALLOW_SIZE - length, "%s%s", length > 0 ? ", " : "", method);
}

void route_allow(const char *path, char out[ALLOW_SIZE])
{
    const struct route *first = first_of(path);

    out[0] = '\0';
    for (const struct route *r = first; r; r = next_of(r + 1, first)) {
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
        int length;

        if (!r->summary)
            continue;
        length = snprintf(line, sizeof line, "| %s | `%s` | %s | %s |\n", r->method, r->path,
                          r->open ? "no" : "yes", r->summary);
        write(context, line, (size_t)length);
    }
    write(context, "\n", 1);
}
