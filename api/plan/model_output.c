/* model_output.c - the model's output for a sequence. */
#include "api/plan/model_output.h"

#include "api/base/arena_error.h"
#include "api/plan/engine_output.h"
#include "api/plan/window.h"

#include <stdint.h>
#include <string.h>

/* The size of a tensor in bytes, from its shape and dtype.  False: it overflows. */
static bool tensor_bytes(const struct model_output *output, size_t *bytes)
{
    return !__builtin_mul_overflow(output->rows, output->width, bytes)
           && !__builtin_mul_overflow(*bytes, dtype_size(output->dtype), bytes);
}

static bool tensor_dtype(struct model_output *output, const struct members *members,
                         const json_t *name, struct error *err)
{
    const char *text = json_string_value(name), *why = dtype_unread(text);

    return dtype_find(text, &output->dtype)
           || member_fail_in(members->path, FIELD_logits, "dtype", ERR_OUT_OF_RANGE, err,
                             "\"%.32s\" is not one of f64, f32, f16, bf16%s%s", text,
                             *why ? ": " : "", why);
}

static bool tensor_shape(struct model_output *output, const struct members *members,
                         const json_t *shape, struct error *err)
{
    const size_t dims = json_array_size(shape);
    const json_int_t batch = json_integer_value(json_array_get(shape, 0));

    if (dims != 2 && dims != 3)
        return member_fail_in(members->path, FIELD_logits, "shape", ERR_OUT_OF_RANGE, err,
                              "must be [T, V] or [1, T, V], and has %zu entries", dims);
    if (dims == 3 && batch != 1)
        return member_fail_in(members->path, FIELD_logits, "shape", ERR_OUT_OF_RANGE, err,
                              "a batch of %" JSON_INTEGER_FORMAT
                              ": give each sequence its own, in the list sequences",
                              batch);
    output->rows = (size_t)json_integer_value(json_array_get(shape, dims - 2));
    output->width = (size_t)json_integer_value(json_array_get(shape, dims - 1));
    if (output->width >= 1 && output->width <= ROW_MAX_WIDTH)
        return true;
    return member_fail_in(members->path, FIELD_logits, "shape", ERR_OUT_OF_RANGE, err,
                          "a vocabulary of %zu is not in [1, %d]", output->width, ROW_MAX_WIDTH);
}

static bool find_tensor(struct model_output *output, const struct members *members,
                        struct body *body, bool *later, struct error *err)
{
    static const char *const names[] = {"dtype", "shape", "data"};
    const json_t *tensor = members->of[FIELD_logits].value;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        *later = !json_object_get(tensor, names[i]);
        if (*later)
            return member_fail_in(members->path, FIELD_logits, names[i], ERR_MISSING_MEMBER, err,
                                  "an encoded tensor needs %s", names[i]);
    }
    output->kind = OUTPUT_TENSOR;
    output->span = body_span(body, SPAN_DATA, output->owner);
    return tensor_dtype(output, members, json_object_get(tensor, "dtype"), err)
           && tensor_shape(output, members, json_object_get(tensor, "shape"), err);
}

void model_output_measure(struct model_output *output)
{
    if (output->kind != OUTPUT_ROWS)
        return;
    output->rows = output->span->shape.rows;
    output->width = output->span->shape.width;
}

static void find_rows(struct model_output *output, const struct members *members, struct body *body)
{
    const json_t *dtype = members->of[FIELD_dtype].value;

    output->kind = OUTPUT_ROWS;
    output->span = body_span(body, SPAN_LOGITS, output->owner);
    model_output_measure(output);
    output->dtype = dtype_of_decimals(json_string_value(dtype));
}

/* The number of the object whose numbers a member holds. */
static size_t owner_of(const struct members *members, const struct member *member)
{
    const struct sequence_path *path = members->path;

    return path->logits_at != NO_ELEMENT ? path->logits_at : member_owner(path, member);
}

bool model_output_find(struct model_output *output, const struct members *members,
                       struct body *body, bool *later, struct error *err)
{
    const struct member *logits = &members->of[FIELD_logits];
    const struct member *logprobs = &members->of[FIELD_logprobs];

    if (members->of[FIELD_windows].value && !window_is(members->path)) {
        output->kind = OUTPUT_WINDOWS;
        return true;
    }
    if (members->of[FIELD_outputs].value) {
        output->kind = OUTPUT_ENGINE; /* parsed when the ids are known (engine_output.h) */
        return true;
    }
    output->owner = owner_of(members, logits->value ? logits : logprobs);
    if (logits->value && json_is_object(logits->value))
        return find_tensor(output, members, body, later, err);
    if (logits->value) {
        find_rows(output, members, body);
        return true;
    }
    output->kind = OUTPUT_LOGPROBS;
    output->span = body_span(body, SPAN_LOGPROBS, output->owner);
    output->rows = output->span->shape.rows;
    return true;
}

/* `data` must be valid base64, and as long as shape and dtype say. */
static bool check_data(const struct plan *plan, struct error *err)
{
    const struct model_output *output = &plan->output;
    const struct base64 *data = &output->span->encoding;
    size_t wanted;

    if (data->bad)
        return member_fail_in(
            &plan->path, FIELD_logits, "data", ERR_BAD_DATA, err,
            "not base64 (standard alphabet, padded, unused bits 0) at character %zu", data->bad_at);
    if (tensor_bytes(output, &wanted) && wanted == data->bytes)
        return true;
    return member_fail_in(&plan->path, FIELD_logits, "data", ERR_BAD_DATA, err,
                          "%zu bytes do not make [%zu, %zu] numbers of %s", data->bytes,
                          output->rows, output->width, dtype_name(output->dtype));
}

static bool check_widths(const struct plan *plan, struct error *err)
{
    const struct model_output *output = &plan->output;
    const struct rows_shape *shape = &output->span->shape;

    if (output->rows == 0)
        return member_fail(&plan->path, FIELD_logits, NO_ELEMENT, ERR_BAD_COUNT, err,
                           "there are no rows");
    if (output->kind == OUTPUT_TENSOR)
        return true;
    if (shape->ragged != ROWS_NONE && shape->ragged_width == 0)
        return member_fail(&plan->path, FIELD_logits, shape->ragged, ERR_BAD_ROW, err,
                           "the row is empty");
    if (shape->ragged != ROWS_NONE)
        return member_fail(&plan->path, FIELD_logits, shape->ragged, ERR_BAD_ROW, err,
                           "the row has %zu logits, row 0 has %zu", shape->ragged_width,
                           shape->width);
    return output->width <= ROW_MAX_WIDTH
           || member_fail(&plan->path, FIELD_logits, 0, ERR_BAD_ROW, err,
                          "a vocabulary of %zu is not in [1, %d]", output->width, ROW_MAX_WIDTH);
}

/* The last row may be about the token that follows the sequence; no row may come after it. */
static bool check_too_many(const struct plan *plan, struct error *err)
{
    const size_t length = plan->rows_before + plan->length + plan->rows_after;
    const size_t left = length - plan->offset;

    if (plan->offset >= plan->rows_before + plan->length)
        return member_fail(&plan->path, FIELD_offset, NO_ELEMENT, ERR_OUT_OF_RANGE, err,
                           "%zu is not below the %zu tokens", plan->offset,
                           plan->rows_before + plan->length);
    return plan->output.rows <= left
           || member_fail(&plan->path, FIELD_logits, NO_ELEMENT, ERR_BAD_COUNT, err,
                          "%zu rows are too many for %zu tokens from offset %zu: at most %zu "
                          "(attention_mask tells what is padding)",
                          plan->output.rows, length, plan->offset, left);
}

static bool check_too_few(const struct plan *plan, struct error *err)
{
    const size_t first = plan_shift(plan), end = first + plan->output.rows;

    for (size_t i = 0; i < plan->length; i++)
        if (plan->needed[i] && plan_row_of(plan, i) >= plan->output.rows)
            return member_fail(&plan->path, FIELD_logits, NO_ELEMENT, ERR_BAD_COUNT, err,
                               "token %zu has no row: there are %zu, about tokens %zu to %zu",
                               i + plan->rows_before, plan->output.rows, first, end - 1);
    return true;
}

bool model_output_check_rows(const struct plan *plan, struct error *err)
{
    if (plan->output.kind == OUTPUT_MATRIX)
        return engine_output_check_rows(plan, err);
    return (plan->output.kind != OUTPUT_TENSOR || check_data(plan, err)) && check_widths(plan, err)
           && check_too_many(plan, err) && (!plan->taken || window_check_rows(plan, err))
           && check_too_few(plan, err);
}

enum field model_output_field(const struct plan *plan)
{
    if (plan->output.answer)
        return FIELD_outputs;
    return plan->output.kind == OUTPUT_LOGPROBS ? FIELD_logprobs : FIELD_logits;
}
