/* kernel.h - the inner loops, one set for each instruction set.
 *
 * Every set gives the same bits for the same row; scalar is the specification (docs/numerics.md).
 * A kernel works on one row of plain memory, allocates nothing and knows no request. */
#ifndef CORE_KERNEL_H
#define CORE_KERNEL_H

#include "core/row.h"

/* One of the K best tokens of a row. */
struct ranked {
    size_t token;
    double logit; /* after the softcap */
};

/* Reduce a row; `wants` is a mask of enum row_want.  False, with *fault set, where the row is no
 * distribution; *stats is written only on success. */
typedef bool kernel_reduce_f(const struct row *row, const struct transform *transform,
                             unsigned wants, struct row_stats *stats, struct row_fault *fault);

/* What is asked about the order of a row's logits, all after the softcap; a row that was reduced.
 */
struct order {
    bool wants_above;
    double logit;        /* the number of logits strictly greater than it ... */
    size_t above;        /* ... is put here */
    size_t count;        /* of the best tokens wanted (0: none) ... */
    struct ranked *best; /* ... which are put here, best first, lowest index first in a tie */
    size_t found;        /* how many of them there are: the smaller of count and V */
};

typedef void kernel_order_f(const struct row *row, const struct transform *transform,
                            struct order *order);

struct kernel {
    const char *name;
    kernel_reduce_f *reduce;
    kernel_order_f *order;
};

/* The kernels that run on a CPU with `features` (cpu_features()), best first; NULL past the end. */
const struct kernel *kernel_at(unsigned features, size_t index);

/* The kernel of that name, or the best for "auto"; NULL where there is none or it cannot run. */
const struct kernel *kernel_find(unsigned features, const char *name);

/* The kernel of that name whether or not it can run here (to tell "unknown" from "not on this
 * CPU"). */
bool kernel_exists(const char *name);

#endif
