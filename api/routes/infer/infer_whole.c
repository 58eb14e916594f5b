/* infer_whole.c - a request to a model whose inputs are whole tensors. */
#include "api/routes/infer/infer_whole.h"

#include "api/base/arena_error.h"
#include "api/members/fields.h"
#include "api/routes/infer/infer_tensor.h"
#include "api/score/json_request.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- axes ---- */

/* The axis with a letter, which may be a small one.  RANK_MOST: there is none. */
static size_t axis_of(const char *axes, char letter)
{
    for (size_t axis = 0; axes[axis]; axis++)
        if ((axes[axis] | ' ') == (letter | ' '))
            return axis;
    return RANK_MOST;
}

/* The first given input that has an axis.  NULL: none has it. */
static const struct tensor *first_with(const struct infer *infer, char letter, size_t *axis)
{
    for (size_t i = 0; i < infer->model->input_count; i++) {
        const struct tensor *tensor = &infer->input[i];

        *axis = axis_of(infer->model->inputs[i].axes, letter);
        if (tensor->given && *axis < tensor->rank)
            return tensor;
    }
    return NULL;
}

size_t whole_axis(const struct infer *infer, char letter)
{
    size_t axis;
    const struct tensor *tensor = first_with(infer, letter, &axis);

    return tensor ? tensor->shape[axis] : 0;
}

static bool check_axis(const struct infer *infer, size_t which, size_t axis)
{
    const struct input_spec *spec = &infer->model->inputs[which];
    const size_t size = infer->input[which].shape[axis];
    size_t same;
    const struct tensor *first = first_with(infer, spec->axes[axis], &same);

    return size == first->shape[same]
           || error_set(&infer->x->error, ERR_BAD_COUNT, "",
                        "axis %zu (%c) of %s is %zu, and of %s it is %zu", axis, spec->axes[axis],
                        spec->name, size, infer->model->inputs[first - infer->input].name,
                        first->shape[same]);
}

/* Axes with the same letter must have the same length. */
static bool check_axes(const struct infer *infer)
{
    for (size_t i = 0; i < infer->model->input_count; i++)
        for (size_t axis = 0; infer->input[i].given && axis < infer->input[i].rank; axis++)
            if (!check_axis(infer, i, axis))
                return false;
    return true;
}

/* ---- elements ---- */

bool whole_fail(struct infer *infer, size_t which, size_t index, enum error_code code,
                const char *format, ...)
{
    const struct tensor *tensor = &infer->input[which];
    const size_t columns = tensor->rank > 1 ? tensor->shape[1] : 1;
    char place[64] = "", detail[DETAIL_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    if (tensor->rank > 1)
        snprintf(place, sizeof place, ",%zu", index % columns);
    return error_set(&infer->x->error, code, "", "%s[%zu%s]: %s", infer->model->inputs[which].name,
                     index / columns, place, detail);
}

double *whole_numbers(struct infer *infer, size_t which)
{
    const struct tensor *tensor = &infer->input[which];
    const size_t count = tensor_elements(tensor);
    double *numbers;

    if (!tensor->given)
        return NULL;
    numbers = arena_alloc(&infer->x->arena, count, sizeof *numbers);
    if (!numbers)
        arena_fail(&infer->x->arena, &infer->x->error);
    else
        dtype_widen((enum dtype)tensor->type, tensor->data, count, numbers);
    return numbers;
}

bool *whole_flags(struct infer *infer, size_t which)
{
    const struct tensor *tensor = &infer->input[which];
    const size_t count = tensor_elements(tensor);
    bool *flags;

    if (!tensor->given)
        return NULL;
    flags = arena_alloc(&infer->x->arena, count, sizeof *flags);
    if (!flags)
        arena_fail(&infer->x->arena, &infer->x->error);
    for (size_t i = 0; flags && i < count; i++) {
        const int64_t value = tensor_integer(tensor, i);

        if (value != 0 && value != 1) {
            whole_fail(infer, which, i, ERR_OUT_OF_RANGE, "%lld is neither 0 nor 1",
                       (long long)value);
            return NULL;
        }
        flags[i] = value == 1;
    }
    return flags;
}

/* ---- the parameter `request` ---- */

bool whole_fail_request(struct exchange *x)
{
    const struct error inner = x->error;

    if (error_is_spent(inner.code))
        return false;
    x->error = (struct error){0};
    return error_set(&x->error, inner.code, "/parameters/request", "%s%s%s", inner.pointer,
                     inner.pointer[0] ? ": " : "", inner.detail);
}

/* Whether the tensors tell what a member does: all but what only a request may have. */
static bool is_told(const struct route_schema *schema, const char *name)
{
    const enum field field = field_find(name);

    return layout_find(schema->layout, 0, name) != LAYOUT_REQUEST
           || (field < FIELD_COUNT && schema->member[field].scope != SCOPE_NOWHERE
               && schema_kind(schema, field) > 0);
}

static bool check_told(const struct planner *planner, struct error *err)
{
    const char *name;
    json_t *value;

    json_object_foreach(planner->body->tree, name, value)
    {
        if (is_told(planner->schema, name))
            return fail_at(err, ERR_CONFLICT, &MEMBER(&ROOT, name),
                           "is what the inputs of the model are for");
    }
    return true;
}

static bool check_members(const struct planner *planner, struct error *err)
{
    const struct holder request = {.object = planner->body->tree, .owner = TOP_LEVEL};

    return fields_check_early(planner->schema, &request, false, planner->body, err);
}

/* Parse the text, {} if it is absent, and check its members. */
static bool read_request(struct infer *infer, struct json_request *request)
{
    const json_t *text = infer->ask.request;
    const char *bytes = text ? json_string_value(text) : "{}";
    const size_t length = text ? json_string_length(text) : strlen(bytes);
    struct error *err = &infer->x->error;

    return body_scanner_feed(&request->scan, bytes, length) && body_scanner_end(&request->scan)
           && check_told(&request->planner, err) && check_members(&request->planner, err);
}

/* The body of the text.  NULL with x->error set. */
static struct planner *request_of(struct infer *infer)
{
    struct json_request *request = arena_new(&infer->x->arena, struct json_request, 1);
    struct body_use *use = arena_new(&infer->x->arena, struct body_use, 1);

    if (!request || !use) {
        arena_fail(&infer->x->arena, &infer->x->error);
        return NULL;
    }
    use->layout = infer->model->whole->schema->layout;
    json_request_init(request, use, infer->model->whole->schema, infer->x);
    if (read_request(infer, request))
        return &request->planner;
    whole_fail_request(infer->x);
    return NULL;
}

bool whole_end(struct infer *infer)
{
    struct planner *planner = check_axes(infer) ? request_of(infer) : NULL;

    infer->sequences = whole_axis(infer, 'B');
    return planner && infer->model->whole->compute(infer, planner);
}

/* ---- outputs ---- */

static bool array_value(const struct column *column, size_t index, double *value)
{
    *value = ((const double *)column->from)[index];
    return !isnan(*value);
}

void whole_array(struct column *column, const double *values)
{
    column->value = array_value;
    column->from = values;
}

bool whole_text(struct infer *infer, struct column *column,
                void (*write)(const struct infer *infer, struct strbuf *text))
{
    struct strbuf *text = arena_new(&infer->x->arena, struct strbuf, 1);

    if (!text)
        return arena_fail(&infer->x->arena, &infer->x->error);
    text->arena = &infer->x->arena;
    write(infer, text);
    if (text->failed)
        return arena_fail(text->arena, &infer->x->error);
    text->length--;
    column->text = text;
    return true;
}

bool whole_key_is(const struct wanted_output *choice, const char *key, size_t length)
{
    const char *end = choice->name + choice->name_length;

    return (size_t)(end - choice->key) == length && memcmp(choice->key, key, length) == 0;
}

bool whole_fail_key(struct infer *infer, const struct column *column, const char *why)
{
    const struct json_place list = MEMBER(&ROOT, "outputs");
    const struct json_place at = ELEMENT(&list, (size_t)(column->choice - infer->ask.choices));

    return fail_at(&infer->x->error, ERR_OUT_OF_RANGE, &at, "\"%.64s\" is no output: %s",
                   column->choice->name, why);
}

bool whole_column(struct infer *infer, struct column *column)
{
    const struct output_spec *output = column->choice->output;

    column->type = output->type;
    column->rank = strlen(output->axes);
    for (size_t axis = 0; axis < column->rank; axis++)
        column->shape[axis] = output->axes[axis] == '1' ? 1 : whole_axis(infer, output->axes[axis]);
    return infer->model->whole->find(infer, column);
}
