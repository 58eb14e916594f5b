/* scalar.c - the plain kernel.  It is the specification, and runs on CPUs without fused
 * multiply-add. */
#include "core/kernels/diverge.h"
#include "core/kernels/keep.h"
#include "core/kernels/order.h"

extern const struct kernel kernel_scalar;
const struct kernel kernel_scalar = {"scalar", lanes_reduce, lanes_order, lanes_keep,
                                     lanes_diverge};
