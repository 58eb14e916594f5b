/* infer_tensor.c - the inputs of a request to a model, and their elements. */
#include "api/routes/infer/infer_tensor.h"

#include "api/base/arena_error.h"
#include "api/routes/infer/infer_member.h"
#include "api/routes/infer/infer_rows.h"

#include <stdio.h>
#include <string.h>

#define FIRST_BYTES ((size_t)4096)

/* ---- descriptions ---- */

/* The arguments of tensor_describe(), for the functions below. */
struct describing {
    struct tensor *tensor;
    const struct model *model;
    const struct input_spec *spec;
    const json_t *object;
    struct json_place at;
    struct error *err;
};

/* A member of the object.  NULL with *err set: it is missing, or `good` is false. */
static const json_t *member(const struct describing *d, const char *name, bool good,
                            const char *what)
{
    const struct json_place at = MEMBER(&d->at, name);
    const json_t *value = infer_member(d->object, name);

    if (!value)
        fail_at(d->err, ERR_MISSING_MEMBER, &d->at, "an input needs %s", name);
    else if (!good)
        fail_at(d->err, ERR_BAD_SHAPE, &at, "must be %s", what);
    return good ? value : NULL;
}

static bool find_input(struct describing *d, size_t *which)
{
    const json_t *name =
        member(d, "name", json_is_string(infer_member(d->object, "name")), "a string");

    if (!name)
        return false;
    for (*which = 0; *which < d->model->input_count; ++*which)
        if (strcmp(d->model->inputs[*which].name, json_string_value(name)) == 0) {
            d->spec = &d->model->inputs[*which];
            return true;
        }
    return fail_at(d->err, ERR_OUT_OF_RANGE, &d->at, "\"%.64s\" is no input of model %s",
                   json_string_value(name), d->model->name);
}

static bool read_type(const struct describing *d)
{
    const json_t *name =
        member(d, "datatype", json_is_string(infer_member(d->object, "datatype")), "a string");
    const struct json_place at = MEMBER(&d->at, "datatype");
    char types[64];

    if (!name)
        return false;
    if (datatype_find(json_string_value(name), &d->tensor->type)
        && (d->spec->types >> d->tensor->type & 1))
        return true;
    datatype_list(d->spec->types, types, sizeof types);
    return fail_at(d->err, ERR_OUT_OF_RANGE, &at, "%.32s is not taken for %s: these are: %s",
                   json_string_value(name), d->spec->name, types);
}

static bool read_axis(const struct describing *d, const json_t *value, size_t axis)
{
    const struct json_place list = MEMBER(&d->at, "shape"), at = ELEMENT(&list, axis);
    const json_int_t size = json_integer_value(value);

    if (!json_is_integer(value))
        return fail_at(d->err, ERR_BAD_SHAPE, &at, "must be an integer");
    if (size < 1)
        return fail_at(d->err, ERR_OUT_OF_RANGE, &at, "%lld is below 1", (long long)size);
    if (d->spec->axes[axis] == 'V' && size > ROW_MAX_WIDTH)
        return fail_at(d->err, ERR_OUT_OF_RANGE, &at, "a vocabulary of %lld is not in [1, %d]",
                       (long long)size, ROW_MAX_WIDTH);
    d->tensor->shape[axis] = (size_t)size;
    return true;
}

/* Whether the last axis of an input may be missing. */
static bool may_be_flat(const struct input_spec *spec)
{
    const char last = spec->axes[strlen(spec->axes) - 1];

    return last >= 'a' && last <= 'z';
}

static bool read_shape(const struct describing *d)
{
    struct tensor *tensor = d->tensor;
    const json_t *shape =
        member(d, "shape", json_is_array(infer_member(d->object, "shape")), "an array");
    const struct json_place at = MEMBER(&d->at, "shape");

    tensor->rank = strlen(d->spec->axes);
    tensor->bytes = datatype_size(tensor->type);
    if (!shape)
        return false;
    if (may_be_flat(d->spec) && json_array_size(shape) + 1 == tensor->rank)
        tensor->rank--;
    if (json_array_size(shape) != tensor->rank)
        return fail_at(d->err, ERR_BAD_COUNT, &at, "%s has %zu dimensions%s, not %zu",
                       d->spec->name, tensor->rank, may_be_flat(d->spec) ? " or one fewer" : "",
                       json_array_size(shape));
    for (size_t i = 0; i < tensor->rank; i++) {
        if (!read_axis(d, json_array_get(shape, i), i))
            return false;
        if (__builtin_mul_overflow(tensor->bytes, tensor->shape[i], &tensor->bytes))
            return fail_at(d->err, ERR_OUT_OF_RANGE, &at, "the size in bytes does not fit 64 bits");
    }
    return true;
}

static bool read_blob(const struct describing *d, const json_t *size)
{
    const struct json_place list = MEMBER(&d->at, "parameters"),
                            at = MEMBER(&list, "binary_data_size");

    if (!json_is_integer(size) || json_integer_value(size) < 0)
        return fail_at(d->err, ERR_BAD_SHAPE, &at, "must be an integer of at least 0");
    if (infer_member(d->object, "data"))
        return fail_at(d->err, ERR_CONFLICT, &at, "data and binary_data_size exclude each other");
    d->tensor->binary = true;
    return (uint64_t)json_integer_value(size) == d->tensor->bytes
           || fail_at(d->err, ERR_BAD_COUNT, &at,
                      "%lld bytes for %s; its shape and datatype make %zu",
                      (long long)json_integer_value(size), d->spec->name, d->tensor->bytes);
}

static bool read_source(const struct describing *d)
{
    const json_t *all = infer_member(d->object, "parameters");
    const json_t *size = infer_member(all, "binary_data_size");
    const struct json_place at = MEMBER(&d->at, "parameters"), data = MEMBER(&d->at, "data");

    if (all && !json_is_object(all))
        return fail_at(d->err, ERR_BAD_SHAPE, &at, "must be an object");
    if (infer_member(all, "shared_memory_region"))
        return fail_at(d->err, ERR_OUT_OF_RANGE, &at, "shared memory is not supported");
    if (size)
        return read_blob(d, size);
    if (!infer_member(d->object, "data"))
        return fail_at(d->err, ERR_MISSING_MEMBER, &d->at,
                       "%s needs data, or binary_data_size among its parameters", d->spec->name);
    if (d->tensor->type == DATATYPE_FP16 || d->tensor->type == DATATYPE_BF16)
        return fail_at(d->err, ERR_OUT_OF_RANGE, &data,
                       "%s has no form as JSON: send it as binary data",
                       datatype_name(d->tensor->type));
    return true;
}

bool tensor_describe(struct tensor *tensor, size_t *which, const struct model *model,
                     const json_t *object, size_t position, struct error *err)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "inputs");
    struct describing d = {tensor, model, NULL, object, ELEMENT(&list, position), err};

    *tensor = (struct tensor){.given = true};
    if (!json_is_object(object))
        return fail_at(err, ERR_BAD_SHAPE, &d.at, "must be an object");
    return find_input(&d, which) && read_type(&d) && read_shape(&d) && read_source(&d);
}

size_t tensor_elements(const struct tensor *tensor)
{
    return tensor->bytes / datatype_size(tensor->type);
}

/* ---- elements ---- */

static bool fail_memory(struct infer *infer, const struct tensor *tensor)
{
    struct arena *arena = &infer->x->arena;

    if (arena->fault != ARENA_LIMIT)
        return arena_fail(arena, &infer->x->error);
    return error_set(&infer->x->error, ERR_TOO_LARGE, "",
                     "%s must fit --max-request-memory (%zu bytes): %s, or raise it",
                     is_logits(infer, tensor) ? "logits that come before what is asked of them"
                                              : "what is not logits",
                     arena->limit,
                     is_logits(infer, tensor)
                         ? "send logits last in inputs, behind outputs and parameters"
                         : "send fewer sequences at a time");
}

/* Make room for at least one more byte of a kept tensor.  Room grows with what has arrived, not
 * with what was announced. */
static bool grow(struct infer *infer, struct tensor *tensor)
{
    size_t capacity = tensor->capacity < FIRST_BYTES ? FIRST_BYTES : 2 * tensor->capacity;
    char *data;

    if (capacity > tensor->bytes)
        capacity = tensor->bytes;
    data = arena_grow(&infer->x->arena, tensor->data, tensor->length, capacity);
    if (!data)
        return fail_memory(infer, tensor);
    tensor->data = data;
    tensor->capacity = capacity;
    return true;
}

bool tensor_room(struct infer *infer, struct tensor *tensor, char **out, size_t *room)
{
    const struct infer_rows *rows = &infer->rows;

    *out = NULL;
    *room = 0;
    if (tensor->length == tensor->bytes)
        return true;
    if (is_logits(infer, tensor) && rows->mode != ROWS_KEPT) {
        *out = rows->mode == ROWS_REDUCED ? rows->row + rows->fill : NULL;
        *room = rows->mode == ROWS_REDUCED ? rows_bytes(infer) - rows->fill : 0;
        return true;
    }
    if (tensor->length == tensor->capacity && !grow(infer, tensor))
        return false;
    *out = tensor->data + tensor->length;
    *room = tensor->capacity - tensor->length;
    return true;
}

bool tensor_took(struct infer *infer, struct tensor *tensor, size_t bytes)
{
    tensor->length += bytes;
    tensor->complete = tensor->length == tensor->bytes;
    return !is_logits(infer, tensor) || rows_took(infer, bytes);
}

bool tensor_blob_feed(struct infer *infer, struct tensor *tensor, const char *bytes, size_t length)
{
    if (is_logits(infer, tensor) && infer->rows.mode != ROWS_KEPT) {
        tensor->length += length;
        tensor->complete = tensor->length == tensor->bytes;
        rows_feed(infer, bytes, length);
        return true;
    }
    while (length > 0) {
        char *out;
        size_t room;

        if (!tensor_room(infer, tensor, &out, &room))
            return false;
        room = room < length ? room : length;
        memcpy(out, bytes, room);
        if (!tensor_took(infer, tensor, room))
            return false;
        bytes += room;
        length -= room;
    }
    return true;
}
