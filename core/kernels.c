/* kernels.c - the table of kernels, and which of them can run. */
#include "core/kernels.h"

#include "core/cpu.h"

#include <string.h>

#define KERNEL(name, needs) extern const struct kernel kernel_##name;
#include "core/kernels.def"

static const struct candidate {
    const struct kernel *kernel;
    unsigned needs;
} candidates[] = {
#define KERNEL(name, needs) {&kernel_##name, needs},
#include "core/kernels.def"
    {NULL, 0},
};

const struct kernel *kernel_at(unsigned features, size_t index)
{
    for (const struct candidate *candidate = candidates; candidate->kernel; candidate++)
        if ((candidate->needs & ~features) == 0 && index-- == 0)
            return candidate->kernel;
    return NULL;
}

const struct kernel *kernel_find(unsigned features, const char *name)
{
    const struct kernel *kernel;

    if (strcmp(name, "auto") == 0)
        return kernel_at(features, 0);
    for (size_t i = 0; (kernel = kernel_at(features, i)) != NULL; i++)
        if (strcmp(kernel->name, name) == 0)
            return kernel;
    return NULL;
}

bool kernel_exists(const char *name)
{
    return strcmp(name, "auto") == 0 || kernel_find(~0U, name) != NULL;
}
