/* divergence.c - divergences of two distributions over one vocabulary.
 *
 * The rows are read in blocks.  The terms of a block are added plainly, the sums of blocks with
 * compensation. */
#include "core/divergence.h"

#include "core/real.h"
#include "core/sum.h"

#include <math.h>

#define BLOCK ((size_t)256)
#define LN2 0x1.62e42fefa39efp-1

/* Below this |r|, differences of exp and log are computed from their series. */
#define NEAR 0.25

/* The values that all terms share. */
struct pair {
    const struct side *a, *b;
    double inverse_a, inverse_b; /* 1 / (1 + R): exp((x - m) / T) times it is a probability */
    double shift;                /* log1p(R_b) - log1p(R_a) */
    bool one_temperature;
};

/* One token of the vocabulary. */
struct term {
    double a, b;               /* its logits x, after the softcap; -inf for a mask */
    double scaled_a, scaled_b; /* (x - m) / T; also -inf if that is beyond doubles */
    double p, q, r;
};

struct terms {
    double kl_ab, kl_ba, jsd, variation;
};

/* Logits from `start` on, softcapped. */
static void block_read(const struct side *side, size_t start, size_t count, double *out)
{
    const struct row *row = side->row;
    const double cap = side->transform->softcap;

    dtype_widen(row->dtype, (const char *)row->data + start * dtype_size(row->dtype), count, out);
    for (size_t i = 0; cap > 0 && i < count; i++)
        if (out[i] != -HUGE_VAL)
            out[i] = cap * real_tanh(out[i] / cap);
}

/* (x - m) / T, where x - m is `from`. */
static double scaled(const struct side *side, double logit, double from)
{
    return isinf(from) ? -row_distance(side->stats, side->transform, logit)
                       : from / side->transform->temperature;
}

/* With one temperature, x - m is subtracted before the division: for close logits the difference is
 * exact. */
static struct term term_of(const struct pair *pair, double a, double b)
{
    const double from_a = a - pair->a->stats->max, from_b = b - pair->b->stats->max;
    const bool at_once = pair->one_temperature && isfinite(from_a) && isfinite(from_b);
    struct term term = {a, b, scaled(pair->a, a, from_a), scaled(pair->b, b, from_b), 0, 0, 0};

    term.p = real_exp(term.scaled_a) * pair->inverse_a;
    term.q = real_exp(term.scaled_b) * pair->inverse_b;
    term.r = at_once ? (from_b - from_a) / pair->a->transform->temperature
                     : term.scaled_b - term.scaled_a;
    term.r -= pair->shift;
    return term;
}

/* (e^r - 1 - r) / r^2 for |r| < 1/4.  The truncated terms are below 1e-18 of it. */
static double second_order(double r)
{
    static const double factors[] = {1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
                                     1.0 / 40320,     1.0 / 5040,     1.0 / 720,     1.0 / 120,
                                     1.0 / 24,        1.0 / 6,        1.0 / 2};
    double h = 1.0 / 6227020800;

    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
        h = h * r + factors[i];
    return h;
}

/* phi(t) = sum of t^2k / (2k (2k - 1)) for |t| < 1/8.  The truncated terms are below 1e-17 of it.
 */
static double phi(double t)
{
    static const double factors[] = {1.0 / 182, 1.0 / 132, 1.0 / 90, 1.0 / 56,
                                     1.0 / 30,  1.0 / 12,  1.0 / 2};
    const double square = t * t;
    double sum = 1.0 / 240;

    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++)
        sum = sum * square + factors[i];
    return sum * square;
}

/* q is near p. */
static void add_near(struct terms *terms, const struct term *term)
{
    const double r = term->r, p = term->p, g = r * r * second_order(r), e = r + g;

    terms->kl_ab += p * g;
    terms->kl_ba += p * (e * r - g);
    terms->jsd += (p + p * e / 2) * phi(e / (e + 2));
    terms->variation += fabs(p * e);
}

/* Twice m phi(t) is (p + q) (ln 2 - ln(1 + small / large)) - small |r|. */
static double far_jsd(const struct term *term)
{
    const double small = term->p < term->q ? term->p : term->q;
    const double large = term->p < term->q ? term->q : term->p;

    if (small == 0)
        return large * LN2 / 2;
    return ((small + large) * (LN2 - real_log1p(small / large)) - small * fabs(term->r)) / 2;
}

static void add_far(struct terms *terms, const struct term *term)
{
    const double p = term->p, q = term->q, r = term->r;

    terms->kl_ab += q - p - p * r;
    terms->kl_ba += p - q + q * r;
    terms->jsd += far_jsd(term);
    terms->variation += fabs(p - q);
}

/* The term of a token whose probability is 0 on one side, and exp(scaled) inverse, however small,
 * on the other: that probability times its distance.  Without a mask the distance is not infinite,
 * only beyond doubles. */
static double lost(const struct side *side, double logit, double scaled, double inverse)
{
    const double far = side->stats->max * ROW_FAR - logit * ROW_FAR;

    if (logit == -HUGE_VAL)
        return HUGE_VAL;
    scaled += real_log(far) - real_log(side->transform->temperature) - real_log(ROW_FAR);
    return real_exp(scaled + real_log(inverse));
}

static void add_gone(const struct pair *pair, struct terms *terms, const struct term *term)
{
    const bool from_a = term->scaled_a == -HUGE_VAL;

    terms->kl_ab += from_a ? term->q : lost(pair->b, term->b, term->scaled_a, pair->inverse_a);
    terms->kl_ba += from_a ? lost(pair->a, term->a, term->scaled_b, pair->inverse_b) : term->p;
    terms->jsd += (term->p + term->q) * LN2 / 2;
    terms->variation += term->p + term->q;
}

static void add_term(const struct pair *pair, struct terms *terms, const struct term *term)
{
    const bool a_gone = term->scaled_a == -HUGE_VAL, b_gone = term->scaled_b == -HUGE_VAL;

    if (a_gone && b_gone)
        return;
    if (a_gone || b_gone)
        add_gone(pair, terms, term);
    else if (fabs(term->r) < NEAR)
        add_near(terms, term);
    else
        add_far(terms, term);
}

static struct terms block_terms(const struct pair *pair, const double *a, const double *b,
                                size_t count)
{
    struct terms terms = {0};

    for (size_t i = 0; i < count; i++) {
        const struct term term = term_of(pair, a[i], b[i]);

        add_term(pair, &terms, &term);
    }
    return terms;
}

static double at_most(double value, double most)
{
    return value < most ? value : most;
}

struct divergence divergence_of(const struct side *a, const struct side *b)
{
    const struct pair pair = {.a = a,
                              .b = b,
                              .inverse_a = 1 / (1 + a->stats->rest),
                              .inverse_b = 1 / (1 + b->stats->rest),
                              .shift = real_log1p(b->stats->rest) - real_log1p(a->stats->rest),
                              .one_temperature =
                                  a->transform->temperature == b->transform->temperature};
    struct sum kl_ab = {0}, kl_ba = {0}, jsd = {0}, variation = {0};

    for (size_t start = 0; start < a->row->width; start += BLOCK) {
        const size_t left = a->row->width - start, count = left < BLOCK ? left : BLOCK;
        double block_a[BLOCK], block_b[BLOCK];
        struct terms terms;

        block_read(a, start, count, block_a);
        block_read(b, start, count, block_b);
        terms = block_terms(&pair, block_a, block_b, count);
        sum_add(&kl_ab, terms.kl_ab);
        sum_add(&kl_ba, terms.kl_ba);
        sum_add(&jsd, terms.jsd);
        sum_add(&variation, terms.variation);
    }
    return (struct divergence){
        sum_result(&kl_ab), sum_result(&kl_ba), at_most(sum_result(&jsd), LN2),
        at_most(sum_result(&variation) / 2, 1), a->stats->argmax == b->stats->argmax};
}
