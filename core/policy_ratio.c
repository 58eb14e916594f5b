/* policy_ratio.c - the ratio of two policies over the tokens of sequences. */
#include "core/policy_ratio.h"

#include "core/dd_real.h"

#include <math.h>

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
#define RATIO(p, q, help) {#p "_" #q, SOURCE_##p, SOURCE_##q},
#include "core/policy_ratios.def"
    };

    return &infos[ratio];
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

/* ---- of one sequence ---- */

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
        wide_over(wide_times(sum, sum), wide_times(wide_of((double)weights->count), squares)));
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

static double exp_of(struct dd x)
{
    return wide_double(wide_exp(x));
}

/* ---- over tokens ---- */

static double token_share(const struct ratio_sums *sums, const struct moments *ratio,
                          const struct ratio_view *views, size_t count)
{
    const struct dd most = sums->largest;
    struct moments weights;

    if (fabs(most.hi) < MODERATE)
        return effective_share(ratio);
    if (!has_unit(most))
        return (double)NAN;
    moments_clear(&weights);
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < views[s].length; i++)
            if (views[s].counts[i])
                add_weight(&weights, token_log_ratio(views[s].p[i], views[s].q[i]), most);
    return effective_share(&weights);
}

/* The moments of e^l: those near 0 are 1 + less1. */
static void moments_of_ratio(struct moments *moments, const struct ratio_sums *sums)
{
    moments_clear(moments);
    moments->count = sums->tokens;
    exact_sum_add(&moments->x, (double)sums->near);
    exact_sum_merge(&moments->x, &sums->near_less1);
    exact_sum_merge(&moments->x, &sums->far_ratio);
    exact_sum_add(&moments->xx, (double)sums->near);
    exact_sum_merge(&moments->xx, &sums->near_less1);
    exact_sum_merge(&moments->xx, &sums->near_less1);
    exact_sum_merge(&moments->xx, &sums->near_squares);
    exact_sum_merge(&moments->xx, &sums->far_squares);
}

/* The mean of e^2l - 1 = less1^2 + 2 less1. */
static double chi2_of(const struct ratio_sums *sums)
{
    struct exact_sum sum;

    exact_sum_clear(&sum);
    exact_sum_merge(&sum, &sums->near_squares);
    exact_sum_merge(&sum, &sums->near_less1);
    exact_sum_merge(&sum, &sums->near_less1);
    exact_sum_merge(&sum, &sums->far_squares);
    exact_sum_add(&sum, -(double)(sums->tokens - sums->near));
    return wide_double(wide_mean(&sum, sums->tokens));
}

static double real_ratio(double log_ratio)
{
    return token_ratio_exp(dd_of(log_ratio));
}

static struct spread spread_all(const struct moments *moments, double *values)
{
    struct spread spread = spread_from(moments, values);

    spread_percentiles(&spread, values);
    return spread;
}

static void spread_tokens(struct ratio_totals *totals, const struct ratio_sums *sums,
                          const struct moments *ratio, struct ratio_scratch *scratch)
{
    struct moments logs = {.count = sums->tokens, .xx = sums->squares};
    struct spread *of = totals->of_tokens;

    of[TOKEN_SPREAD_abs_delta_p] = spread_all(&sums->change, scratch->changes);
    if (isnan(sums->most)) /* a ratio that is no number, but for |p - q| */
        return;
    for (size_t i = 0; i < sums->tokens; i++)
        scratch->changes[i] = fabs(scratch->logs[i]);
    ratio_sums_logs(&logs.x, sums);
    of[TOKEN_SPREAD_log_ratio] = spread_all(&logs, scratch->logs);
    of[TOKEN_SPREAD_ratio] =
        spread_made(ratio, &of[TOKEN_SPREAD_log_ratio], scratch->logs, real_ratio);
    logs.x = sums->absolute;
    of[TOKEN_SPREAD_abs_log_ratio] = spread_all(&logs, scratch->changes);
}

/* ---- over sequences ---- */

/* e^2l - 1 */
static struct wide square_less1(struct dd l)
{
    const struct dd twice = {2 * l.hi, 2 * l.lo};

    return fabs(l.hi) < MODERATE ? wide_of_dd(dd_expm1(twice))
                                 : wide_plus(wide_exp(twice), wide_of(-1));
}

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
        ratio_keep_largest(&most, sum);
        wide_add_to(&chi2, square_less1(sum));
    }
    for (size_t s = 0; s < count && has_unit(most); s++)
        if (each[s].tokens > 0)
            add_weight(&weights, wide_dd(each[s].sum), most);
    totals->sequence_chi2 = wide_double(wide_mean(&chi2, totals->sequences));
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
        totals->of_sequences[k] = spread_all(&moments, scratch);
    }
}

void ratio_totals_of(struct ratio_totals *totals, const struct ratio_sums *sums,
                     const struct ratio_view *views, const struct sequence_ratio *each,
                     size_t count, struct ratio_scratch *scratch)
{
    const size_t n = sums->tokens;
    struct sequence_ratio all = ratio_sums_whole(sums);
    struct moments ratio;

    *totals = (struct ratio_totals){.tokens = n, .k1 = all.k1, .k2 = all.k2, .k3 = all.k3};
    moments_of_ratio(&ratio, sums);
    totals->chi2 = chi2_of(sums);
    totals->share = token_share(sums, &ratio, views, count);
    totals->perplexity_p = exp_of(dd_neg(all.mean_p));
    totals->perplexity_q = exp_of(dd_neg(all.mean_q));
    totals->perplexity_ratio = exp_of(dd_neg(all.mean));
    spread_tokens(totals, sums, &ratio, scratch);
    for (size_t s = 0; s < count; s++)
        totals->sequences += each[s].tokens > 0;
    spread_sequences(totals, each, count, scratch->room);
    relate_sequences(totals, each, count);
}
