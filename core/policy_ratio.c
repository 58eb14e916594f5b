/* policy_ratio.c - the ratio of two policies over the tokens of sequences. */
#include "core/policy_ratio.h"

#include "core/dd_real.h"

#include <math.h>
#include <string.h>

/* Of ratios up to e^this, and down to e^-this, the squares are doubles with all their bits. */
#define MODERATE 300

const char *policy_source_name(enum policy_source source)
{
    static const char *const names[] = {
#define SOURCE(name, help) #name,
#include "core/policy_sources.def"
    };

    return names[source];
}

const struct policy_ratio_info *policy_ratio_info(enum policy_ratio ratio)
{
    static const struct policy_ratio_info infos[] = {
#define RATIO(p, q) {#p "_" #q, SOURCE_##p, SOURCE_##q},
#include "core/policy_ratios.def"
    };

    return &infos[ratio];
}

bool policy_ratio_find(const char *name, enum policy_ratio *ratio)
{
    for (*ratio = 0; *ratio < RATIO_COUNT; ++*ratio)
        if (strcmp(name, policy_ratio_info(*ratio)->name) == 0)
            return true;
    return false;
}

const char *token_spread_name(enum token_spread spread)
{
    static const char *const names[] = {
#define TOKEN_SPREAD(name, help) #name,
#include "core/policy_spreads.def"
    };

    return names[spread];
}

const char *sequence_spread_name(enum sequence_spread spread)
{
    static const char *const names[] = {
#define SEQUENCE_SPREAD(name, help) #name,
#include "core/policy_spreads.def"
    };

    return names[spread];
}

/* ---- sums that both kinds share ---- */

/* Sums over tokens. */
struct sums {
    struct exact_sum p, q, k3;
    struct moments log; /* of l */
    double most;        /* the largest |l| */
};

static void sums_clear(struct sums *sums)
{
    exact_sum_clear(&sums->p);
    exact_sum_clear(&sums->q);
    exact_sum_clear(&sums->k3);
    moments_clear(&sums->log);
    sums->most = 0;
}

static void sums_add(struct sums *sums, const struct token_ratio *ratio, double p, double q)
{
    const double size = fabs(ratio->log.hi);

    exact_sum_add(&sums->p, p);
    exact_sum_add(&sums->q, q);
    moments_add_dd(&sums->log, ratio->log);
    wide_add_to(&sums->k3, token_ratio_k3(ratio));
    if (!isnan(sums->most) && !(size <= sums->most))
        sums->most = size;
}

static struct wide count_of(size_t count)
{
    return wide_of((double)count);
}

static struct wide mean_of(const struct exact_sum *sum, size_t count)
{
    return wide_over(wide_of_sum(sum), count_of(count));
}

static double mean(const struct exact_sum *sum, size_t count)
{
    return wide_double(mean_of(sum, count));
}

static double half_mean(const struct exact_sum *sum, size_t count)
{
    return wide_double(wide_times(mean_of(sum, count), wide_of(0.5)));
}

static double exp_of(struct dd x)
{
    return wide_double(wide_exp(x));
}

/* ---- of one sequence ---- */

struct sequence_ratio sequence_ratio_of(const struct ratio_view *view)
{
    struct sequence_ratio result = {0};
    struct sums sums;
    size_t n;

    sums_clear(&sums);
    for (size_t i = 0; i < view->length; i++) {
        if (view->counts[i]) {
            const struct token_ratio ratio = token_ratio_of(view->p[i], view->q[i]);

            sums_add(&sums, &ratio, view->p[i], view->q[i]);
        }
    }
    n = result.tokens = sums.log.count;
    result.most = n == 0 ? (double)NAN : sums.most;
    result.sum = n == 0 ? wide_of((double)NAN) : wide_of_sum(&sums.log.x);
    result.mean = wide_dd(mean_of(&sums.log.x, n));
    result.mean_p = wide_dd(mean_of(&sums.p, n));
    result.mean_q = wide_dd(mean_of(&sums.q, n));
    result.k1 = -result.mean.hi;
    result.k2 = half_mean(&sums.log.xx, n);
    result.k3 = mean(&sums.k3, n);
    return result;
}

struct dd sequence_spread_value(enum sequence_spread spread, const struct sequence_ratio *ratio)
{
    switch (spread) {
    case SEQUENCE_SPREAD_sequence_ratio:
        return wide_dd(wide_exp(wide_dd(ratio->sum)));
    case SEQUENCE_SPREAD_geometric_ratio:
        return wide_dd(wide_exp(ratio->mean));
    case SEQUENCE_SPREAD_perplexity_p:
        return wide_dd(wide_exp(dd_neg(ratio->mean_p)));
    case SEQUENCE_SPREAD_perplexity_q:
        return wide_dd(wide_exp(dd_neg(ratio->mean_q)));
    case SEQUENCE_SPREAD_perplexity_ratio:
        return wide_dd(wide_exp(dd_neg(ratio->mean)));
    case SEQUENCE_SPREAD_COUNT:
        break;
    }
    return dd_of(0);
}

/* ---- the effective sample size ---- */

/* (sum w)^2 / (n sum w^2) */
double effective_share(const struct moments *weights)
{
    const struct wide sum = wide_of_sum(&weights->x), squares = wide_of_sum(&weights->xx);

    return wide_double(
        wide_over(wide_times(sum, sum), wide_times(count_of(weights->count), squares)));
}

/* Keep the larger one; NaN, where one is. */
static void keep_largest(struct dd *most, struct dd l)
{
    const bool larger = l.hi > most->hi || (l.hi == most->hi && l.lo > most->lo);

    if (!isnan(most->hi) && (larger || isnan(l.hi)))
        *most = l;
}

/* Of weights e^l: the largest is 1, as the share does not depend on their unit. */
static void add_weight(struct moments *weights, struct dd l, struct dd most)
{
    moments_add_dd(weights, isinf(l.hi) ? dd_of(0) : wide_dd(wide_exp(dd_sub(l, most))));
}

/* Whether weights have a unit: not all are 0, and none is infinite or NaN. */
static bool has_unit(struct dd most)
{
    return fabs(most.hi) <= HUGE_VAL && !isinf(most.hi);
}

/* ---- over tokens ---- */

/* What is summed over all tokens. */
struct pool {
    struct sums sums;
    struct moments ratio, change; /* of e^l and of |p - q| */
    struct exact_sum absolute;    /* of |l| */
    struct exact_sum chi2;
    struct dd largest; /* l */
};

static void pool_add(struct pool *pool, double p, double q)
{
    const struct token_ratio ratio = token_ratio_of(p, q);
    const struct dd l = ratio.log;

    sums_add(&pool->sums, &ratio, p, q);
    moments_add_dd(&pool->ratio, ratio.ratio);
    moments_add_dd(&pool->change, token_ratio_change(&ratio, p, q));
    wide_add_to(&pool->absolute, wide_of_dd(l.hi < 0 ? dd_neg(l) : l));
    wide_add_to(&pool->chi2, token_ratio_square_less1(&ratio));
    keep_largest(&pool->largest, l);
}

static void pool_of(struct pool *pool, const struct ratio_view *views, size_t count)
{
    sums_clear(&pool->sums);
    moments_clear(&pool->ratio);
    moments_clear(&pool->change);
    exact_sum_clear(&pool->absolute);
    exact_sum_clear(&pool->chi2);
    pool->largest = dd_of(-HUGE_VAL);
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < views[s].length; i++)
            if (views[s].counts[i])
                pool_add(pool, views[s].p[i], views[s].q[i]);
}

static double token_share(const struct pool *pool, const struct ratio_view *views, size_t count)
{
    const struct dd most = pool->largest;
    struct moments weights;

    if (fabs(most.hi) < MODERATE)
        return effective_share(&pool->ratio);
    if (!has_unit(most))
        return (double)NAN;
    moments_clear(&weights);
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < views[s].length; i++)
            if (views[s].counts[i])
                add_weight(&weights, token_log_ratio(views[s].p[i], views[s].q[i]), most);
    return effective_share(&weights);
}

static double token_value(enum token_spread spread, double p, double q)
{
    const struct token_ratio ratio = token_ratio_of(p, q);

    switch (spread) {
    case TOKEN_SPREAD_ratio:
        return ratio.ratio.hi;
    case TOKEN_SPREAD_log_ratio:
        return ratio.log.hi;
    case TOKEN_SPREAD_abs_log_ratio:
        return fabs(ratio.log.hi);
    case TOKEN_SPREAD_abs_delta_p:
        return token_ratio_change(&ratio, p, q).hi;
    case TOKEN_SPREAD_COUNT:
        break;
    }
    return 0;
}

/* The moments of what is spread. */
static struct moments moments_for(const struct pool *pool, enum token_spread spread)
{
    struct moments moments = spread == TOKEN_SPREAD_ratio         ? pool->ratio
                             : spread == TOKEN_SPREAD_abs_delta_p ? pool->change
                                                                  : pool->sums.log;

    if (spread == TOKEN_SPREAD_abs_log_ratio)
        moments.x = pool->absolute;
    return moments;
}

/* A ratio that is no number makes what is spread none, but for |p - q|, which then is 0. */
static bool is_spread(const struct pool *pool, enum token_spread spread)
{
    return spread == TOKEN_SPREAD_abs_delta_p || !isnan(pool->sums.most);
}

static void spread_tokens(struct ratio_totals *totals, const struct pool *pool,
                          const struct ratio_view *views, size_t count, double *scratch)
{
    for (enum token_spread k = 0; k < TOKEN_SPREAD_COUNT; k++) {
        const struct moments moments = moments_for(pool, k);
        size_t n = 0;

        if (!is_spread(pool, k))
            continue;
        for (size_t s = 0; s < count; s++)
            for (size_t i = 0; i < views[s].length; i++)
                if (views[s].counts[i])
                    scratch[n++] = token_value(k, views[s].p[i], views[s].q[i]);
        totals->of_tokens[k] = spread_from(&moments, scratch);
        spread_percentiles(&totals->of_tokens[k], scratch);
    }
}

/* ---- over sequences ---- */

/* Sums of l: their chi2 and share. */
static void relate_sequences(struct ratio_totals *totals, const struct sequence_ratio *each,
                             size_t count)
{
    struct dd most = dd_of(-HUGE_VAL);
    struct exact_sum chi2;
    struct moments weights;

    exact_sum_clear(&chi2);
    moments_clear(&weights);
    for (size_t s = 0; s < count; s++) {
        const struct dd sum = wide_dd(each[s].sum);

        if (each[s].tokens == 0)
            continue;
        keep_largest(&most, sum);
        wide_add_to(&chi2, token_ratio_square_less1(&(struct token_ratio){
                               sum, wide_dd(wide_exp(sum)), wide_dd(wide_expm1(each[s].sum))}));
    }
    for (size_t s = 0; s < count && has_unit(most); s++)
        if (each[s].tokens > 0)
            add_weight(&weights, wide_dd(each[s].sum), most);
    totals->sequence_chi2 = mean(&chi2, totals->sequences);
    totals->sequence_share = effective_share(&weights);
}

static void spread_sequences(struct ratio_totals *totals, const struct sequence_ratio *each,
                             size_t count, double *scratch)
{
    for (enum sequence_spread k = 0; k < SEQUENCE_SPREAD_COUNT; k++) {
        struct moments moments;
        bool good = true;

        moments_clear(&moments);
        for (size_t s = 0; s < count; s++) {
            const struct dd value = sequence_spread_value(k, &each[s]);

            if (each[s].tokens == 0)
                continue;
            scratch[moments.count] = value.hi;
            moments_add_dd(&moments, value);
            good = good && !isnan(value.hi);
        }
        if (!good)
            continue;
        totals->of_sequences[k] = spread_from(&moments, scratch);
        spread_percentiles(&totals->of_sequences[k], scratch);
    }
}

void ratio_totals_of(struct ratio_totals *totals, const struct ratio_view *views,
                     const struct sequence_ratio *each, size_t count, double *scratch)
{
    struct pool pool;
    size_t n;

    *totals = (struct ratio_totals){0};
    pool_of(&pool, views, count);
    n = totals->tokens = pool.sums.log.count;
    totals->k1 = -mean(&pool.sums.log.x, n);
    totals->k2 = half_mean(&pool.sums.log.xx, n);
    totals->k3 = mean(&pool.sums.k3, n);
    totals->chi2 = mean(&pool.chi2, n);
    totals->share = token_share(&pool, views, count);
    totals->perplexity_p = exp_of(dd_neg(wide_dd(mean_of(&pool.sums.p, n))));
    totals->perplexity_q = exp_of(dd_neg(wide_dd(mean_of(&pool.sums.q, n))));
    totals->perplexity_ratio = exp_of(dd_neg(wide_dd(mean_of(&pool.sums.log.x, n))));
    spread_tokens(totals, &pool, views, count, scratch);
    for (size_t s = 0; s < count; s++)
        totals->sequences += each[s].tokens > 0;
    spread_sequences(totals, each, count, scratch);
    relate_sequences(totals, each, count);
}
