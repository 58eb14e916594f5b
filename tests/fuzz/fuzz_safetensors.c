/* fuzz_safetensors.c - any text as the header of a .safetensors file: tensors that fill its data
 * one behind the other, or an error with words. */
#include "api/body/safetensors.h"
#include "api/json/dom.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    dom_start();
    return 0;
}

static void check(const struct file_tensors *tensors)
{
    uint64_t end = 0;

    if (tensors->count == 0)
        abort();
    for (size_t i = 0; i < tensors->count; i++) {
        const struct file_tensor *tensor = &tensors->tensor[i];
        uint64_t bytes = tensor->item;

        for (size_t d = 0; d < tensor->dims; d++)
            bytes *= tensor->shape[d];
        if (tensor->begin != end || tensor->bytes != bytes || tensor->dims > TENSOR_DIMS)
            abort();
        end += bytes;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint64_t header = size;
    struct file_tensors tensors;
    struct arena arena;
    struct error err = {0};
    size_t length;
    char *bytes = malloc(SAFETENSORS_PREFIX + size);
    bool good;

    memcpy(bytes, &header, sizeof header);
    memcpy(bytes + SAFETENSORS_PREFIX, data, size);
    arena_init(&arena, 1 << 22, NULL);
    if (!safetensors_head(bytes, &length, "/logits", &err) || length != SAFETENSORS_PREFIX + size)
        abort();
    good = safetensors_read(bytes, length, &tensors, &arena, "/logits", &err);
    if (good != (err.code == ERR_NONE) || (!good && err.detail[0] == '\0'))
        abort();
    if (good)
        check(&tensors);
    arena_release(&arena);
    free(bytes);
    return 0;
}
