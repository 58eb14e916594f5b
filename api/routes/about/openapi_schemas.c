/* openapi_schemas.c - the schemas of the OpenAPI document: those of requests, then those of
 * answers. */
#include "api/routes/about/openapi_schemas.h"

#include "api/base/error.h"
#include "api/engines/engine_warning.h"
#include "api/engines/engines.h"
#include "api/members/parameter_check.h"
#include "api/members/range.h"
#include "api/members/schemas.h"
#include "api/routes/about/answers.h"
#include "api/routes/about/json_template.h"
#include "api/routes/about/registries.h"
#include "core/policies.h"
#include "core/preferences.h"

#include <string.h>

static const struct {
    const char *name, *schema;
} schemas[] = {
#define SCHEMA(name, ...) {#name, #__VA_ARGS__},
#include "api/routes/about/openapi_schemas.def"
};

/* ---- members of requests ---- */

/* The lists of members that an object of a kind may have; kind 0 is the request. */
static const struct object {
    const char *name;
    const struct route_schema *schema;
    size_t kind;
    const char *sequences; /* the schema of the member `sequences`; NULL: the one in the table */
} objects[] = {
    {"score_request", &schema_score, 0, NULL},
    {"score_sequence", &schema_score, 1, NULL},
    {"score_window", &schema_score, 2, NULL},
    {"rank_request", &schema_rank, 0, NULL},
    {"rank_question", &schema_rank, 1, NULL},
    {"rank_choice", &schema_rank, 2, NULL},
    {"rank_model", &schema_rank, 3, NULL},
    {"compare_request", &schema_compare, 0,
     "{'type':'array','minItems':1,'items':{'$ref':'#/components/schemas/ComparedSequence'}}"},
    {"compare_sequence", &schema_compare, 1, NULL},
    {"compare_model", &schema_compare, 2, NULL},
    {"policy_request", &schema_policy, 0, NULL},
    {"policy_sequence", &schema_policy, 1, NULL},
    {"policy_output", &schema_policy, 2, NULL},
    {"preference_request", &schema_preference, 0, NULL},
    {"preference_pair", &schema_preference, 1, NULL},
    {"preference_example", &schema_preference, 2, NULL},
    {"preference_completion", &schema_preference, 3, NULL},
    {"preference_output", &schema_preference, 4, NULL},
};

static void fill_members(struct template_list *list, const struct object *object)
{
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        const struct field_info *info = schema_info(object->schema, field);
        const bool own = field == FIELD_sequences && object->sequences;

        if (object->schema->member[field].scope >> object->kind & 1)
            template_list_schema(list, info->name, own ? object->sequences : info->schema,
                                 info->help);
    }
}

/* The members of POST /v1/completions.  Others are ignored. */
static void fill_completion_request(struct template_list *list)
{
#define COMPLETION(name, effect, schema, help) template_list_schema(list, #name, schema, help);
#include "api/routes/completions/completions.def"
}

/* ---- names in tables ---- */

static void fill_formats(struct template_list *list)
{
    const struct engine *engine;

    for (size_t i = 0; (engine = engine_at(i)) != NULL; i++)
        template_list_name(list, engine->name);
}

static void fill_warnings(struct template_list *list)
{
    for (enum warning warning = 0; warning < WARNING_COUNT; warning++)
        template_list_name(list, warning_slug(warning));
}

/* The members of `measures` in a request. */
static void fill_detections(struct template_list *list)
{
#define SCHEMA_SHARES                                                                              \
    "{'type':'array','minItems':1,'items':{'type':'number','exclusiveMinimum':0,'maximum':1}}"
#define SCHEMA_FLAG "{'type':'boolean','default':false}"
#define DETECTION(name, form, formula, help) template_list_schema(list, #name, SCHEMA_##form, help);
#include "api/members/detections.def"
}

static void fill_errors(struct template_list *list)
{
    for (enum error_code code = ERR_NONE + 1; code < ERR_COUNT; code++)
        template_list_name(list, error_slug(code));
}

static void fill_objectives(struct template_list *list, const struct family *family)
{
    for (size_t i = 0; i < family->count; i++)
        template_list_name(list, family->at(i)->name);
}

/* The parameters of the objectives of a family. */
static void fill_parameters(struct template_list *list, const struct family *family)
{
    for (enum parameter_id id = PARAMETER_NONE + 1; id < PARAMETER_COUNT; id++) {
        const struct parameter_info *info = parameter_info(id);
        char schema[512];
        struct strbuf text = {.data = schema, .capacity = sizeof schema - 1};

        if (!family_has(family, id))
            continue;
        parameter_put_schema(&text, info);
        schema[text.length] = '\0';
        template_list_schema(list, info->name, schema, info->help);
    }
}

static void fill_policy_objectives(struct template_list *list)
{
    fill_objectives(list, &family_policy);
}

static void fill_policy_parameters(struct template_list *list)
{
    fill_parameters(list, &family_policy);
}

static void fill_preference_objectives(struct template_list *list)
{
    fill_objectives(list, &family_preference);
}

static void fill_preference_parameters(struct template_list *list)
{
    fill_parameters(list, &family_preference);
}

static const struct {
    const char *name;
    void (*fill)(struct template_list *list);
} lists[] = {
    {"completion_request", fill_completion_request},
    {"policy_objectives", fill_policy_objectives},
    {"policy_parameters", fill_policy_parameters},
    {"preference_parameters", fill_preference_parameters},
    {"preference_objectives", fill_preference_objectives},
    {"formats", fill_formats},
    {"warnings", fill_warnings},
    {"errors", fill_errors},
    {"detections", fill_detections},
};

/* ---- the document ---- */

static bool is_name(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

static void fill(struct template_list *list, const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (is_name(objects[i].name, name, length))
            fill_members(list, &objects[i]);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (is_name(lists[i].name, name, length))
            lists[i].fill(list);
}

void openapi_schemas(struct strbuf *text)
{
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        strbuf_quote(text, schemas[i].name);
        strbuf_puts(text, ":");
        json_template_write(text, schemas[i].schema, fill);
    }
    for (enum range_id id = 0; id < RANGE_COUNT; id++) {
        strbuf_puts(text, ",");
        strbuf_quote(text, range_at(id)->schema);
        strbuf_puts(text, ":");
        range_schema(range_at(id), text);
    }
    registries_schemas(text);
    strbuf_puts(text, ",");
    answers_schemas(text);
}
