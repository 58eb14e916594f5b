/* file_tensor.c - a tensor of numbers in an uploaded file. */
#include "api/body/file_tensor.h"

#include <stdio.h>
#include <string.h>

#define DIGITS_MAX 9

/* Parse ".12": a number without leading zeros. */
static bool read_number(const char *text, size_t *number)
{
    const size_t digits = strspn(text + 1, "0123456789");

    if (text[0] != '.' || digits == 0 || digits > DIGITS_MAX || text[1 + digits] != '\0'
        || (text[1] == '0' && digits > 1))
        return false;
    *number = 0;
    for (const char *c = text + 1; *c; c++)
        *number = *number * 10 + (size_t)(*c - '0');
    return true;
}

static const char *const kinds[] = {[TENSOR_LOGITS] = "logits", [TENSOR_TOKENS] = "tokens"};

bool file_tensor_name(struct file_tensor *tensor, const char *name)
{
    for (enum tensor_kind kind = TENSOR_LOGITS; kind <= TENSOR_TOKENS; kind++) {
        const size_t length = strlen(kinds[kind]);

        if (strncmp(name, kinds[kind], length) != 0)
            continue;
        tensor->kind = kind;
        tensor->sequence = TOP_LEVEL;
        return name[length] == '\0' || read_number(name + length, &tensor->sequence);
    }
    return false;
}

void file_tensor_write_name(const struct file_tensor *tensor, char *out, size_t size)
{
    if (tensor->sequence == TOP_LEVEL)
        snprintf(out, size, "%s", kinds[tensor->kind]);
    else
        snprintf(out, size, "%s.%zu", kinds[tensor->kind], tensor->sequence);
}

/* The number of dimensions of one sequence. */
static size_t own_dims(const struct file_tensor *tensor)
{
    return tensor->kind == TENSOR_LOGITS ? 2 : 1;
}

bool file_tensor_is_batch(const struct file_tensor *tensor)
{
    return tensor->dims > own_dims(tensor);
}

size_t file_tensor_slices(const struct file_tensor *tensor)
{
    return file_tensor_is_batch(tensor) ? tensor->shape[0] : 1;
}

bool file_tensor_measure(struct file_tensor *tensor, const char *pointer, struct error *err)
{
    const bool logits = tensor->kind == TENSOR_LOGITS;
    uint64_t bytes = tensor->item;
    bool fits = true;

    if (tensor->dims != own_dims(tensor) && tensor->dims != own_dims(tensor) + 1)
        return error_set(err, ERR_BAD_DATA, pointer,
                         "the shape of %s must be %s, and has %zu "
                         "dimensions",
                         kinds[tensor->kind], logits ? "[T, V] or [B, T, V]" : "[T] or [B, T]",
                         tensor->dims);
    /* Check overflow without dimensions of 0, so that it is found in any order. */
    for (size_t i = 0; i < tensor->dims; i++)
        if (tensor->shape[i] > 0)
            fits &= !__builtin_mul_overflow(bytes, tensor->shape[i], &bytes) && bytes <= INT64_MAX;
    if (!fits)
        return error_set(err, ERR_BAD_DATA, pointer, "the shape of %s makes more than 2^63 bytes",
                         kinds[tensor->kind]);
    for (size_t i = 0; i < tensor->dims; i++)
        bytes *= tensor->shape[i] > 0;
    tensor->bytes = bytes;
    return true;
}
