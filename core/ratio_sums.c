/* ratio_sums.c - sums over the tokens of sequences.
 *
 * Tokens are taken in blocks, and each step is done for a whole block: so a step of one token does
 * not wait for that of the one before, and sums stay at hand. */
#include "core/ratio_sums.h"

#define BLOCK 128 /* tokens */

struct block {
    size_t count;
    double p[BLOCK], q[BLOCK];
    struct token_ratio ratio[BLOCK];
};

static double mean(const struct exact_sum *sum, size_t count)
{
    return wide_double(wide_mean(sum, count));
}

static double half_mean(const struct exact_sum *sum, size_t count)
{
    return wide_double(wide_times(wide_mean(sum, count), wide_of(0.5)));
}

void ratio_sums_clear(struct ratio_sums *sums)
{
    struct exact_sum *const all[] = {
        &sums->p,          &sums->minus_q,      &sums->k3,        &sums->absolute,   &sums->squares,
        &sums->near_less1, &sums->near_squares, &sums->far_ratio, &sums->far_squares};

    sums->tokens = sums->near = 0;
    sums->most = 0;
    sums->largest = dd_of(-HUGE_VAL);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        exact_sum_clear(all[i]);
    moments_clear(&sums->change);
}

void ratio_keep_largest(struct dd *most, struct dd l)
{
    const bool larger = l.hi > most->hi || (l.hi == most->hi && l.lo > most->lo);

    if (!isnan(most->hi) && (larger || isnan(l.hi)))
        *most = l;
}

static void keep_most(double *most, double size)
{
    if (!isnan(*most) && !(size <= *most))
        *most = size;
}

/* ---- the steps of a block ---- */

/* Take the next tokens that count.  Returns where those behind them begin. */
static size_t take(struct block *block, const struct ratio_view *view, size_t from)
{
    size_t count = 0;

    for (; from < view->length && count < BLOCK; from++) {
        block->p[count] = view->p[from];
        block->q[count] = view->q[from];
        count += view->counts[from];
    }
    block->count = count;
    token_ratios_of(block->ratio, block->p, block->q, count);
    return from;
}

static void add_log_probs(struct ratio_sums *sums, const struct block *block)
{
    double minus_q[BLOCK];

    for (size_t i = 0; i < block->count; i++)
        minus_q[i] = -block->q[i];
    exact_sum_add_all(&sums->p, block->p, block->count);
    exact_sum_add_all(&sums->minus_q, minus_q, block->count);
}

/* What |l| and l^2 have beyond those of l.hi. */
static void add_rest(struct ratio_sums *sums, struct dd l)
{
    if (l.lo == 0)
        return;
    exact_sum_add(&sums->absolute, l.hi < 0 ? -l.lo : l.lo);
    exact_sum_add_product(&sums->squares, l.hi, 2 * l.lo);
    exact_sum_add_square(&sums->squares, l.lo);
}

static void add_logs(struct ratio_sums *sums, const struct block *block, double *logs)
{
    double sizes[BLOCK];

    for (size_t i = 0; i < block->count; i++) {
        const struct dd l = block->ratio[i].log;

        logs[i] = l.hi;
        sizes[i] = fabs(l.hi);
        keep_most(&sums->most, sizes[i]);
        ratio_keep_largest(&sums->largest, l);
        add_rest(sums, l);
    }
    exact_sum_add_all(&sums->absolute, sizes, block->count);
    exact_sum_add_squares(&sums->squares, logs, block->count);
}

static void add_k3(struct ratio_sums *sums, const struct block *block)
{
    struct wide k3[BLOCK];

    token_ratios_k3(k3, block->ratio, block->count);
    wide_add_all(&sums->k3, k3, block->count);
}

/* e^l is 1 + less1 where l is near 0, so that less1 has all its bits; else it is itself. */
static void add_ratios(struct ratio_sums *sums, const struct block *block)
{
    double near[BLOCK], far[BLOCK];
    size_t nears = 0, fars = 0;

    for (size_t i = 0; i < block->count; i++) {
        const struct token_ratio *ratio = &block->ratio[i];
        const bool is_near = fabs(ratio->log.hi) < 1;

        near[nears] = ratio->less1;
        far[fars] = ratio->ratio;
        nears += is_near;
        fars += !is_near;
    }
    sums->near += nears;
    exact_sum_add_all(&sums->near_less1, near, nears);
    exact_sum_add_squares(&sums->near_squares, near, nears);
    exact_sum_add_all(&sums->far_ratio, far, fars);
    exact_sum_add_squares(&sums->far_squares, far, fars);
}

static void add_changes(struct ratio_sums *sums, const struct block *block, double *changes)
{
    for (size_t i = 0; i < block->count; i++)
        changes[i] = token_ratio_change(&block->ratio[i], block->p[i], block->q[i]);
    sums->change.count += block->count;
    exact_sum_add_all(&sums->change.x, changes, block->count);
    exact_sum_add_squares(&sums->change.xx, changes, block->count);
}

/* ---- sums ---- */

void ratio_sums_logs(struct exact_sum *sum, const struct ratio_sums *sums)
{
    exact_sum_clear(sum);
    exact_sum_merge(sum, &sums->p);
    exact_sum_merge(sum, &sums->minus_q);
}

static void merge(struct ratio_sums *sums, const struct ratio_sums *other)
{
    exact_sum_merge(&sums->p, &other->p);
    exact_sum_merge(&sums->minus_q, &other->minus_q);
    exact_sum_merge(&sums->k3, &other->k3);
    exact_sum_merge(&sums->absolute, &other->absolute);
    exact_sum_merge(&sums->squares, &other->squares);
    exact_sum_merge(&sums->near_less1, &other->near_less1);
    exact_sum_merge(&sums->near_squares, &other->near_squares);
    exact_sum_merge(&sums->far_ratio, &other->far_ratio);
    exact_sum_merge(&sums->far_squares, &other->far_squares);
    exact_sum_merge(&sums->change.x, &other->change.x);
    exact_sum_merge(&sums->change.xx, &other->change.xx);
    sums->change.count += other->change.count;
    sums->tokens += other->tokens;
    sums->near += other->near;
    ratio_keep_largest(&sums->largest, other->largest);
    keep_most(&sums->most, other->most);
}

struct sequence_ratio ratio_sums_whole(const struct ratio_sums *sums)
{
    const size_t n = sums->tokens;
    struct sequence_ratio result = {.tokens = n};
    struct exact_sum logs;

    ratio_sums_logs(&logs, sums);
    result.most = n == 0 ? (double)NAN : sums->most;
    result.sum = n == 0 ? wide_of((double)NAN) : wide_of_sum(&logs);
    result.mean = wide_dd(wide_mean(&logs, n));
    result.mean_p = wide_dd(wide_mean(&sums->p, n));
    result.mean_q = dd_neg(wide_dd(wide_mean(&sums->minus_q, n)));
    result.k1 = -result.mean.hi;
    result.k2 = half_mean(&sums->squares, n);
    result.k3 = mean(&sums->k3, n);
    return result;
}

struct sequence_ratio ratio_sums_add(struct ratio_sums *sums, const struct ratio_view *view,
                                     double *logs, double *changes)
{
    struct ratio_sums own;
    struct block block;

    ratio_sums_clear(&own);
    for (size_t from = 0; from < view->length;) {
        const size_t before = sums->tokens + own.tokens;

        from = take(&block, view, from);
        add_log_probs(&own, &block);
        add_logs(&own, &block, logs + before);
        add_k3(&own, &block);
        add_ratios(&own, &block);
        add_changes(&own, &block, changes + before);
        own.tokens += block.count;
    }
    merge(sums, &own);
    return ratio_sums_whole(&own);
}
