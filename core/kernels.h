/* kernels.h - the table of kernels (core/kernels.def), and which of them can run. */
#ifndef CORE_KERNELS_H
#define CORE_KERNELS_H

#include "core/kernel.h"

/* The kernels that run on a CPU with `features` (cpu_features()), best first; NULL past the end. */
const struct kernel *kernel_at(unsigned features, size_t index);

/* The kernel of that name, or the best for "auto".  NULL if there is none, or if it cannot run. */
const struct kernel *kernel_find(unsigned features, const char *name);

/* Whether there is a kernel of that name, even if this CPU cannot run it. */
bool kernel_exists(const char *name);

#endif
