/* fma.c - the plain kernel, compiled with the FMA3 instructions: fma() is an instruction, not a
 * call. */
#include "core/kernels/diverge.h"
#include "core/kernels/keep.h"
#include "core/kernels/order.h"

extern const struct kernel kernel_fma;
const struct kernel kernel_fma = {"fma", lanes_reduce, lanes_order, lanes_keep, lanes_diverge};
