/* crossing.c - how well one row predicts what another one draws. */
#include "core/crossing.h"

#include "core/dd_real.h"

/* The distance of a token in b from the origin. */
static struct dd gap_of(const struct log_row *b, size_t token, struct dd origin)
{
    const struct dd distance = log_row_distance(b, row_logit(b->row, token));

    return isinf(distance.hi) ? distance : dd_sub(distance, origin);
}

/* sum p gap; infinite if b masks a token that a has. */
static struct dd mean_gap(const struct log_row *a, const struct log_row *b, struct dd origin)
{
    struct dd sum = {0, 0};

    for (size_t token = 0; token < a->row->width; token++) {
        const struct dd log_p = log_row_at(a, token), gap = gap_of(b, token, origin);
        struct dd p;
        int exponent;

        if (isinf(log_p.hi))
            continue;
        if (isinf(gap.hi))
            return gap;
        p = dd_exp_scaled(log_p, &exponent);
        sum = dd_add(sum, dd_scale(dd_mul(p, gap), exponent));
    }
    return sum;
}

static double variance_of(const struct log_row *a, const struct log_row *b, struct dd origin,
                          struct dd mean)
{
    struct exact_sum sum;

    exact_sum_clear(&sum);
    for (size_t token = 0; token < a->row->width; token++) {
        const struct dd log_p = log_row_at(a, token);
        double away, p;
        int exponent;

        if (isinf(log_p.hi))
            continue;
        away = dd_sub(gap_of(b, token, origin), mean).hi;
        p = dd_exp_scaled(log_p, &exponent).hi;
        exact_sum_add(&sum, ldexp(p * away, exponent) * away);
    }
    return exact_sum_double(&sum);
}

struct crossing crossing_of(const struct log_row *a, const struct log_row *b)
{
    const struct dd origin = gap_of(b, a->argmax, dd_of(0));
    const struct dd mean = isinf(origin.hi) ? origin : mean_gap(a, b, origin);
    struct crossing crossing;

    if (isinf(mean.hi))
        return (struct crossing){HUGE_VAL, (double)NAN, dd_of(HUGE_VAL), b->top.logit};
    crossing.distance = dd_add(mean, origin);
    crossing.cross_entropy = dd_add(crossing.distance, b->log_sum).hi;
    crossing.variance = variance_of(a, b, origin, mean);
    crossing.top = b->top.logit;
    return crossing;
}

struct dd crossing_above(const struct crossing *crossing, const struct transform *transform,
                         double logit)
{
    const struct reference top = reference_make(transform, crossing->top);
    const struct dd distance =
        logit == -HUGE_VAL ? dd_of(HUGE_VAL) : reference_distance(&top, logit);

    if (isinf(distance.hi) || isinf(crossing->distance.hi))
        return dd_of(crossing->distance.hi - distance.hi);
    return dd_sub(crossing->distance, distance);
}

void crossing_sums_clear(struct crossing_sums *sums)
{
    exact_sum_clear(&sums->log_q);
    exact_sum_clear(&sums->cross_entropy);
    exact_sum_clear(&sums->above);
    exact_sum_clear(&sums->variance);
}

void crossing_sums_add(struct crossing_sums *sums, const struct crossing *crossing, double log_q,
                       struct dd above)
{
    exact_sum_add(&sums->log_q, log_q);
    exact_sum_add(&sums->cross_entropy, crossing->cross_entropy);
    exact_sum_add(&sums->variance, crossing->variance);
    exact_sum_add(&sums->above, above.hi);
    exact_sum_add(&sums->above, above.lo);
}

double crossing_binoculars(const struct crossing_sums *sums)
{
    const struct scaled log_q = exact_sum_scaled(&sums->log_q);
    const struct scaled nll = {-log_q.value, log_q.exponent};

    return scaled_double(scaled_over(nll, exact_sum_scaled(&sums->cross_entropy)));
}

double crossing_discrepancy(const struct crossing_sums *sums)
{
    const struct scaled variance = exact_sum_scaled(&sums->variance);

    if (!(variance.value > 0))
        return (double)NAN;
    return scaled_double(scaled_over(exact_sum_scaled(&sums->above), scaled_root(variance)));
}

double crossing_acceptance(const struct log_row *a, const struct log_row *b)
{
    struct dd sum = {0, 0};

    for (size_t token = 0; token < a->row->width; token++) {
        const struct dd log_p = log_row_at(a, token), log_q = log_row_at(b, token);

        sum = dd_add(sum, dd_exp(log_p.hi < log_q.hi ? log_p : log_q));
    }
    return sum.hi < 1 ? sum.hi : 1;
}

double crossing_expected_tokens(double acceptance, size_t drafts)
{
    struct dd sum = {1, 0};

    while (drafts-- > 0)
        sum = dd_add_double(dd_mul_double(sum, acceptance), 1);
    return sum.hi;
}
