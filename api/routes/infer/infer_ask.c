/* infer_ask.c - what a request to a model asks for: outputs and parameters. */
#include "api/routes/infer/infer_ask.h"

#include "api/base/arena_error.h"
#include "api/members/range.h"
#include "api/routes/infer/infer_member.h"

#include <stdio.h>
#include <string.h>

/* ---- parameters ---- */

/* The parameters that are numbers.  All of them act on rows of logits. */
static const struct parameter {
    enum range_id range;
    size_t place; /* offset in struct settings */
} parameters[] = {
    {RANGE_temperature, offsetof(struct settings, temperature)},
    {RANGE_softcap, offsetof(struct settings, softcap)},
    {RANGE_label_smoothing, offsetof(struct settings, label_smoothing)},
    {RANGE_z_loss, offsetof(struct settings, z_loss)},
};

static const char *name_of(const struct parameter *parameter)
{
    return range_at(parameter->range)->name;
}

static bool fail_parameter(const char *name, enum error_code code, struct error *err,
                           const char *detail)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "parameters"),
                            at = MEMBER(&list, name);

    return fail_at(err, code, &at, "%s", detail);
}

static bool read_number(struct settings *settings, const struct parameter *parameter,
                        const json_t *value, struct error *err)
{
    const double number = json_number_value(value);
    char detail[RANGE_DETAIL];

    if (!json_is_number(value))
        return fail_parameter(name_of(parameter), ERR_BAD_SHAPE, err, "must be a number");
    if (range_has(range_at(parameter->range), number)) {
        memcpy((char *)settings + parameter->place, &number, sizeof number);
        return true;
    }
    range_explain(range_at(parameter->range), number, detail);
    return fail_parameter(name_of(parameter), ERR_OUT_OF_RANGE, err, detail);
}

/* Read a parameter that is one of a few words.  *index does not change if it is absent. */
static bool read_word(const json_t *all, const char *name, const char *const *words, size_t *index,
                      struct error *err)
{
    const json_t *value = infer_member(all, name);
    char detail[160] = "must be one of";

    if (!value)
        return true;
    for (size_t i = 0; words[i]; i++) {
        if (json_is_string(value) && strcmp(json_string_value(value), words[i]) == 0) {
            *index = i;
            return true;
        }
        snprintf(detail + strlen(detail), sizeof detail - strlen(detail), " %s", words[i]);
    }
    return fail_parameter(name, json_is_string(value) ? ERR_OUT_OF_RANGE : ERR_BAD_SHAPE, err,
                          detail);
}

static bool read_words(struct settings *settings, const json_t *all, struct error *err)
{
    static const char *const precisions[] = {"fp32", "fp64", NULL};
    static const char *const alignments[] = {"next", "same", NULL};
    static const char *const smoothings[] = {
#define SMOOTHING(id, name, formula, help) name,
#include "core/smoothings.def"
        NULL};
    size_t precision = 0, alignment = ALIGN_NEXT, smoothing = 0;

    if (!read_word(all, "precision", precisions, &precision, err)
        || !read_word(all, "alignment", alignments, &alignment, err)
        || !read_word(all, "smoothing", smoothings, &smoothing, err))
        return false;
    settings->doubles = precision == 1;
    settings->alignment = (enum alignment)alignment;
    settings->smoothing = (enum smoothing)smoothing;
    return true;
}

static bool read_settings(struct settings *settings, const json_t *all, struct error *err)
{
    char detail[RANGE_DETAIL];

    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
        const json_t *value = infer_member(all, name_of(&parameters[i]));

        if (value && !read_number(settings, &parameters[i], value, err))
            return false;
    }
    if (!range_softcap_fits(settings->softcap, settings->temperature, detail))
        return fail_parameter("softcap", ERR_OUT_OF_RANGE, err, detail);
    return read_words(settings, all, err);
}

/* Read all parameters.  Unknown ones are ignored, as the protocol says. */
static bool read_parameters(struct ask *ask, const struct model *model, const json_t *all,
                            struct error *err)
{
    if (model->rows)
        return read_settings(&ask->settings, all, err);
    ask->request = infer_member(all, "request");
    return !ask->request || json_is_string(ask->request)
           || fail_parameter("request", ERR_BAD_SHAPE, err, "must be a string, the text of JSON");
}

/* ---- outputs ---- */

/* Read a flag in the parameters of the request or of an output. */
static bool read_flag(const json_t *all, const char *name, const struct json_place *in, bool *flag,
                      struct error *err)
{
    const json_t *value = infer_member(all, name);
    const struct json_place list = MEMBER(in, "parameters"), at = MEMBER(&list, name);

    if (value && !json_is_boolean(value))
        return fail_at(err, ERR_BAD_SHAPE, &at, "must be true or false");
    if (value)
        *flag = json_is_true(value);
    return true;
}

/* Whether a request names an output with a key: "loss.KEY". */
static bool is_keyed(const struct output_spec *output)
{
    const char *dot = strchr(output->name, '.');

    return dot && dot[1] >= 'A' && dot[1] <= 'Z';
}

/* Find the output that a name means: all of it, or up to its first dot if a key is behind that. */
static bool find_output(struct wanted_output *choice, const struct model *model, const json_t *name)
{
    const char *text = json_string_value(name), *dot = text ? strchr(text, '.') : NULL;
    const size_t stem = dot ? (size_t)(dot + 1 - text) : 0;

    for (size_t i = 0; text && i < model->output_count; i++) {
        const struct output_spec *output = &model->outputs[i];

        choice->output = output;
        choice->name = text;
        choice->name_length = json_string_length(name);
        if (!is_keyed(output) && strcmp(output->name, text) == 0)
            return true;
        if (!is_keyed(output) || !dot || strncmp(output->name, text, stem) != 0)
            continue;
        choice->key = dot + 1;
        return true;
    }
    return false;
}

static bool fail_output(const struct model *model, const struct json_place *at, const json_t *name,
                        struct error *err)
{
    char known[256] = "";

    for (size_t i = 0; i < model->output_count; i++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", i > 0 ? ", " : "",
                 model->outputs[i].name);
    if (!json_is_string(name))
        return fail_at(err, ERR_MISSING_MEMBER, at, "an output needs a name: %s", known);
    return fail_at(err, ERR_OUT_OF_RANGE, at, "\"%.64s\" is no output of model %s; these are: %s",
                   json_string_value(name), model->name, known);
}

/* Refuse the extensions of the protocol that would change the answer: the metadata of the server do
 * not list them. */
static bool refuse_extensions(const json_t *all, const struct json_place *in, struct error *err)
{
    static const char *const names[] = {"classification", "shared_memory_region"};
    const struct json_place list = MEMBER(in, "parameters");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct json_place at = MEMBER(&list, names[i]);

        if (infer_member(all, names[i]))
            return fail_at(err, ERR_OUT_OF_RANGE, &at, "is not supported");
    }
    return true;
}

static bool is_same(const struct wanted_output *a, const struct wanted_output *b)
{
    return a->name_length == b->name_length && memcmp(a->name, b->name, a->name_length) == 0;
}

static bool read_output(struct ask *ask, const struct model *model, const json_t *object,
                        const struct json_place *at, bool binary, struct error *err)
{
    const json_t *name = infer_member(object, "name");
    const json_t *all = infer_member(object, "parameters");
    struct wanted_output choice = {.binary = binary};

    if (!json_is_object(object))
        return fail_at(err, ERR_BAD_SHAPE, at, "must be an object");
    if (!find_output(&choice, model, name))
        return fail_output(model, at, name, err);
    for (size_t i = 0; i < ask->count; i++)
        if (is_same(&ask->choices[i], &choice))
            return fail_at(err, ERR_CONFLICT, at, "output %s is named twice",
                           json_string_value(name));
    if (!refuse_extensions(all, at, err) || !read_flag(all, "binary_data", at, &choice.binary, err))
        return false;
    ask->choices[ask->count++] = choice;
    return true;
}

/* Ask for the outputs that are in the answer if none is named. */
static void choose_defaults(struct ask *ask, const struct model *model, bool binary)
{
    for (size_t i = 0; i < model->output_count; i++) {
        const struct output_spec *output = &model->outputs[i];

        if (output->by_default)
            ask->choices[ask->count++] =
                (struct wanted_output){output, output->name, strlen(output->name), NULL, binary};
    }
}

static bool read_outputs(struct ask *ask, const struct model *model, const json_t *outputs,
                         bool binary, struct arena *arena, struct error *err)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "outputs");
    const size_t count = json_array_size(outputs);

    if (outputs && !json_is_array(outputs))
        return fail_at(err, ERR_BAD_SHAPE, &list, "must be an array");
    if (count > OUTPUT_MOST)
        return fail_at(err, ERR_OUT_OF_RANGE, &list, "%zu outputs; at most %d may be named", count,
                       OUTPUT_MOST);
    ask->choices = arena_new(arena, struct wanted_output, count > 0 ? count : model->output_count);
    if (!ask->choices)
        return arena_fail(arena, err);
    for (size_t i = 0; i < count; i++) {
        const struct json_place at = ELEMENT(&list, i);

        if (!read_output(ask, model, json_array_get(outputs, i), &at, binary, err))
            return false;
    }
    if (count == 0)
        choose_defaults(ask, model, binary);
    return true;
}

/* ---- the whole ---- */

static bool read_id(struct ask *ask, const json_t *id, struct error *err)
{
    const struct json_place root = ROOT, at = MEMBER(&root, "id");

    if (id && !json_is_string(id))
        return fail_at(err, ERR_BAD_SHAPE, &at, "must be a string");
    ask->id = json_string_value(id);
    ask->id_length = json_string_length(id);
    return true;
}

bool ask_read(struct ask *ask, const struct model *model, json_t *tree, struct arena *arena,
              struct error *err)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "parameters");
    const json_t *all = infer_member(tree, "parameters");
    bool binary = false;

    *ask = (struct ask){.settings = {.temperature = 1}};
    if (all && !json_is_object(all))
        return fail_at(err, ERR_BAD_SHAPE, &list, "must be an object");
    if (!read_id(ask, infer_member(tree, "id"), err) || !read_parameters(ask, model, all, err)
        || !read_flag(all, "binary_data_output", &root, &binary, err)
        || !read_outputs(ask, model, infer_member(tree, "outputs"), binary, arena, err))
        return false;
    for (size_t i = 0; i < ask->count; i++) {
        ask->settings.objectives |= 1U << ask->choices[i].output->objective;
        ask->settings.details |= ask->choices[i].output->details;
    }
    return true;
}

void ask_everything(struct settings *settings, const struct model *model)
{
    for (size_t i = 0; i < model->output_count; i++) {
        settings->objectives |= 1U << model->outputs[i].objective;
        settings->details |= model->outputs[i].details;
    }
}

const char *ask_on_rows(const json_t *all)
{
    static const char *const words[] = {"alignment", "smoothing"};

    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if (infer_member(all, name_of(&parameters[i])))
            return name_of(&parameters[i]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (infer_member(all, words[i]))
            return words[i];
    return NULL;
}
