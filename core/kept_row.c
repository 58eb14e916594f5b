/* kept_row.c - the distribution over the tokens that a sampler keeps. */
#include "core/kept_row.h"

#define BLOCK ((size_t)128)

static size_t block_read(const struct row *row, size_t start, double *logits)
{
    const size_t left = row->width - start, count = left < BLOCK ? left : BLOCK;

    dtype_widen(row->dtype, (const char *)row->data + start * dtype_size(row->dtype), count,
                logits);
    return count;
}

static double least_of(const double *logits, size_t count)
{
    double least = logits[0];

    for (size_t i = 1; i < count; i++)
        least = logits[i] < least ? logits[i] : least;
    return least;
}

/* (1 + R) of the kept tokens by (1 + R) of all. */
static double mass_of(const struct row_stats *kept, const struct row_stats *all)
{
    return dd_div(dd_add_double(kept->rest, 1), dd_add_double(all->rest, 1)).hi;
}

bool kept_row_reduce(const struct kernel *kernel, const struct row *row,
                     const struct transform *transform, const struct sampling *sampling,
                     unsigned wants, double *room, struct row_stats *stats, struct row_fault *fault)
{
    struct row_stats all;
    struct row part;

    if (!kernel->reduce(row, transform, 0, &all, fault))
        return false;
    part = (struct row){room, kernel->keep(row, transform, &all, sampling, room), DTYPE_F64};
    kernel->reduce(&part, transform, wants, stats, fault); /* cannot fail: it has the largest */
    stats->argmax = all.argmax;
    stats->kept = part.width;
    stats->least = least_of(room, part.width);
    stats->mass = mass_of(stats, &all);
    return true;
}

void kept_row_mask(const struct row_stats *stats, const struct row *row, double *logits)
{
    for (size_t start = 0; start < row->width; start += BLOCK) {
        const size_t count = block_read(row, start, logits + start);

        for (size_t i = start; i < start + count; i++)
            logits[i] = logits[i] >= stats->least ? logits[i] : -HUGE_VAL;
    }
}
