/* openapi_schemas.c - the contract as an OpenAPI 3.1 document: what requests and answers look like.
 */
#include "api/routes/about/openapi_schemas.h"

#include "core/choice.h"
#include "core/measure.h"

#include "api/engines/engine_warning.h"
#include "api/engines/engines.h"
#include "api/members/fields.h"
#include "api/routes/compare/pair.h"

#include <string.h>

static void put_string(struct strbuf *text, const char *string)
{
    strbuf_string(text, string, strlen(string));
}

/* The members that may stand in an object of a level: 0 for the request. */
static void put_members(struct strbuf *text, const char *name, const struct route_schema *schema,
                        int level)
{
    bool first = true;

    put_string(text, name);
    strbuf_snippet(text, ":{'type':'object','additionalProperties':false,'properties':{");
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        const struct field_info *info = field_info(field);

        if ((int)schema->scope[field] <= level)
            continue;
        strbuf_puts(text, first ? "" : ",");
        first = false;
        put_string(text, info->name);
        strbuf_snippet(text, ":{'description':");
        put_string(text, info->help);
        strbuf_puts(text, ",");
        if (field == FIELD_sequences && schema == &schema_compare)
            strbuf_snippet(text, "'type':'array','minItems':1,"
                                 "'items':{'$ref':'#/components/schemas/ComparedSequence'}}");
        else
            strbuf_snippet(text, info->schema + 1); /* goes on in the same object */
    }
    strbuf_puts(text, "}},");
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
    "'tokens':{'$ref':'#/components/schemas/Tokens'},"
    "'source':{'$ref':'#/components/schemas/Source'},"
    "'warnings':{'type':'array','items':{'$ref':'#/components/schemas/Warning'}}}}},"
    "'totals':{'type':'object','properties':{'sequences':{'type':'integer'},"
    "'objectives':{'$ref':'#/components/schemas/Objectives'}}}}}";

/* Members of the answer of POST /v1/rank that there is one of for each normalisation. */
static void put_norms(struct strbuf *text, const char *const *names, const char *schema)
{
    for (enum norm norm = 0; norm < NORM_COUNT; norm++) {
        strbuf_puts(text, norm > 0 ? "," : "");
        put_string(text, names[norm]);
        strbuf_puts(text, ":");
        strbuf_snippet(text, schema);
    }
}

static void put_ranking(struct strbuf *text)
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

    strbuf_snippet(text, "'Measure':{'type':'object','properties':{"
                         "'mean':{'type':['number','null']},"
                         "'standard_error':{'type':['number','null']},"
                         "'questions':{'type':'integer'}}},"
                         "'RankedChoice':{'type':'object','properties':{'index':{'type':'integer'},"
                         "'id':{'type':['string','integer']},'tokens':{'type':'integer'},"
                         "'greedy':{'type':['boolean','null']},"
                         "'probability':{'type':['number','null']},"
                         "'source':{'$ref':'#/components/schemas/Source'},"
                         "'warnings':{'type':'array','items':{'$ref':"
                         "'#/components/schemas/Warning'}},");
    put_norms(text, values, "{'$ref':'#/components/schemas/NumberOrNull'}");
    strbuf_snippet(text, "}},'RankAnswer':{'type':'object','required':['questions','totals'],"
                         "'properties':{'model':{'type':'string'},"
                         "'questions':{'type':'array','items':{'type':'object','properties':{"
                         "'index':{'type':'integer'},'id':{'type':['string','integer']},"
                         "'choices':{'type':'array','items':{'$ref':'#/components/schemas/"
                         "RankedChoice'}},'best':{'type':'object','properties':{");
    put_norms(text, bests, "{'type':['integer','null']}");
    strbuf_snippet(text, "}},'brier':{'type':['number','null']},");
    put_norms(text, accuracies, "{'enum':[0,1,null]}");
    strbuf_snippet(text, "}}},'totals':{'type':'object','properties':{"
                         "'questions':{'type':'integer'},'choices':{'type':'integer'},"
                         "'brier':{'$ref':'#/components/schemas/Measure'},");
    put_norms(text, accuracies, "{'$ref':'#/components/schemas/Measure'}");
    strbuf_puts(text, "}}}},");
}

/* What an objective has beside its sums: counts of texts, and measures. */
static void put_corpus(struct strbuf *text)
{
    strbuf_snippet(text,
                   "'Corpus':{'type':'object','properties':{'documents':{'type':'integer'},"
                   "'characters':{'type':['integer','null']},"
                   "'bytes':{'type':['integer','null']},'words':{'type':['integer','null']},");
    for (enum measure measure = 0; measure < MEASURE_COUNT; measure++) {
        put_string(text, measure_info(measure)->name);
        strbuf_snippet(text, ":{'$ref':'#/components/schemas/NumberOrNull'},");
    }
    strbuf_snippet(text, "'standard_error':{'type':'object','additionalProperties':{'$ref':"
                         "'#/components/schemas/NumberOrNull'}},"
                         "'bootstrap':{'type':'object','properties':{'samples':{'type':'integer'},"
                         "'seed':{'type':'integer'},'level':{'type':'number'},"
                         "'standard_error':{'type':'object','additionalProperties':{'$ref':"
                         "'#/components/schemas/NumberOrNull'}},"
                         "'interval':{'type':'object','additionalProperties':{'$ref':"
                         "'#/components/schemas/Interval'}}}}}},");
}

/* Objects with a number, or null, for each of some names. */
static void put_figures(struct strbuf *text, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        put_string(text, names[i]);
        strbuf_snippet(text, ":{'$ref':'#/components/schemas/NumberOrNull'},");
    }
}

static void put_duel(struct strbuf *text)
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

    strbuf_snippet(text, "'Spread':{'type':'object','additionalProperties':{'$ref':"
                         "'#/components/schemas/NumberOrNull'}},"
                         "'Contrast':{'type':'object','properties':{'tokens':{'type':'integer'},"
                         "'rows':{'type':'integer'},");
    put_figures(text, figures);
    for (enum distance i = 0; i < DISTANCE_COUNT; i++) {
        put_string(text, distance_name(i));
        strbuf_snippet(text, ":{'$ref':'#/components/schemas/Spread'},");
    }
    strbuf_snippet(text, "'a':{'$ref':'#/components/schemas/Spread'},"
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
/* The members of a request to POST /v1/completions; others are tolerated. */
static void put_completion_request(struct strbuf *text)
{
    static const struct {
        const char *name, *schema, *help;
    } members[] = {
#define COMPLETION(name, effect, schema, help) {#name, schema, help},
#include "api/routes/completions/completions.def"
    };

    strbuf_snippet(text, "'CompletionRequest':{'type':'object','required':['prompt','logits'],"
                         "'properties':{");
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        put_string(text, members[i].name);
        strbuf_snippet(text, ":{'description':");
        put_string(text, members[i].help);
        strbuf_puts(text, ",");
        strbuf_snippet(text, members[i].schema + 1); /* goes on in the same object */
    }
    strbuf_puts(text, "}}");
}

/* What comes with an engine's answer. */
static void put_outputs(struct strbuf *text)
{
    const struct engine *engine;

    strbuf_snippet(text, "'Format':{'default':'auto','enum':['auto'");
    for (size_t i = 0; (engine = engine_at(i)) != NULL; i++) {
        strbuf_puts(text, ",");
        put_string(text, engine->name);
    }
    strbuf_snippet(text,
                   "]},'Source':{'type':'object','description':'How outputs were read.',"
                   "'properties':{'format':{'$ref':'#/components/schemas/Format'},"
                   "'detected':{'type':'boolean'},'answer':{'type':'integer'},"
                   "'values':{'enum':['log_probs','logits']},"
                   "'alignment':{'enum':['same','next'],'description':'Whether entry t of the "
                   "engine is about token t or t+1.'},'first_token':{'type':'integer'},"
                   "'tokens':{'enum':['request','outputs',null]},"
                   "'split':{'enum':['request','outputs',null]}}},"
                   "'Warning':{'type':'object','properties':{'code':{'enum':[");
    for (enum warning warning = 0; warning < WARNING_COUNT; warning++) {
        strbuf_puts(text, warning == 0 ? "" : ",");
        put_string(text, warning_slug(warning));
    }
    strbuf_snippet(text, "]},'detail':{'type':'string'},'pointer':{'type':'string','description':"
                         "'To the first place.'},'count':{'type':'integer'}}}");
}

/* OpenAI's shapes. */
static const char openai_schemas[] =
    "'Logits':{'oneOf':[{'type':'array','minItems':1,'items':{'type':'array','minItems':1,"
    "'items':{'type':'number'}}},{'$ref':'#/components/schemas/Tensor'}]},"
    "'Completion':{'type':'object',"
    "'required':['id','object','created','model','choices','usage'],'properties':{"
    "'id':{'type':'string'},'object':{'const':'text_completion'},'created':{'type':'integer'},"
    "'model':{'type':'string'},"
    "'choices':{'type':'array','items':{'type':'object',"
    "'required':['text','index','logprobs','finish_reason'],'properties':{"
    "'text':{'type':'string'},'index':{'type':'integer'},'finish_reason':{'const':'length'},"
    "'logprobs':{'type':['object','null'],'properties':{"
    "'tokens':{'type':'array','items':{'type':'string','pattern':'^token_id:[0-9]+$'}},"
    "'token_logprobs':{'type':'array','items':{'type':['number','null']}},"
    "'top_logprobs':{'type':'array','items':{'type':['object','null'],"
    "'additionalProperties':{'type':'number'}}},"
    "'text_offset':{'type':'array','items':{'type':'integer'}}}}}}},"
    "'usage':{'type':'object','properties':{'prompt_tokens':{'type':'integer'},"
    "'completion_tokens':{'type':'integer'},'total_tokens':{'type':'integer'}}}}},"
    "'OpenAIError':{'type':'object','properties':{'error':{'type':'object','properties':{"
    "'message':{'type':'string'},'type':{'type':'string'},'param':{'type':['string','null']},"
    "'code':{'type':'string'}}}}}";

/* The Open Inference Protocol. */
static const char infer_schemas[] =
    "'InferError':{'type':'object','required':['error'],'properties':{'error':{'type':'string'}}},"
    "'InferShape':{'type':'array','items':{'type':'integer','minimum':1}},"
    "'InferRequest':{'type':'object','required':['inputs'],'properties':{"
    "'id':{'type':'string','description':'Echoed in the answer.'},"
    "'parameters':{'type':'object','properties':{"
    "'binary_data_output':{'type':'boolean','default':false},"
    "'precision':{'enum':['fp32','fp64'],'default':'fp32'},"
    "'alignment':{'enum':['next','same'],'default':'next'},"
    "'temperature':{'type':'number','exclusiveMinimum':0,'default':1},"
    "'softcap':{'type':'number','exclusiveMinimum':0},"
    "'label_smoothing':{'type':'number','minimum':0,'exclusiveMaximum':1,'default':0},"
    "'smoothing':{'enum':['uniform_all','uniform_others','uniform_others_minus_entropy']},"
    "'z_loss':{'type':'number','minimum':0,'default':0}}},"
    "'inputs':{'type':'array','minItems':1,'items':{'type':'object',"
    "'required':['name','datatype','shape'],'properties':{"
    "'name':{'type':'string'},"
    "'datatype':{'enum':['FP64','FP32','FP16','BF16','INT64','INT32']},"
    "'shape':{'$ref':'#/components/schemas/InferShape'},"
    "'data':{'type':'array','description':'Row-major, flat or nested.'},"
    "'parameters':{'type':'object','properties':{"
    "'binary_data_size':{'type':'integer','minimum':0}}}}}},"
    "'outputs':{'type':'array','items':{'type':'object','required':['name'],'properties':{"
    "'name':{'type':'string'},'parameters':{'type':'object','properties':{"
    "'binary_data':{'type':'boolean'}}}}}}}},"
    "'InferAnswer':{'type':'object','required':['model_name','model_version','outputs'],"
    "'properties':{'model_name':{'type':'string'},'model_version':{'type':'string'},"
    "'id':{'type':'string'},'outputs':{'type':'array','items':{'type':'object',"
    "'required':['name','datatype','shape'],'properties':{"
    "'name':{'type':'string'},'datatype':{'enum':['FP64','FP32','INT32','BOOL']},"
    "'shape':{'$ref':'#/components/schemas/InferShape'},"
    "'data':{'type':'array','items':{'type':['number','boolean','null']}},"
    "'parameters':{'type':'object','properties':{"
    "'binary_data_size':{'type':'integer','minimum':0}}}}}}}}";

static void put_problem(struct strbuf *text)
{
    strbuf_snippet(text,
                   "'Problem':{'type':'object','description':'RFC 9457','properties':{"
                   "'type':{'type':'string'},'title':{'type':'string'},"
                   "'status':{'type':'integer'},'detail':{'type':'string'},"
                   "'request_id':{'type':'string'},'line':{'type':'integer'},'code':{'enum':[");
    for (enum error_code code = ERR_NONE + 1; code < ERR_COUNT; code++) {
        strbuf_puts(text, code == ERR_NONE + 1 ? "" : ",");
        put_string(text, error_slug(code));
    }
    strbuf_snippet(text, "]},'errors':{'type':'array','items':{'type':'object','properties':{"
                         "'pointer':{'type':'string','description':'RFC 6901'},"
                         "'detail':{'type':'string'}}}}}}");
}

void openapi_schemas(struct strbuf *text)
{
    put_members(text, "ScoreRequest", &schema_score, 0);
    put_members(text, "Sequence", &schema_score, 1);
    put_members(text, "RankRequest", &schema_rank, 0);
    put_members(text, "Question", &schema_rank, 1);
    put_members(text, "Choice", &schema_rank, 2);
    put_members(text, "CompareRequest", &schema_compare, 0);
    put_members(text, "ComparedSequence", &schema_compare, 1);
    put_members(text, "Model", &schema_compare, 2);
    strbuf_snippet(text, fixed_schemas);
    strbuf_puts(text, ",");
    put_ranking(text);
    put_corpus(text);
    put_duel(text);
    put_completion_request(text);
    strbuf_puts(text, ",");
    strbuf_snippet(text, openai_schemas);
    strbuf_puts(text, ",");
    strbuf_snippet(text, infer_schemas);
    strbuf_puts(text, ",");
    put_outputs(text);
    strbuf_puts(text, ",");
    put_problem(text);
}
