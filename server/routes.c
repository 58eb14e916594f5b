/* routes.c - the one table of routes.
 *
 * To add a route: write its endpoint in api/ (or server/probes.c), and declare it in a
 * header there; add a row.  Dispatch, 404, 405, Allow, the metric's label, the log and
 * docs/reference.md follow; a test asks for its place in /openapi.json. */
#include "server/routes.h"

#include "api/exchange/url_pattern.h"
#include "api/routes/about/about_endpoints.h"
#include "api/routes/compare/compare_endpoint.h"
#include "api/routes/completions/completions_endpoints.h"
#include "api/routes/infer/infer_endpoints.h"
#include "api/routes/page/page_endpoint.h"
#include "api/routes/policy/policy_endpoint.h"
#include "api/routes/preference/preference_endpoint.h"
#include "api/routes/rank/rank_endpoint.h"
#include "api/routes/score/score_endpoint.h"

#include "server/probes.h"

#include <string.h>

/* clang-format off */
#define NATIVE STYLE_NATIVE
#define OIP STYLE_OIP
#define OPENAI STYLE_OPENAI
const struct route routes[] = {
    /* method  path            style   endpoint              open   probe  summary */
    {"POST", "/v1/score",      NATIVE, &endpoint_score,      false, false, "Score sequences."},
    {"POST", "/v1/rank",       NATIVE, &endpoint_rank,       false, false, "Rank the choices of questions."},
    {"POST", "/v1/compare",    NATIVE, &endpoint_compare,    false, false, "Compare two models over the same tokens."},
    {"POST", "/v1/policy",     NATIVE, &endpoint_policy,     false, false, "Compute ratios of policies, and the losses of policy optimisation."},
    {"POST", "/v1/preference", NATIVE, &endpoint_preference, false, false, "Compute losses of preferences."},
    {"POST", "/v1/completions", OPENAI, &endpoint_completions, false, false, "Score prompts, in the format of OpenAI's legacy completions."},
    {"GET",  "/v1/models",     OPENAI, &endpoint_models,     false, false, "List the one model, for clients of OpenAI's interface."},
    {"GET",  "/v1/objectives", NATIVE, &endpoint_objectives, false, false, "List the objectives and their options."},
    {"GET",  "/",              NATIVE, &endpoint_page,       true,  false, "Return the page; to a client that asks for JSON, an index of links."},
    {"GET",  "/docs",          NATIVE, &endpoint_page,       true,  false, "Return the page that shows /openapi.json."},
    {"GET",  "/web/{file}",    NATIVE, &endpoint_page,       true,  false, NULL},
    {"GET",  "/web/js/{file}", NATIVE, &endpoint_page,       true,  false, NULL},
    {"GET",  "/web/examples/{file}", NATIVE, &endpoint_page, true,  false, NULL},
    {"GET",  "/livez",         NATIVE, &endpoint_livez,      true,  true,  "Say whether the process is alive."},
    {"GET",  "/readyz",        NATIVE, &endpoint_readyz,     true,  true,  "Say whether requests are accepted."},
    {"GET",  "/metrics",       NATIVE, &endpoint_metrics,    false, true,  "Return metrics for Prometheus."},
    {"GET",  "/openapi.json",  NATIVE, &endpoint_openapi,    false, false, "Describe this interface (OpenAPI 3.1)."},
    {"GET",  "/version",       NATIVE, &endpoint_version,    false, false, "Return the version."},

    {"GET",  "/v2",                 OIP, &endpoint_oip_server, false, false, "Return the server's name, version and extensions (Open Inference Protocol)."},
    {"GET",  "/v2/",                OIP, &endpoint_oip_server, false, false, NULL},
    {"GET",  "/v2/health/live",     OIP, &endpoint_oip_live,   true,  true,  "Say whether the process is alive."},
    {"GET",  "/v2/health/ready",    OIP, &endpoint_oip_ready,  true,  true,  "Say whether requests are accepted."},
    {"POST", "/v2/repository/index", OIP, &endpoint_oip_index, false, false, "List the models and their state."},
    {"GET",  "/v2/models/stats",    OIP, &endpoint_oip_all_stats, false, false, "Return the statistics of every model."},
    {"GET",  "/v2/models/{name}",        OIP, &endpoint_oip_model,  false, false, "Describe the input and output tensors of a model."},
    {"GET",  "/v2/models/{name}/ready",  OIP, &endpoint_oip_model_ready, true, true, "Say whether a model is ready."},
    {"GET",  "/v2/models/{name}/config", OIP, &endpoint_oip_config, false, false, "Return a model's configuration (Triton's ModelConfig)."},
    {"GET",  "/v2/models/{name}/stats",  OIP, &endpoint_oip_stats,  false, false, "Return the statistics of a model."},
    {"POST", "/v2/models/{name}/infer",  OIP, &endpoint_infer,      false, false, "Score tensors, as JSON or binary."},
    {"GET",  "/v2/models/{name}/versions/{version}",        OIP, &endpoint_oip_model,  false, false, "The same for a version; the only one is 1."},
    {"GET",  "/v2/models/{name}/versions/{version}/ready",  OIP, &endpoint_oip_model_ready, true, true, "The same for a version."},
    {"GET",  "/v2/models/{name}/versions/{version}/config", OIP, &endpoint_oip_config, false, false, "The same for a version."},
    {"GET",  "/v2/models/{name}/versions/{version}/stats",  OIP, &endpoint_oip_stats,  false, false, "The same for a version."},
    {"POST", "/v2/models/{name}/versions/{version}/infer",  OIP, &endpoint_infer,      false, false, "The same for a version."},
    {0},
};

/* Where there is no such route, the beginning of the path decides. */
static const struct {
    const char *prefix;
    enum error_style style;
} styles[] = {
    {"/v2", OIP},
    {"/v1/completions", OPENAI},
    {"/v1/models", OPENAI},
};
/* clang-format on */

enum error_style route_style(const char *path)
{
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
        if (path_is_under(path, styles[i].prefix))
            return styles[i].style;
    return STYLE_NATIVE;
}

void route_reference(struct strbuf *page)
{
    strbuf_puts(page, "## Routes\n\n| method | path | key | meaning |\n|---|---|---|---|\n");
    for (const struct route *r = routes; r->path; r++)
        if (r->summary)
            strbuf_printf(page, "| %s | `%s` | %s | %s |\n", r->method, r->path,
                          r->open ? "no" : "yes", r->summary);
    strbuf_puts(page, "\n");
}
