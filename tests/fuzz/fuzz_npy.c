/* fuzz_npy.c - any text as the header of a .npy file: a shape that can be read, or an error with
 * words.  The first byte chooses the version. */
#include "api/body/npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct file_tensor *tensor, bool good, const struct error *err)
{
    if (good != (err->code == ERR_NONE) || (!good && err->detail[0] == '\0'))
        abort();
    if (good
        && (tensor->dims < 2 || tensor->dims > TENSOR_DIMS
            || tensor->item != dtype_size(tensor->dtype)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t prefix = size > 0 && data[0] % 3 > 0 ? 12 : 10;
    struct file_tensor tensor = {.kind = TENSOR_LOGITS, .sequence = TOP_LEVEL};
    struct error err = {0};
    size_t length;
    char *bytes;

    if (size < 1 || size > NPY_HEADER_MAX)
        return 0;
    bytes = malloc(prefix + size - 1);
    memcpy(bytes, "\x93NUMPY\0\0\0\0\0\0", prefix);
    bytes[6] = (char)(1 + data[0] % 3);
    bytes[8] = (char)(size - 1);
    bytes[9] = (char)((size - 1) >> 8);
    memcpy(bytes + prefix, data + 1, size - 1);
    if (!npy_is(bytes, prefix) || !npy_head(bytes, prefix, &length, "/logits", &err)
        || length != prefix + size - 1)
        abort();
    check(&tensor, npy_read(bytes, length, &tensor, "/logits", &err), &err);
    free(bytes);
    return 0;
}
