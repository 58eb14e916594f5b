/* safetensors.c - parses the head of a .safetensors file. */
#include "api/body/safetensors.h"

#include "api/base/arena_error.h"
#include "api/json/json_parser.h"

#include <stdlib.h>
#include <string.h>

/* The arguments of safetensors_read(), for the functions below. */
struct engine_answer {
    struct file_tensors *tensors;
    const char *pointer;
    struct error *err;
};

bool safetensors_is(const char *bytes)
{
    return bytes[SAFETENSORS_PREFIX] == '{';
}

bool safetensors_head(const char *bytes, size_t *size, const char *pointer, struct error *err)
{
    uint64_t header = 0;

    for (size_t i = SAFETENSORS_PREFIX; i > 0; i--)
        header = header << 8 | (unsigned char)bytes[i - 1];
    if (header > SAFETENSORS_HEADER_MAX)
        return error_set(err, ERR_BAD_DATA, pointer,
                         "the header of the .safetensors file has %llu bytes, more than %d",
                         (unsigned long long)header, SAFETENSORS_HEADER_MAX);
    *size = SAFETENSORS_PREFIX + (size_t)header;
    return true;
}

static bool fail(const struct engine_answer *reading, const char *name, const char *what)
{
    return error_set(reading->err, ERR_BAD_DATA, reading->pointer,
                     "the header of the .safetensors file: %.64s %s", name, what);
}

/* Read the numbers of a shape, or of data_offsets. */
static bool read_counts(const json_t *array, size_t *out, size_t most)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *count = json_array_get(array, i);

        if (!json_is_integer(count) || json_integer_value(count) < 0)
            return false;
        if (i < most)
            out[i] = (size_t)json_integer_value(count);
    }
    return true;
}

static bool read_dtype(const struct engine_answer *reading, const char *name, const char *dtype,
                       struct file_tensor *tensor)
{
    static const struct {
        const char *name;
        enum tensor_kind kind;
        enum dtype dtype;
        size_t item;
    } known[] = {
        {"F64", TENSOR_LOGITS, DTYPE_F64, 8},   {"F32", TENSOR_LOGITS, DTYPE_F32, 4},
        {"F16", TENSOR_LOGITS, DTYPE_F16, 2},   {"BF16", TENSOR_LOGITS, DTYPE_BF16, 2},
        {"I64", TENSOR_TOKENS, DTYPE_COUNT, 8}, {"I32", TENSOR_TOKENS, DTYPE_COUNT, 4},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].kind == tensor->kind && strcmp(known[i].name, dtype) == 0) {
            tensor->dtype = known[i].dtype;
            tensor->item = known[i].item;
            return true;
        }
    }
    return fail(reading, name,
                tensor->kind == TENSOR_LOGITS ? "has a dtype that is none of F64, F32, F16, BF16"
                                              : "has a dtype that is none of I64, I32");
}

/* Read one tensor: dtype, shape and data_offsets, and no other member. */
static bool read_tensor(const struct engine_answer *reading, const char *name, const json_t *entry,
                        struct file_tensor *tensor)
{
    const json_t *dtype = json_object_get(entry, "dtype"), *shape = json_object_get(entry, "shape"),
                 *offsets = json_object_get(entry, "data_offsets");
    size_t place[2] = {0, 0};

    if (!file_tensor_name(tensor, name))
        return fail(reading, name,
                    "is not known: the tensors are logits, tokens, logits.N and tokens.N");
    if (!json_is_string(dtype) || !json_is_array(shape) || !json_is_array(offsets)
        || json_object_size(entry) != 3)
        return fail(reading, name, "must have dtype, shape and data_offsets, and nothing else");
    if (!read_counts(shape, tensor->shape, TENSOR_DIMS))
        return fail(reading, name, "has a shape that is no array of counts");
    if (!read_counts(offsets, place, 2) || json_array_size(offsets) != 2 || place[0] > place[1])
        return fail(reading, name, "has data_offsets that are no [begin, end]");
    tensor->dims = json_array_size(shape);
    tensor->begin = place[0];
    if (!read_dtype(reading, name, json_string_value(dtype), tensor)
        || !file_tensor_measure(tensor, reading->pointer, reading->err))
        return false;
    return tensor->bytes == place[1] - place[0]
           || fail(reading, name, "has data_offsets that do not fit its dtype and shape");
}

static bool check_metadata(const struct engine_answer *reading, const char *name, json_t *metadata)
{
    const char *key;
    json_t *value;

    if (!json_is_object(metadata))
        return fail(reading, name, "must be an object of strings");
    json_object_foreach(metadata, key, value)
    {
        if (!json_is_string(value))
            return fail(reading, name, "must be an object of strings");
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct file_tensor *first = a, *second = b;

    if (first->begin != second->begin)
        return first->begin < second->begin ? -1 : 1;
    return first->bytes < second->bytes ? -1 : first->bytes > second->bytes;
}

/* Check that the places use all of the data, and each byte once. */
static bool check_places(const struct engine_answer *reading)
{
    uint64_t end = 0;

    for (size_t i = 0; i < reading->tensors->count; i++) {
        const struct file_tensor *tensor = &reading->tensors->tensor[i];
        char name[32];

        file_tensor_write_name(tensor, name, sizeof name);
        if (tensor->begin < end)
            return fail(reading, name, "overlaps with another tensor");
        if (tensor->begin > end)
            return fail(reading, name, "has a hole before it");
        end += tensor->bytes; /* no overflow: begin + bytes was read as one number */
    }
    return true;
}

static bool read_entries(const struct engine_answer *reading, json_t *header)
{
    struct file_tensors *tensors = reading->tensors;
    const char *name;
    json_t *entry;

    json_object_foreach(header, name, entry)
    {
        if (strcmp(name, "__metadata__") == 0) {
            if (!check_metadata(reading, name, entry))
                return false;
            continue;
        }
        if (!read_tensor(reading, name, entry, &tensors->tensor[tensors->count++]))
            return false;
    }
    if (tensors->count == 0)
        return fail(reading, "it", "names no tensors");
    qsort(tensors->tensor, tensors->count, sizeof *tensors->tensor, by_place);
    return check_places(reading);
}

bool safetensors_read(const char *bytes, size_t length, struct file_tensors *tensors,
                      struct arena *arena, const char *pointer, struct error *err)
{
    const struct engine_answer reading = {tensors, pointer, err};
    const char *text = bytes + SAFETENSORS_PREFIX;
    struct error fault = {0};
    json_t *header = json_parser_read(text, length - SAFETENSORS_PREFIX, arena, &fault);

    if (!header && fault.code == ERR_NONE)
        return arena_fail(arena, err);
    if (!header)
        return error_set(err, ERR_BAD_DATA, pointer, "the header of the .safetensors file: %s",
                         fault.detail);
    if (*text != '{')
        return fail(&reading, "it", "does not begin with {");
    *tensors =
        (struct file_tensors){arena_new(arena, struct file_tensor, json_object_size(header)), 0};
    return tensors->tensor ? read_entries(&reading, header) : arena_fail(arena, err);
}
