/* openapi.c - GET /openapi.json: an OpenAPI 3.1 document, made from the tables. */
#include "api/routes/about/about_endpoints.h"

#include "api/base/version.h"
#include "api/exchange/content_codings.h"
#include "api/exchange/exchange.h"
#include "api/exchange/url_pattern.h"
#include "api/routes/about/examples.h"
#include "api/routes/about/openapi_schemas.h"
#include "api/routes/compare/compare_endpoint.h"
#include "api/routes/completions/completions_endpoints.h"
#include "api/routes/infer/infer_endpoints.h"
#include "api/routes/infer/infer_models.h"
#include "api/routes/page/page_endpoint.h"
#include "api/routes/policy/policy_endpoint.h"
#include "api/routes/preference/preference_endpoint.h"
#include "api/routes/rank/rank_endpoint.h"
#include "api/routes/score/decoders.h"
#include "api/routes/score/score_endpoint.h"

#include <ctype.h>
#include <string.h>

#define SCHEMA(name) "{'schema':{'$ref':'#/components/schemas/" name "'}}"
#define JSON(name) "'application/json':" SCHEMA(name)
/* The body of a request: at @ are its examples. */
#define BODY(name)                                                                                 \
    "'application/json':{'schema':{'$ref':'#/components/schemas/" name "'},'examples':{@}}"
#define LINES(name)                                                                                \
    ",'application/x-ndjson':{'schema':{'type':'string','description':'Each line is a " name ".'}" \
    "}"
#define OBJECT "'application/json':{'schema':{'type':'object'}}"

/* The bodies of requests and answers.  The @ is for examples. */
static const struct content {
    const struct endpoint *endpoint;
    const char *request, *answer;
} contents[] = {
    {&endpoint_score, NULL,
     "'application/json':" SCHEMA("ScoreAnswer") ",'application/x-ndjson':{'schema':{"
                                                 "'type':'string','description':'A ScoreAnswer or "
                                                 "a Problem a line, then the NdjsonTotals.'}}"},
    {&endpoint_rank, BODY("RankRequest"), JSON("RankAnswer")},
    {&endpoint_compare, BODY("CompareRequest"), JSON("CompareAnswer")},
    {&endpoint_preference, BODY("PreferenceRequest") LINES("PreferenceRequest"),
     JSON("PreferenceAnswer") LINES("PreferenceAnswer or a Problem; the last is PreferenceLines")},
    {&endpoint_policy, BODY("PolicyRequest") LINES("PolicyRequest"),
     JSON("PolicyAnswer") LINES("PolicyAnswer or a Problem; the last is PolicyLines")},
    {&endpoint_completions, BODY("CompletionRequest"), JSON("Completion")},
    {&endpoint_models, NULL, JSON("ModelList")},
    {&endpoint_page, NULL,
     "'text/html':{'schema':{'type':'string'}},'application/json':{'schema':{'type':'object'}}"},
    {&endpoint_objectives, NULL, JSON("ObjectiveList")},
    {&endpoint_version, NULL, JSON("Version")},
    {&endpoint_infer, BODY("InferRequest") ",'application/octet-stream':{}",
     JSON("InferAnswer") ",'application/octet-stream':{}"},
    {&endpoint_oip_server, NULL, JSON("InferServer")},
    {&endpoint_oip_index, NULL,
     "'application/json':{'schema':{'type':'array','items':{'$ref':'#/components/schemas/"
     "InferEntry'}}}"},
    {&endpoint_oip_all_stats, NULL, JSON("InferStats")},
    {&endpoint_oip_stats, NULL, JSON("InferStats")},
    {&endpoint_oip_model, NULL, JSON("InferModel")},
    {&endpoint_oip_config, NULL, JSON("InferConfig")},
};

/* The answers of endpoints of the process, which are above this room. */
static const struct {
    const char *path, *answer;
} probes[] = {
    {"/livez", JSON("Status")},
    {"/readyz", JSON("Status")},
    {"/metrics", "'text/plain':{'schema':{'type':'string'}}"},
    {"/v2/health/live", JSON("InferLive")},
    {"/v2/health/ready", JSON("InferReady")},
    {"/v2/models/{name}/ready", JSON("InferModelReady")},
    {"/v2/models/{name}/versions/{version}/ready", JSON("InferModelReady")},
};

/* The body of a route's request; NULL: it has none, or decoders tell. */
static const char *request_of(const struct route *route)
{
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        if (contents[i].endpoint == route->endpoint)
            return contents[i].request;
    return NULL;
}

static const char *answer_of(const struct route *route)
{
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        if (contents[i].endpoint == route->endpoint)
            return contents[i].answer;
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
        if (strcmp(probes[i].path, route->path) == 0)
            return probes[i].answer;
    return OBJECT;
}

/* The schema of errors, by style. */
static const char *const errors[STYLE_COUNT] = {
    [STYLE_NATIVE] = "'application/problem+json':" SCHEMA("Problem"),
    [STYLE_OPENAI] = "'application/json':" SCHEMA("OpenAIError"),
    [STYLE_OIP] = "'application/json':" SCHEMA("InferError"),
};

static void put_responses(struct strbuf *text, const struct route *route)
{
    strbuf_snippet(text, "'responses':{'200':{'description':'The answer.','content':{");
    strbuf_snippet(text, answer_of(route));
    strbuf_snippet(text, "}},'default':{'description':'What went wrong.','content':{");
    strbuf_snippet(text, errors[route->style]);
    strbuf_puts(text, "}}}");
}

/* "post /v1/score" becomes postV1Score. */
static void put_operation_id(struct strbuf *text, const char *method, const char *path)
{
    bool upper = true;

    strbuf_snippet(text, "'operationId':'");
    for (const char *c = method; *c; c++)
        strbuf_add(text, (const char[]){(char)tolower((unsigned char)*c)}, 1);
    for (const char *c = path; *c; c++) {
        const int letter = upper ? toupper((unsigned char)*c) : *c;

        upper = !isalnum((unsigned char)*c);
        if (!upper)
            strbuf_add(text, (const char[]){(char)letter}, 1);
    }
    strbuf_snippet(text, "',");
}

/* Write the codings that a body may have. */
static void put_encodings(struct strbuf *text)
{
    const struct content_coding *coding;

    strbuf_snippet(text, "{'name':'Content-Encoding','in':'header','schema':{'enum':[");
    for (size_t i = 0; (coding = coding_at(i)) != NULL; i++) {
        strbuf_quote(text, coding->name);
        strbuf_puts(text, ",");
    }
    strbuf_snippet(text, "'identity']}}");
}

/* Write what a segment in braces may be: the name of a model, or its version. */
static void put_segment(struct strbuf *text, const char *name, size_t length)
{
    strbuf_snippet(text, "{'name':");
    strbuf_string(text, name, length);
    strbuf_snippet(text, ",'in':'path','required':true,'schema':{'type':'string','enum':[");
    if (length == strlen("name") && memcmp(name, "name", length) == 0)
        for (enum model_id id = 0; id < MODEL_COUNT; id++) {
            strbuf_puts(text, id == 0 ? "" : ",");
            strbuf_quote(text, model_at(id)->name);
        }
    else
        strbuf_snippet(text, "'1'");
    strbuf_puts(text, "]}}");
}

/* Write the segments in braces of the path, and header fields. */
static void put_parameters(struct strbuf *text, const struct route *route)
{
    const bool post = strcmp(route->method, "POST") == 0;
    const char *open = strchr(route->path, '{');

    if (!open && !post)
        return;
    strbuf_snippet(text, "'parameters':[");
    for (; open; open = strchr(open + 1, '{')) {
        put_segment(text, open + 1, strcspn(open + 1, "}"));
        strbuf_puts(text, strchr(open + 1, '{') || post ? "," : "");
    }
    if (post)
        put_encodings(text);
    strbuf_puts(text, "],");
}

/* ---- bodies ---- */

/* The value of an example: JSON as it is, lines as a text. */
static void put_value(struct strbuf *text, const struct example *example)
{
    char lines[512];
    struct strbuf body = {.data = lines, .capacity = sizeof lines};

    if (strcmp(example->type, "application/json") == 0) {
        strbuf_snippet(text, example->body);
        return;
    }
    strbuf_snippet(&body, example->body);
    strbuf_string(text, lines, body.length);
}

/* Whether an example is one of a route: its path is, or the path of a route of the same endpoint.
 */
static bool is_for(const struct example *example, const struct route *route,
                   const struct route *routes)
{
    for (const struct route *r = routes; r->path; r++)
        if (r->endpoint == route->endpoint && url_pattern_matches(r->path, example->path))
            return true;
    return false;
}

/* Write the examples of a route that have a media type, as members of `examples`. */
static void put_examples(struct strbuf *text, const struct route *routes, const struct route *route,
                         const char *type)
{
    const struct example *example;
    bool begun = false;

    for (size_t i = 0; (example = example_at(i)) != NULL; i++) {
        if (strcmp(example->type, type) != 0 || !is_for(example, route, routes))
            continue;
        strbuf_puts(text, begun ? "," : "");
        begun = true;
        strbuf_quote(text, example->name);
        strbuf_snippet(text, ":{'summary':");
        strbuf_quote(text, example->what);
        strbuf_snippet(text, ",'value':");
        put_value(text, example);
        strbuf_puts(text, "}");
    }
}

/* Write the formats that the decoders of POST /v1/score take. */
static void put_decoders(struct strbuf *text, const struct route *routes, const struct route *route)
{
    const struct decoder *decoder;

    for (size_t i = 0; (decoder = decoder_at(i)) != NULL; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        strbuf_quote(text, decoder->media_type);
        strbuf_snippet(text, ":{'schema':");
        strbuf_snippet(text, decoder->schema);
        strbuf_snippet(text, ",'examples':{");
        put_examples(text, routes, route, decoder->media_type);
        strbuf_puts(text, "}}");
    }
}

/* Write the media types of a request, with examples at @. */
static void put_body(struct strbuf *text, const struct route *routes, const struct route *route,
                     const char *request)
{
    for (const char *c = request; *c; c++)
        if (*c == '@')
            put_examples(text, routes, route, "application/json");
        else
            strbuf_add(text, *c == '\'' ? "\"" : c, 1);
}

static void put_request(struct strbuf *text, const struct route *routes, const struct route *route)
{
    const char *request = request_of(route);

    if (!request && route->endpoint != &endpoint_score)
        return;
    strbuf_snippet(text, "'requestBody':{'required':true,'content':{");
    if (request)
        put_body(text, routes, route, request);
    else
        put_decoders(text, routes, route);
    strbuf_puts(text, "}},");
}

static void put_operation(struct strbuf *text, const struct route *routes,
                          const struct route *route)
{
    strbuf_puts(text, "\"");
    for (const char *c = route->method; *c; c++)
        strbuf_add(text, (const char[]){(char)tolower((unsigned char)*c)}, 1);
    strbuf_snippet(text, "':{'summary':");
    strbuf_quote(text, route->summary);
    strbuf_puts(text, ",");
    put_operation_id(text, route->method, route->path);
    if (route->open)
        strbuf_snippet(text, "'security':[],");
    put_parameters(text, route);
    put_request(text, routes, route);
    put_responses(text, route);
    strbuf_puts(text, "}");
}

static void put_paths(struct strbuf *text, const struct route *routes)
{
    strbuf_snippet(text, "'paths':{");
    for (const struct route *route = routes; route->path; route++) {
        if (!route->summary)
            continue;
        strbuf_puts(text, route == routes ? "" : ",");
        strbuf_quote(text, route->path);
        strbuf_puts(text, ":{");
        put_operation(text, routes, route);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "}");
}

static void finish_openapi(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};

    strbuf_snippet(&text,
                   "{'openapi':'3.1.0','info':{'title':'logitd','version':'" LOGITD_VERSION "',"
                   "'description':'Scores language-model outputs.','license':{"
                   "'name':'Apache-2.0','identifier':'Apache-2.0'}},");
    strbuf_snippet(&text, "'security':[{'bearer':[]},{'key':[]},{}],");
    put_paths(&text, x->api->routes);
    strbuf_snippet(&text, ",'components':{'securitySchemes':{"
                          "'bearer':{'type':'http','scheme':'bearer'},"
                          "'key':{'type':'apiKey','in':'header','name':'X-API-Key'}},'schemas':{");
    openapi_schemas(&text);
    strbuf_puts(&text, "}}}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_openapi = {.finish = finish_openapi};
