/* comparison.c - statistics of two models over the same tokens. */
#include "core/comparison.h"

#include "core/contest.h"
#include "core/dd_real.h"
#include "core/selection.h"

#include <math.h>

struct figure comparison_difference(double a, double b)
{
    const double difference = b - a;

    return isnan(difference) ? (struct figure){false, 0} : (struct figure){true, difference};
}

/* Computed from the larger one, times e^-d - 1 of their distance d, which is exact as two doubles.
 */
struct dd comparison_change(double a, double b)
{
    struct dd change;
    int exponent;

    if (a < b)
        return dd_neg(comparison_change(b, a));
    if (a == b || isinf(b))
        return a == b ? dd_of(0) : dd_neg(dd_exp(dd_of(a)));
    change = dd_mul(dd_exp_scaled(dd_of(a), &exponent), dd_expm1(dd_sum(b, -a)));
    return (struct dd){scaled_shift(change.hi, exponent), scaled_shift(change.lo, exponent)};
}

struct figure figure_of(bool known, const struct scaled *value)
{
    struct figure figure = {false, 0};

    figure.known = known && scaled_fits(*value, &figure.value);
    return figure;
}

/* ---- of one set of tokens ---- */

/* The sums, and the mean difference. */
static void put_sums(struct comparison *comparison, const struct moments *moments,
                     const struct contest *contest)
{
    const struct scaled n = {(double)contest->count, 0};
    struct scaled sum;

    comparison->log_prob[0] = exact_sum_double(&moments->x);
    comparison->log_prob[1] = exact_sum_double(&moments->y);
    comparison->difference =
        comparison_difference(comparison->log_prob[0], comparison->log_prob[1]);
    sum = (struct scaled){comparison->difference.value, 0};
    if (contest->both) {
        sum = exact_number_scaled(&contest->difference);
        comparison->difference = (struct figure){true, scaled_double(sum)};
    }
    comparison->mean = (struct figure){comparison->difference.known && contest->count > 0,
                                       scaled_double(scaled_over(sum, n))};
}

static void put_perplexities(struct comparison *comparison, const struct contest *contest)
{
    const struct centred *centred = &contest->centred;
    const bool known[] = {centred->has_x, centred->has_y};

    for (size_t i = 0; i < 2; i++) {
        struct figure *perplexity = &comparison->perplexity[i];
        struct scaled error;

        *perplexity = (struct figure){contest->count > 0, wide_double(contest->perplexity[i])};
        if (!known[i])
            continue;
        error = centred_error(exact_number_scaled(i == 0 ? &centred->xx : &centred->yy),
                              contest->count);
        error = contest_error(contest->perplexity[i], error);
        comparison->perplexity_error[i] = figure_of(!isinf(perplexity->value), &error);
    }
}

/* The difference of the perplexities. */
static void put_apart(struct comparison *comparison, const struct contest *contest)
{
    const double of_a = comparison->perplexity[0].value, of_b = comparison->perplexity[1].value;
    struct scaled error;

    comparison->apart = (struct figure){contest->count > 0 && !isnan(of_b - of_a), of_b - of_a};
    if (!contest->both || isinf(of_a) || isinf(of_b))
        return;
    comparison->apart.value = contest_apart(contest);
    if (!contest->centred.has_both)
        return;
    error = contest_apart_error(contest);
    comparison->apart_error = figure_of(true, &error);
}

/* The mean difference and what is made of it. */
static void relate(struct comparison *comparison, const struct contest *contest)
{
    const struct figure *mean = &comparison->mean;
    const struct wide ratio = contest->both ? contest->ratio : wide_exp(dd_of(-mean->value));
    struct scaled error;
    double correlation = 0;

    comparison->ratio = (struct figure){mean->known, mean->known ? wide_double(ratio) : 0};
    comparison->correlation.known = centred_correlation(&contest->centred, &correlation);
    comparison->correlation.value = correlation;
    if (!contest->centred.has_both)
        return;
    error = centred_error(exact_number_scaled(&contest->centred.apart), contest->count);
    comparison->mean_error = figure_of(true, &error);
    error = contest_error(ratio, error);
    comparison->ratio_error = figure_of(!isinf(comparison->ratio.value), &error);
}

struct comparison comparison_of(const double *a, const double *b, size_t count)
{
    struct comparison comparison = {.tokens = count};
    struct moments moments;
    struct contest contest;
    size_t wins = 0, ties = 0;

    moments_clear(&moments);
    for (size_t i = 0; i < count; i++) {
        moments_add_pair(&moments, a[i], b[i]);
        wins += b[i] > a[i];
        ties += b[i] == a[i];
    }
    contest_of(&contest, &moments);
    put_sums(&comparison, &moments, &contest);
    put_perplexities(&comparison, &contest);
    put_apart(&comparison, &contest);
    relate(&comparison, &contest);
    comparison.wins = (struct figure){count > 0, ((double)wins + (double)ties / 2)
                                                     / (double)(count > 0 ? count : 1)};
    return comparison;
}

static const unsigned permilles[] = {
#define PERCENTILE(name, permille) permille,
#include "core/percentiles.def"
};

const char *percentile_name(enum percentile percentile)
{
    static const char *const names[] = {
#define PERCENTILE(name, permille) #name,
#include "core/percentiles.def"
    };

    return names[percentile];
}

struct spread spread_of(const double *values, size_t count)
{
    struct moments moments;

    for (size_t i = 0; i < count; i++)
        if (isnan(values[i]))
            return (struct spread){0};
    moments_of(&moments, values, count);
    return spread_from(&moments, values);
}

/* What moments tell. */
static struct spread spread_moments(const struct moments *moments)
{
    struct spread spread = {.count = moments->count};
    struct scaled mean, error = {0}, root = {0};

    spread.mean = moments_mean(moments, &mean) ? scaled_double(mean) : (double)NAN;
    spread.error = figure_of(moments_error(moments, &error), &error);
    spread.root_mean_square.known = moments_root_mean_square(moments, &root);
    spread.root_mean_square.value = scaled_double(root);
    return spread;
}

struct spread spread_from(const struct moments *moments, const double *values)
{
    struct spread spread = {0};

    if (moments->count == 0)
        return spread;
    spread = spread_moments(moments);
    spread.min = spread.max = values[0];
    for (size_t i = 1; i < spread.count; i++) {
        spread.min = values[i] < spread.min ? values[i] : spread.min;
        spread.max = values[i] > spread.max ? values[i] : spread.max;
    }
    return spread;
}

/* The ranks that percentiles are between, ascending; a rank may be there twice. */
static void find_ranks(size_t count, size_t ranks[2 * PERCENTILE_COUNT])
{
    for (size_t i = 0; i < PERCENTILE_COUNT; i++) { /* the table has the highest first */
        const size_t rank = statistics_rank(count, permilles[PERCENTILE_COUNT - 1 - i]);

        ranks[2 * i] = i > 0 && rank < ranks[2 * i - 1] ? ranks[2 * i - 1] : rank;
        ranks[2 * i + 1] = rank + 1 < count ? rank + 1 : rank;
    }
}

static void set_percentiles(struct spread *spread, const double *ordered)
{
    for (enum percentile i = 0; i < PERCENTILE_COUNT; i++)
        spread->percentile[i] = statistics_percentile(ordered, spread->count, permilles[i]);
}

void spread_percentiles(struct spread *spread, double *values)
{
    size_t ranks[2 * PERCENTILE_COUNT];

    if (spread->count == 0)
        return;
    find_ranks(spread->count, ranks);
    selection_order(values, spread->count, ranks, 2 * PERCENTILE_COUNT);
    set_percentiles(spread, values);
}

struct spread spread_made(const struct moments *moments, const struct spread *source,
                          double *ordered, double (*of)(double))
{
    struct spread spread = {0};
    size_t ranks[2 * PERCENTILE_COUNT];

    if (moments->count == 0)
        return spread;
    spread = spread_moments(moments);
    spread.min = of(source->min);
    spread.max = of(source->max);
    find_ranks(spread.count, ranks);
    for (size_t i = 0; i < 2 * PERCENTILE_COUNT; i++)
        if (i == 0 || ranks[i] != ranks[i - 1])
            ordered[ranks[i]] = of(ordered[ranks[i]]);
    set_percentiles(&spread, ordered);
    return spread;
}
