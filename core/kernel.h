/* kernel.h - the inner loops over rows of logits, one kernel for each instruction set.
 *
 * Every kernel gives the same bits for the same row; scalar is the specification
 * (docs/numerics.md). A kernel works on one row in memory, allocates nothing and knows no request.
 * The table of kernels is core/kernels.h. */
#ifndef CORE_KERNEL_H
#define CORE_KERNEL_H

#include "core/row.h"
#include "core/sampling.h"

/* One of the K best tokens of a row. */
struct ranked {
    size_t token;
    double logit;
};

/* Reduce a row.  `wants` is a mask of enum row_want.  False, with *fault set, if the row is not a
 * distribution; *stats is written only on success. */
typedef bool kernel_reduce_f(const struct row *row, const struct transform *transform,
                             unsigned wants, struct row_stats *stats, struct row_fault *fault);

/* Questions about the order of the logits of a row, and their answers. */
struct order {
    bool wants_above;
    double logit; /* with wants_above: the number of logits strictly greater than this ... */
    size_t above; /* ... is written here */
    size_t count; /* how many of the best tokens are wanted (0: none); they are written ... */
    struct ranked *best; /* ... here, best first, lowest index first in a tie */
    size_t found;        /* how many were written: the smaller of count and V */
};

typedef void kernel_order_f(const struct row *row, struct order *order);

/* Copy the logits that a sampler keeps of a row with these statistics to `list`, in their order,
 * and without masks.  There is room for 2 V doubles.  Returns how many there are, at least 1. */
typedef size_t kernel_keep_f(const struct row *row, const struct transform *transform,
                             const struct row_stats *stats, const struct sampling *sampling,
                             double *list);

/* Two rows of one temperature T and without a softcap, and what core/divergence.c knows of them. */
struct twins {
    double max[2];      /* the largest logits */
    double unit;        /* a power of two: differences of logits times it are in the units of ... */
    double temperature; /* ... T, which is in [1/2, 2) in them */
    struct dd shift;    /* s */
    double inverse[2];  /* 1 / (1 + R) */
};

/* How many tokens a block has at most. */
#define TWINS_BLOCK ((size_t)256)

/* Add the terms of a block of tokens, with these logits, to sums[DIVERGENCE_SUMS]
 * (core/divergence_terms.h).  False, with nothing added, if a token is masked or as good as that.
 */
typedef bool kernel_diverge_f(const struct twins *twins, const double *a, const double *b,
                              size_t count, double *sums);

struct kernel {
    const char *name;
    kernel_reduce_f *reduce;
    kernel_order_f *order;
    kernel_keep_f *keep;
    kernel_diverge_f *diverge;
};

#endif
