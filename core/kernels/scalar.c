/* scalar.c - the plain kernel: the specification, and for CPUs without fused multiply-add. */
#include "core/kernels/order.h"

extern const struct kernel kernel_scalar;
const struct kernel kernel_scalar = {"scalar", lanes_reduce, lanes_order};
