/* bits.c - a digest of what each kernel makes of the same rows, to be compared between machines.
 *
 * Prints "KERNEL DIGEST" for every kernel that runs here.  Needs nothing but core/ and libm. */
#include "tests/unit/rows.h"

#include "core/cpu.h"
#include "core/kernels.h"

#include <stdio.h>

/* FNV-1a */
static uint64_t digest_add(uint64_t digest, const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        digest = (digest ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
    return digest;
}

static uint64_t digest_row(uint64_t digest, const struct kernel *kernel, const struct row *row,
                           const struct transform *transform)
{
    struct row_stats stats;
    struct row_fault fault;
    struct ranked best[5];
    struct order order = {.wants_above = true, .count = 5, .best = best};
    double nll;

    memset(&stats, 0, sizeof stats);
    if (!kernel->reduce(row, transform, ROW_ENTROPY | ROW_SPREAD, &stats, &fault))
        return digest_add(digest, "fault", 5);
    order.logit = row_logit(row, transform, row->width / 2);
    nll = row_nll(&stats, transform, order.logit);
    kernel->order(row, transform, &order);
    digest = digest_add(digest, &stats, sizeof stats);
    digest = digest_add(digest, &nll, sizeof nll);
    digest = digest_add(digest, &order.above, sizeof order.above);
    for (size_t i = 0; i < order.found; i++)
        digest = digest_add(digest, &best[i].token, sizeof best[i].token);
    return digest;
}

static uint64_t digest_kernel(const struct kernel *kernel)
{
    static const size_t widths[] = {1, 2, 15, 16, 17, 255, 256, 257, 600, 2048, 2500, 5000, 32000};
    const struct transform transforms[] = {transform_make(1, 0), transform_make(0.7, 0),
                                           transform_make(1.3, 30)};
    uint64_t digest = 0xcbf29ce484222325;

    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        for (enum kind kind = 0; kind < KINDS; kind++)
            for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++) {
                struct sample s = sample_make(kind, dtype, widths[w], 9);

                digest = digest_row(digest, kernel, &s.row, &transforms[(w + (size_t)kind) % 3]);
                sample_free(&s);
            }
    return digest;
}

int main(void)
{
    const struct kernel *kernel;

    for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)) != NULL; k++)
        printf("%s %016llx\n", kernel->name, (unsigned long long)digest_kernel(kernel));
    return 0;
}
