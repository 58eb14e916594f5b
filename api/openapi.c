/* openapi.c - the contract as an OpenAPI 3.1 document, from the tables. */
#include "api/api.h"

#include "core/choice.h"

#include "api/coding.h"
#include "api/compare.h"
#include "api/decoder.h"
#include "api/exchange.h"
#include "api/fields.h"
#include "core/measure.h"

#include <ctype.h>
#include <string.h>

static void put_string(struct text *text, const char *string)
{
    text_string(text, string, strlen(string));
}

/* What routes besides POST /v1/score take and answer; other answers are just objects. */
static const struct described {
    const char *path, *request, *answer;
} described[] = {
    {"/v1/rank", "RankRequest", "RankAnswer"},
    {"/v1/compare", "CompareRequest", "CompareAnswer"},
};

static const struct described *description_of(const struct route *route)
{
    for (size_t i = 0; i < sizeof described / sizeof *described; i++)
        if (strcmp(described[i].path, route->path) == 0)
            return &described[i];
    return NULL;
}

static void put_reference(struct text *text, const char *schema)
{
    text_snippet(text, "'application/json':{'schema':{'$ref':'#/components/schemas/");
    text_puts(text, schema);
    text_snippet(text, "'}}");
}

/* A route's answers; 4xx and 5xx are all problems. */
static void put_responses(struct text *text, const struct route *route)
{
    const struct described *description = description_of(route);

    text_snippet(text, "'responses':{'200':{'description':'The answer.','content':{");
    if (strcmp(route->path, "/metrics") == 0)
        text_snippet(text, "'text/plain':{'schema':{'type':'string'}}");
    else if (strcmp(route->path, "/v1/score") == 0)
        text_snippet(text,
                     "'application/json':{'schema':{'$ref':'#/components/schemas/ScoreAnswer'}},"
                     "'application/x-ndjson':{'schema':{'type':'string','description':'A "
                     "ScoreAnswer or a Problem a line, then the totals.'}}");
    else if (description)
        put_reference(text, description->answer);
    else
        text_snippet(text, "'application/json':{'schema':{'type':'object'}}");
    text_snippet(text,
                 "}},'default':{'description':'What went wrong.','content':{"
                 "'application/problem+json':{'schema':{'$ref':'#/components/schemas/Problem'}}"
                 "}}}");
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

    text_snippet(text, "'parameters':[{'name':'Content-Encoding','in':'header','schema':{'enum':[");
    for (size_t i = 0; (coding = coding_at(i)) != NULL; i++) {
        put_string(text, coding->name);
        text_puts(text, ",");
    }
    text_snippet(text, "'identity']}}],");
}

static void put_request_body(struct text *text)
{
    const struct decoder *decoder;

    text_snippet(text, "'requestBody':{'required':true,'content':{");
    for (size_t i = 0; (decoder = decoder_at(i)) != NULL; i++) {
        text_puts(text, i == 0 ? "" : ",");
        put_string(text, decoder->media_type);
        text_snippet(text, ":{'schema':");
        text_snippet(text, decoder->schema);
        text_puts(text, "}");
    }
    text_puts(text, "}},");
}

static void put_operation(struct text *text, const struct route *route)
{
    const struct described *description = description_of(route);

    text_puts(text, "\"");
    for (const char *c = route->method; *c; c++)
        text_add(text, (const char[]){(char)tolower((unsigned char)*c)}, 1);
    text_snippet(text, "':{'summary':");
    put_string(text, route->summary);
    text_puts(text, ",");
    put_operation_id(text, route->method, route->path);
    if (route->open)
        text_snippet(text, "'security':[],");
    if (strcmp(route->method, "POST") == 0)
        put_encodings(text);
    if (strcmp(route->path, "/v1/score") == 0) {
        put_request_body(text);
    } else if (description) {
        text_snippet(text, "'requestBody':{'required':true,'content':{");
        put_reference(text, description->request);
        text_puts(text, "}},");
    }
    put_responses(text, route);
    text_puts(text, "}");
}

static void put_paths(struct text *text, const struct route *routes)
{
    text_snippet(text, "'paths':{");
    for (const struct route *route = routes; route->path; route++) {
        text_puts(text, route == routes ? "" : ",");
        put_string(text, route->path);
        text_puts(text, ":{");
        put_operation(text, route);
        text_puts(text, "}");
    }
    text_puts(text, "}");
}

/* The members that may stand in an object of a level: 0 for the request. */
static void put_members(struct text *text, const char *name, const struct form *form, int level)
{
    bool first = true;

    put_string(text, name);
    text_snippet(text, ":{'type':'object','additionalProperties':false,'properties':{");
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        const struct field_info *info = field_info(field);

        if ((int)form->scope[field] <= level)
            continue;
        text_puts(text, first ? "" : ",");
        first = false;
        put_string(text, info->name);
        text_snippet(text, ":{'description':");
        put_string(text, info->help);
        text_puts(text, ",");
        if (field == FIELD_sequences && form->compares)
            text_snippet(text, "'type':'array','minItems':1,"
                               "'items':{'$ref':'#/components/schemas/ComparedSequence'}}");
        else
            text_snippet(text, info->schema + 1); /* goes on in the same object */
    }
    text_puts(text, "}},");
}

/* What no table holds: the shapes of tensors, answers and problems. */
static const char fixed_schemas[] =
    "'Tensor':{'type':'object','additionalProperties':false,'required':['dtype','shape','data'],"
    "'properties':{'dtype':{'enum':['f64','f32','f16','bf16']},"
    "'shape':{'type':'array','items':{'type':'integer','minimum':1},'minItems':2,'maxItems':2,"
    "'description':'[T, V]'},"
    "'data':{'type':'string','contentEncoding':'base64',"
    "'description':'Little-endian numbers, standard alphabet, padded.'}}},"
    "'Counts':{'type':'object','additionalProperties':false,'properties':{"
    "'characters':{'type':'integer','minimum':0,'description':'Code points.'},"
    "'bytes':{'type':'integer','minimum':0,'description':'Of UTF-8.'},"
    "'words':{'type':'integer','minimum':0,'description':'As the caller defines them.'}}},"
    "'Number':{'description':'A double, or an infinity as a string.',"
    "'oneOf':[{'type':'number'},{'enum':['Infinity','-Infinity']}]},"
    "'NumberOrNull':{'oneOf':[{'$ref':'#/components/schemas/Number'},{'type':'null'}]},"
    "'Interval':{'type':['array','null'],'items':{'$ref':'#/components/schemas/Number'},"
    "'minItems':2,'maxItems':2},"
    "'Objective':{'type':'object','allOf':[{'$ref':'#/components/schemas/Corpus'}],'properties':{"
    "'log_prob':{'$ref':'#/components/schemas/Number'},"
    "'loss':{'$ref':'#/components/schemas/NumberOrNull'},"
    "'loss_sum':{'$ref':'#/components/schemas/Number'},"
    "'tokens':{'type':'integer'},'weight':{'$ref':'#/components/schemas/Number'},"
    "'perplexity':{'$ref':'#/components/schemas/NumberOrNull'},"
    "'bits_per_token':{'$ref':'#/components/schemas/NumberOrNull'},"
    "'greedy':{'type':['boolean','number','null'],'description':'Whether every token was the "
    "argmax; "
    "in totals the share of sequences.'},"
    "'token_loss':{'type':'array','items':{'$ref':'#/components/schemas/Number'}}}},"
    "'Objectives':{'type':'object',"
    "'additionalProperties':{'$ref':'#/components/schemas/Objective'}},"
    "'Tokens':{'type':'object','properties':{"
    "'id':{'type':'array','items':{'type':'integer'}},"
    "'log_prob':{'type':'array','items':{'$ref':'#/components/schemas/NumberOrNull'}},"
    "'rank':{'type':'array','items':{'type':['integer','null']}},"
    "'entropy':{'type':'array','items':{'$ref':'#/components/schemas/NumberOrNull'}},"
    "'top':{'type':'array','items':{'type':['array','null'],'items':{'type':'array',"
    "'prefixItems':[{'type':'integer'},{'$ref':'#/components/schemas/Number'}]}}}}},"
    "'ScoreAnswer':{'type':'object','required':['sequences','totals'],'properties':{"
    "'model':{'type':'string'},"
    "'sequences':{'type':'array','items':{'type':'object','properties':{"
    "'index':{'type':'integer'},'id':{'type':['string','integer']},"
    "'objectives':{'$ref':'#/components/schemas/Objectives'},"
    "'tokens':{'$ref':'#/components/schemas/Tokens'}}}},"
    "'totals':{'type':'object','properties':{'sequences':{'type':'integer'},"
    "'objectives':{'$ref':'#/components/schemas/Objectives'}}}}}";

/* Members of the answer of POST /v1/rank that there is one of for each normalisation. */
static void put_norms(struct text *text, const char *const *names, const char *schema)
{
    for (enum norm norm = 0; norm < NORM_COUNT; norm++) {
        text_puts(text, norm > 0 ? "," : "");
        put_string(text, names[norm]);
        text_puts(text, ":");
        text_snippet(text, schema);
    }
}

static void put_ranking(struct text *text)
{
#define NORM(id, value, accuracy, formula) #id,
    static const char *const bests[] = {
#include "core/norms.def"
    };
#define NORM(id, value, accuracy, formula) value,
    static const char *const values[] = {
#include "core/norms.def"
    };
#define NORM(id, value, accuracy, formula) accuracy,
    static const char *const accuracies[] = {
#include "core/norms.def"
    };

    text_snippet(text, "'Measure':{'type':'object','properties':{"
                       "'mean':{'type':['number','null']},"
                       "'standard_error':{'type':['number','null']},"
                       "'questions':{'type':'integer'}}},"
                       "'RankedChoice':{'type':'object','properties':{'index':{'type':'integer'},"
                       "'id':{'type':['string','integer']},'tokens':{'type':'integer'},"
                       "'greedy':{'type':['boolean','null']},"
                       "'probability':{'type':['number','null']},");
    put_norms(text, values, "{'$ref':'#/components/schemas/NumberOrNull'}");
    text_snippet(text, "}},'RankAnswer':{'type':'object','required':['questions','totals'],"
                       "'properties':{'model':{'type':'string'},"
                       "'questions':{'type':'array','items':{'type':'object','properties':{"
                       "'index':{'type':'integer'},'id':{'type':['string','integer']},"
                       "'choices':{'type':'array','items':{'$ref':'#/components/schemas/"
                       "RankedChoice'}},'best':{'type':'object','properties':{");
    put_norms(text, bests, "{'type':['integer','null']}");
    text_snippet(text, "}},'brier':{'type':['number','null']},");
    put_norms(text, accuracies, "{'enum':[0,1,null]}");
    text_snippet(text, "}}},'totals':{'type':'object','properties':{"
                       "'questions':{'type':'integer'},'choices':{'type':'integer'},"
                       "'brier':{'$ref':'#/components/schemas/Measure'},");
    put_norms(text, accuracies, "{'$ref':'#/components/schemas/Measure'}");
    text_puts(text, "}}}},");
}

/* What an objective has beside its sums: counts of texts, and measures. */
static void put_corpus(struct text *text)
{
    text_snippet(text, "'Corpus':{'type':'object','properties':{'documents':{'type':'integer'},"
                       "'characters':{'type':['integer','null']},"
                       "'bytes':{'type':['integer','null']},'words':{'type':['integer','null']},");
    for (enum measure measure = 0; measure < MEASURE_COUNT; measure++) {
        put_string(text, measure_info(measure)->name);
        text_snippet(text, ":{'$ref':'#/components/schemas/NumberOrNull'},");
    }
    text_snippet(text, "'standard_error':{'type':'object','additionalProperties':{'$ref':"
                       "'#/components/schemas/NumberOrNull'}},"
                       "'bootstrap':{'type':'object','properties':{'samples':{'type':'integer'},"
                       "'seed':{'type':'integer'},'level':{'type':'number'},"
                       "'standard_error':{'type':'object','additionalProperties':{'$ref':"
                       "'#/components/schemas/NumberOrNull'}},"
                       "'interval':{'type':'object','additionalProperties':{'$ref':"
                       "'#/components/schemas/Interval'}}}}}},");
}

/* Objects with a number, or null, for each of some names. */
static void put_figures(struct text *text, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        put_string(text, names[i]);
        text_snippet(text, ":{'$ref':'#/components/schemas/NumberOrNull'},");
    }
}

static void put_duel(struct text *text)
{
    static const char *const figures[] = {"difference",
                                          "difference_mean",
                                          "difference_error",
                                          "win_rate",
                                          "correlation",
                                          "perplexity_ratio",
                                          "perplexity_ratio_error",
                                          "perplexity_difference",
                                          "perplexity_difference_error",
                                          "same_top",
                                          "same_top_error",
                                          NULL};

    text_snippet(text, "'Spread':{'type':'object','additionalProperties':{'$ref':"
                       "'#/components/schemas/NumberOrNull'}},"
                       "'Contrast':{'type':'object','properties':{'tokens':{'type':'integer'},"
                       "'rows':{'type':'integer'},");
    put_figures(text, figures);
    for (enum distance i = 0; i < DISTANCE_COUNT; i++) {
        put_string(text, distance_name(i));
        text_snippet(text, ":{'$ref':'#/components/schemas/Spread'},");
    }
    text_snippet(text, "'a':{'$ref':'#/components/schemas/Spread'},"
                       "'b':{'$ref':'#/components/schemas/Spread'},"
                       "'by_sequence':{'$ref':'#/components/schemas/Spread'}}},"
                       "'Contrasts':{'type':'object','additionalProperties':{'$ref':"
                       "'#/components/schemas/Contrast'}},"
                       "'CompareAnswer':{'type':'object','required':['sequences','totals'],"
                       "'properties':{'sequences':{'type':'array','items':{'type':'object',"
                       "'properties':{'index':{'type':'integer'},"
                       "'id':{'type':['string','integer']},"
                       "'models':{'type':'array','items':{'type':['string','null']}},"
                       "'objectives':{'$ref':'#/components/schemas/Contrasts'},"
                       "'tokens':{'type':'object','additionalProperties':{'type':'array'}}}}},"
                       "'totals':{'type':'object','properties':{'sequences':{'type':'integer'},"
                       "'objectives':{'$ref':'#/components/schemas/Contrasts'}}}}},");
}

static void put_problem(struct text *text)
{
    text_snippet(text, "'Problem':{'type':'object','description':'RFC 9457','properties':{"
                       "'type':{'type':'string'},'title':{'type':'string'},"
                       "'status':{'type':'integer'},'detail':{'type':'string'},"
                       "'request_id':{'type':'string'},'line':{'type':'integer'},'code':{'enum':[");
    for (enum error_code code = ERR_NONE + 1; code < ERR_COUNT; code++) {
        text_puts(text, code == ERR_NONE + 1 ? "" : ",");
        put_string(text, error_slug(code));
    }
    text_snippet(text, "]},'errors':{'type':'array','items':{'type':'object','properties':{"
                       "'pointer':{'type':'string','description':'RFC 6901'},"
                       "'detail':{'type':'string'}}}}}}");
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
    put_members(&text, "ScoreRequest", &form_score, 0);
    put_members(&text, "Sequence", &form_score, 1);
    put_members(&text, "RankRequest", &form_rank, 0);
    put_members(&text, "Question", &form_rank, 1);
    put_members(&text, "Choice", &form_rank, 2);
    put_members(&text, "CompareRequest", &form_compare, 0);
    put_members(&text, "ComparedSequence", &form_compare, 1);
    put_members(&text, "Model", &form_compare, 2);
    text_snippet(&text, fixed_schemas);
    text_puts(&text, ",");
    put_ranking(&text);
    put_corpus(&text);
    put_duel(&text);
    put_problem(&text);
    text_puts(&text, "}}}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_openapi = {.finish = finish_openapi};
