/* reference.c - the part of docs/reference.md that is made from the tables of api/ and core/. */
#include "api/routes/about/reference.h"

#include "api/engines/engine_warning.h"
#include "api/engines/engines.h"
#include "api/exchange/content_codings.h"
#include "api/exchange/status.h"
#include "api/members/parameter_check.h"
#include "api/members/range.h"
#include "api/members/schemas.h"
#include "api/routes/about/answers.h"
#include "api/routes/about/registries.h"
#include "api/routes/infer/infer_models.h"
#include "api/routes/score/decoders.h"
#include "core/choice.h"
#include "core/dtype.h"
#include "core/preferences.h"
#include "core/registry.h"

static void put_media_types(struct strbuf *page)
{
    const struct decoder *decoder;

    strbuf_printf(page, "## Media types of POST /v1/score\n\n"
                        "| Content-Type | what | also called |\n|---|---|---|\n");
    for (size_t i = 0; (decoder = decoder_at(i)) != NULL; i++) {
        char aliases[256];

        decoder_aliases(decoder, aliases, sizeof aliases);
        strbuf_printf(page, "| `%s` | %s | %s |\n", decoder->media_type, decoder->help, aliases);
    }
    strbuf_printf(page, "\n");
}

/* Whether a member acts on rows, in a table's cell. */
static const char *on_rows(enum field_effect effect)
{
    return effect == EFFECT_ON_ROWS ? "yes" : "";
}

static void put_fields(struct strbuf *page, const struct route_schema *schema)
{
    strbuf_printf(page, "| member | where | acts on rows | what |\n|---|---|---|---|\n");
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        const struct field_info *info = schema_info(schema, field);
        const struct range *range = range_find(info->name);

        if (schema->member[field].scope == SCOPE_NOWHERE)
            continue;
        strbuf_printf(page, "| `%s` | %s | %s | %s", info->name,
                      schema->kind[schema_kind(schema, field)], on_rows(info->effect), info->help);
        if (range)
            strbuf_printf(page, " Range: %s.", range->text);
        strbuf_puts(page, " |\n");
    }
}

/* Write which objectives use a parameter, and with which default. */
static void put_users(struct strbuf *page, const struct family *family, enum parameter_id id)
{
    size_t count = 0;

    for (size_t i = 0; i < family->count; i++) {
        const struct parameter_use *use = family_use(family->at(i), id);

        if (!use)
            continue;
        strbuf_printf(page, "%s`%s`", count++ > 0 ? ", " : "", family->at(i)->name);
        if (use->no_default)
            continue;
        strbuf_puts(page, " ");
        parameter_put_value(page, parameter_info(id), use->value);
    }
}

/* The objectives of a family and their parameters. */
static void put_family(struct strbuf *page, const struct family *family)
{
    strbuf_printf(page,
                  "\n### The %s\n\n| objective | what | formula | needs |\n|---|---|---|---|\n",
                  family->title);
    for (size_t i = 0; i < family->count; i++) {
        const struct family_objective *objective = family->at(i);

        strbuf_printf(page, "| `%s` | %s | `%s` | %s |\n", objective->name, objective->summary,
                      objective->formula, objective->inputs);
    }
    strbuf_puts(page,
                "\n| parameter | what | values | used by, with default |\n|---|---|---|---|\n");
    for (enum parameter_id id = PARAMETER_NONE + 1; id < PARAMETER_COUNT; id++) {
        if (!family_has(family, id))
            continue;
        strbuf_printf(page, "| `%s` | %s | ", parameter_info(id)->name, parameter_info(id)->help);
        parameter_put_range(page, parameter_info(id));
        strbuf_puts(page, " | ");
        put_users(page, family, id);
        strbuf_puts(page, " |\n");
    }
}

static void put_members(struct strbuf *page)
{
    strbuf_printf(
        page,
        "## Members of a request to POST /v1/score\n\n"
        "A member of a sequence may also stand at the top level, as the default of all "
        "sequences. A sequence has `windows`, or the members of one window itself, but for "
        "`start` and `end`. A member that acts on rows must stand before rows of logits that are "
        "more than `--max-kept-rows`; `dtype` before nested rows in a body of more than "
        "that, or than an eighth of `--max-request-memory`.\n\n");
    put_fields(page, &schema_score);
    strbuf_printf(
        page, "\n## Members of a request to POST /v1/rank\n\n"
              "A member of a choice may also stand in its question or at the top level, one of a "
              "question at the top level, as a default; one of a model in its choice, too. A "
              "request with `choices` in place of `questions` is itself a question.\n\n");
    put_fields(page, &schema_rank);
    strbuf_printf(
        page, "\n## Members of a request to POST /v1/compare\n\n"
              "A member of a model may also stand in its sequence or at the top level, one of a "
              "sequence at the top level, as a default. A request with `models` in place of "
              "`sequences` is itself a sequence.\n\n");
    put_fields(page, &schema_compare);
    strbuf_printf(
        page, "\n## Members of a request to POST /v1/policy\n\n"
              "A member of an output may also stand in its sequence or at the top level, one of a "
              "sequence at the top level, as a default; but outputs themselves are no defaults. A "
              "request without `sequences` is itself a sequence. The parameters of objectives "
              "(GET /v1/objectives) are members of the request, too.\n\n");
    put_fields(page, &schema_policy);
    strbuf_printf(
        page, "\n## Members of a request to POST /v1/preference\n\n"
              "An output is what `policy` or `reference` holds; an example is a completion with a "
              "label. [preference.md](preference.md) says which members are defaults. The "
              "parameters of objectives are members, too.\n\n");
    put_fields(page, &schema_preference);
    put_family(page, &family_preference);
}

static void put_norms(struct strbuf *page)
{
    strbuf_printf(page, "\n## Normalisations of choices\n\n"
                        "| in a choice | in `best` | accuracy |\n|---|---|---|\n");
    for (enum norm norm = 0; norm < NORM_COUNT; norm++) {
        const struct norm_info *info = norm_info(norm);

        strbuf_printf(page, "| `%s` | `%s` | `%s` |\n", info->value,
                      registry_name(REGISTRY_normalisations, norm), info->accuracy);
    }
}

static void put_completions(struct strbuf *page)
{
    strbuf_printf(
        page, "\n## Members of a request to POST /v1/completions\n\nOther members are ignored.\n\n"
              "| member | acts on rows | what |\n|---|---|---|\n");
#define COMPLETION(name, effect, schema, help)                                                     \
    strbuf_printf(page, "| `%s` | %s | %s |\n", #name, on_rows(EFFECT_##effect), help);
#include "api/routes/completions/completions.def"
}

static void put_objectives(struct strbuf *page)
{
    strbuf_printf(
        page, "\n## Objectives\n\n| objective | formula | tokens | what |\n|---|---|---|---|\n");
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        const struct objective *objective = objective_at(id);

        strbuf_printf(page, "| `%s` | `%s` | %s | %s |\n", objective->name, objective->formula,
                      objective->tokens, objective->summary);
    }
}

static void put_engines(struct strbuf *page)
{
    const struct engine *engine;

    strbuf_printf(
        page,
        "\n## Formats of outputs\n\n| format | what | how to get missing log-probabilities |\n"
        "|---|---|---|\n");
    for (size_t i = 0; (engine = engine_at(i)) != NULL; i++)
        strbuf_printf(page, "| `%s` | %s | %s |\n", engine->name, engine->help, engine->ask);
    strbuf_printf(page, "\n## Warnings\n\n| code | what |\n|---|---|\n");
    for (enum warning warning = 0; warning < WARNING_COUNT; warning++)
        strbuf_printf(page, "| `%s` | %s |\n", warning_slug(warning), warning_detail(warning));
}

static void put_dtypes(struct strbuf *page)
{
    strbuf_printf(page, "\n## Number formats of encoded logits\n\n| dtype | bytes |\n|---|---|\n");
    for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++)
        strbuf_printf(page, "| `%s` | %zu |\n", dtype_name(dtype), dtype_size(dtype));
}

static void put_codings(struct strbuf *page)
{
    const struct content_coding *coding;

    strbuf_printf(
        page, "\n## Codings of bodies\n\nThe body of any POST may be compressed: one stream, or "
              "several, one after the other.\n\n"
              "| Content-Encoding | also called | several streams |\n|---|---|---|\n");
    for (size_t i = 0; (coding = coding_at(i)) != NULL; i++)
        strbuf_printf(page, "| `%s` | %s%s%s | %s |\n", coding->name, coding->alias ? "`" : "",
                      coding->alias ? coding->alias : "", coding->alias ? "`" : "",
                      coding->many ? "yes" : "no");
}

/* Write the axes of an input: "BT"; "BT or B", if the last one may be missing. */
static void put_axes(struct strbuf *page, const char *axes)
{
    const size_t last = strlen(axes) - 1;

    for (size_t i = 0; i < last; i++)
        strbuf_printf(page, "%c", axes[i]);
    if (axes[last] < 'a')
        strbuf_printf(page, "%c", axes[last]);
    else
        strbuf_printf(page, "%c or %.*s", axes[last] - 'a' + 'A', (int)last, axes);
}

/* Write the tensors of a model of /v2. */
static void put_model(struct strbuf *page, const struct model *model)
{
    strbuf_printf(page,
                  "\n## Model %s of /v2\n\n%s\n\n| tensor | | axes | what |\n|---|---|---|---|\n",
                  model->name, model->summary);
    for (size_t i = 0; i < model->input_count; i++) {
        const struct input_spec *input = &model->inputs[i];
        char types[64];

        datatype_list(input->types, types, sizeof types);
        strbuf_printf(page, "| `%s` | %s: %s | ", input->name,
                      input->optional ? "optional input" : "input", types);
        put_axes(page, input->axes);
        strbuf_printf(page, " | %s |\n", input->help);
    }
    for (size_t i = 0; i < model->output_count; i++) {
        const struct output_spec *output = &model->outputs[i];

        strbuf_printf(page, "| `%s` | output%s: %s | %s | %s |\n", output->name,
                      output->by_default ? "" : " on request", datatype_name(output->type),
                      output->axes, output->help);
    }
}

static void put_errors(struct strbuf *page)
{
    strbuf_printf(page, "\n## Errors\n\n| code | status | title |\n|---|---|---|\n");
    for (enum error_code code = ERR_NONE + 1; code < ERR_COUNT; code++)
        strbuf_printf(page, "| `%s` | %u | %s |\n", error_slug(code), status_of(code),
                      error_title(code));
}

void reference_write(struct strbuf *page)
{
    put_media_types(page);
    put_members(page);
    put_completions(page);
    answers_reference(page);
    put_engines(page);
    put_objectives(page);
    put_norms(page);
    registries_reference(page);
    put_dtypes(page);
    put_codings(page);
    for (enum model_id id = 0; id < MODEL_COUNT; id++)
        put_model(page, model_at(id));
    put_errors(page);
}
