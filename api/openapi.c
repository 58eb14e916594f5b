/* openapi.c - the contract as an OpenAPI 3.1 document, from the tables: its paths. */
#include "api/openapi.h"

#include "api/coding.h"
#include "api/decoder.h"
#include "api/exchange.h"

#include <ctype.h>
#include <string.h>

static void put_string(struct text *text, const char *string)
{
    text_string(text, string, strlen(string));
}

#define SCHEMA(name) "{'schema':{'$ref':'#/components/schemas/" name "'}}"
#define OBJECT "'application/json':{'schema':{'type':'object'}}"

/* What endpoints take and answer, where that is more than nothing and an object. */
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

/* What went wrong, by family. */
static const char *const errors[FAMILY_COUNT] = {
    [FAMILY_NATIVE] = "'application/problem+json':" SCHEMA("Problem"),
    [FAMILY_OPENAI] = "'application/json':" SCHEMA("OpenAIError"),
    [FAMILY_OIP] = "'application/json':" SCHEMA("InferError"),
};

static void put_responses(struct text *text, const struct route *route)
{
    text_snippet(text, "'responses':{'200':{'description':'The answer.','content':{");
    text_snippet(text, content_of(route)->answer);
    text_snippet(text, "}},'default':{'description':'What went wrong.','content':{");
    text_snippet(text, errors[route->family]);
    text_puts(text, "}}}");
}

/* "post /v1/score" becomes postV1Score. */
static void put_operation_id(struct text *text, const char *method, const char *path)
{
    bool upper = true;

    text_snippet(text, "'operationId':'");
    for (const char *c = method; *c; c++)
        text_add(text, (const char[]){(char)tolower((unsigned char)*c)}, 1);
    for (const char *c = path; *c; c++) {
        const int letter = upper ? toupper((unsigned char)*c) : *c;

        upper = !isalnum((unsigned char)*c);
        if (!upper)
            text_add(text, (const char[]){(char)letter}, 1);
    }
    text_snippet(text, "',");
}

/* Bodies may come compressed. */
static void put_encodings(struct text *text)
{
    const struct coding *coding;

    text_snippet(text, "{'name':'Content-Encoding','in':'header','schema':{'enum':[");
    for (size_t i = 0; (coding = coding_at(i)) != NULL; i++) {
        put_string(text, coding->name);
        text_puts(text, ",");
    }
    text_snippet(text, "'identity']}}");
}

/* The segments in braces of the path, and header fields. */
static void put_parameters(struct text *text, const struct route *route)
{
    const bool post = strcmp(route->method, "POST") == 0;
    const char *open = strchr(route->path, '{');

    if (!open && !post)
        return;
    text_snippet(text, "'parameters':[");
    for (; open; open = strchr(open + 1, '{')) {
        text_snippet(text, "{'name':");
        text_string(text, open + 1, strcspn(open + 1, "}"));
        text_snippet(text, ",'in':'path','required':true,'schema':{'type':'string'}}");
        text_puts(text, strchr(open + 1, '{') || post ? "," : "");
    }
    if (post)
        put_encodings(text);
    text_puts(text, "],");
}

/* What the decoders of POST /v1/score take. */
static void put_decoders(struct text *text)
{
    const struct decoder *decoder;

    for (size_t i = 0; (decoder = decoder_at(i)) != NULL; i++) {
        text_puts(text, i == 0 ? "" : ",");
        put_string(text, decoder->media_type);
        text_snippet(text, ":{'schema':");
        text_snippet(text, decoder->schema);
        text_puts(text, "}");
    }
}

static void put_request(struct text *text, const struct route *route)
{
    const char *request = content_of(route)->request;

    if (!request && route->endpoint != &endpoint_score)
        return;
    text_snippet(text, "'requestBody':{'required':true,'content':{");
    if (request)
        text_snippet(text, request);
    else
        put_decoders(text);
    text_puts(text, "}},");
}

static void put_operation(struct text *text, const struct route *route)
{
    text_puts(text, "\"");
    for (const char *c = route->method; *c; c++)
        text_add(text, (const char[]){(char)tolower((unsigned char)*c)}, 1);
    text_snippet(text, "':{'summary':");
    put_string(text, route->summary);
    text_puts(text, ",");
    put_operation_id(text, route->method, route->path);
    if (route->open)
        text_snippet(text, "'security':[],");
    put_parameters(text, route);
    put_request(text, route);
    put_responses(text, route);
    text_puts(text, "}");
}

static void put_paths(struct text *text, const struct route *routes)
{
    text_snippet(text, "'paths':{");
    for (const struct route *route = routes; route->path; route++) {
        if (!route->summary)
            continue;
        text_puts(text, route == routes ? "" : ",");
        put_string(text, route->path);
        text_puts(text, ":{");
        put_operation(text, route);
        text_puts(text, "}");
    }
    text_puts(text, "}");
}

static void finish_openapi(struct exchange *x)
{
    struct text text = {.arena = &x->arena};

    text_snippet(&text, "{'openapi':'3.1.0','info':{'title':'logitd','version':'" API_VERSION "',"
                        "'description':'Scores language-model outputs.','license':{"
                        "'name':'Apache-2.0','identifier':'Apache-2.0'}},");
    text_snippet(&text, "'security':[{'bearer':[]},{'key':[]},{}],");
    put_paths(&text, x->api->routes);
    text_snippet(&text, ",'components':{'securitySchemes':{"
                        "'bearer':{'type':'http','scheme':'bearer'},"
                        "'key':{'type':'apiKey','in':'header','name':'X-API-Key'}},'schemas':{");
    openapi_schemas(&text);
    text_puts(&text, "}}}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_openapi = {.finish = finish_openapi};
