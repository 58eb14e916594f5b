/* openapi.c - GET /openapi.json: an OpenAPI 3.1 document, made from the tables. */
#include "api/routes/about/about_endpoints.h"

#include "api/base/version.h"
#include "api/exchange/content_codings.h"
#include "api/exchange/exchange.h"
#include "api/routes/about/openapi_schemas.h"
#include "api/routes/compare/compare_endpoint.h"
#include "api/routes/completions/completions_endpoints.h"
#include "api/routes/infer/infer_endpoints.h"
#include "api/routes/rank/rank_endpoint.h"
#include "api/routes/score/decoders.h"
#include "api/routes/score/score_endpoint.h"

#include <ctype.h>
#include <string.h>

#define SCHEMA(name) "{'schema':{'$ref':'#/components/schemas/" name "'}}"
#define OBJECT "'application/json':{'schema':{'type':'object'}}"

/* The bodies of requests and answers, for endpoints with other than no body and a JSON object. */
static const struct content {
    const struct endpoint *endpoint;
    const char *request, *answer;
} contents[] = {
    {&endpoint_score, NULL,
     "'application/json':" SCHEMA("ScoreAnswer") ",'application/x-ndjson':{'schema':{"
                                                 "'type':'string','description':'A ScoreAnswer or "
                                                 "a Problem a line, then the totals.'}}"},
    {&endpoint_infer, "'application/json':" SCHEMA("InferRequest") ",'application/octet-stream':{}",
     "'application/json':" SCHEMA("InferAnswer") ",'application/octet-stream':{}"},
    {&endpoint_rank, "'application/json':" SCHEMA("RankRequest"),
     "'application/json':" SCHEMA("RankAnswer")},
    {&endpoint_compare, "'application/json':" SCHEMA("CompareRequest"),
     "'application/json':" SCHEMA("CompareAnswer")},
    {&endpoint_completions, "'application/json':" SCHEMA("CompletionRequest"),
     "'application/json':" SCHEMA("Completion")},
    {&endpoint_oip_index, NULL, "'application/json':{'schema':{'type':'array'}}"},
};

static const struct content *content_of(const struct route *route)
{
    static const struct content other = {NULL, NULL, OBJECT};
    static const struct content metrics = {NULL, NULL, "'text/plain':{'schema':{'type':'string'}}"};

    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        if (contents[i].endpoint == route->endpoint)
            return &contents[i];
    return strcmp(route->path, "/metrics") == 0 ? &metrics : &other;
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
    strbuf_snippet(text, content_of(route)->answer);
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

/* Write the segments in braces of the path, and header fields. */
static void put_parameters(struct strbuf *text, const struct route *route)
{
    const bool post = strcmp(route->method, "POST") == 0;
    const char *open = strchr(route->path, '{');

    if (!open && !post)
        return;
    strbuf_snippet(text, "'parameters':[");
    for (; open; open = strchr(open + 1, '{')) {
        strbuf_snippet(text, "{'name':");
        strbuf_string(text, open + 1, strcspn(open + 1, "}"));
        strbuf_snippet(text, ",'in':'path','required':true,'schema':{'type':'string'}}");
        strbuf_puts(text, strchr(open + 1, '{') || post ? "," : "");
    }
    if (post)
        put_encodings(text);
    strbuf_puts(text, "],");
}

/* Write the formats that the decoders of POST /v1/score take. */
static void put_decoders(struct strbuf *text)
{
    const struct decoder *decoder;

    for (size_t i = 0; (decoder = decoder_at(i)) != NULL; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        strbuf_quote(text, decoder->media_type);
        strbuf_snippet(text, ":{'schema':");
        strbuf_snippet(text, decoder->schema);
        strbuf_puts(text, "}");
    }
}

static void put_request(struct strbuf *text, const struct route *route)
{
    const char *request = content_of(route)->request;

    if (!request && route->endpoint != &endpoint_score)
        return;
    strbuf_snippet(text, "'requestBody':{'required':true,'content':{");
    if (request)
        strbuf_snippet(text, request);
    else
        put_decoders(text);
    strbuf_puts(text, "}},");
}

static void put_operation(struct strbuf *text, const struct route *route)
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
    put_request(text, route);
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
        put_operation(text, route);
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
