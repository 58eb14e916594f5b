/* divergence.c - divergences of two distributions over one vocabulary.
 *
 * Of each token, r = ln(q / p) = r' - s, where r' = (m_a - a) / T_a - (m_b - b) / T_b is all but
 * exact, and the shift s is ln((1 + R_b) / (1 + R_a)).  What s is off by shows in the sum of q - p,
 * which should be 0: where that matters, s is corrected by it, and the rows are read again.
 *
 * The larger of p and q is an exponential; the other is e^-|r| times it.  The rows are read in
 * blocks.  The terms of a block are added plainly, the sums of blocks with compensation. */
#include "core/divergence.h"

#include "core/dd_real.h"
#include "core/divergence_terms.h"
#include "core/real.h"
#include "core/softcap.h"
#include "core/sum.h"

#include <math.h>

/* exp(-FAR), and what is below it, counts only times a distance as large. */
#define FAR 4000.0

/* From 2^HOT on, logits of one temperature may be so far apart that it is beyond doubles. */
#define HOT 960

/* The sum of q - p may be this part of the sum of |q - p|. */
#define SETTLED 0x1p-41
#define MOST_PASSES 5

/* Rows are all but the same if the logarithms of 1 + R differ by less than this part. */
#define SAME 0x1p-20

enum { A, B };

/* How the logits of a side become distances from its largest one. */
struct gauge {
    const struct side *side;
    double before; /* a power of two, for logits; 1 with a softcap */
    double after;  /* another one, for differences of them */
    int exponent;  /* after = 2^exponent */
    double softcap;
    struct capped max;         /* the largest logit, multiplied by `before` */
    double temperature, limit; /* T and FAR T, in the units of differences; T is in [1/2, 2) */
    double inverse;            /* 1 / (1 + R): exp(-distance) times it is a probability */
};

/* A difference of logits, in its units: plain - bent, as in core/softcap.h. */
struct gap {
    struct dd plain; /* hi is infinite for a mask */
    double bent;
};

/* What all terms share. */
struct pair {
    struct gauge gauge[2];
    struct dd shift;           /* s */
    bool one_temperature;      /* of both */
    bool one_softcap;          /* of both, and the units are the same */
    struct gap maxima;         /* with one softcap: m_b - m_a */
    kernel_diverge_f *diverge; /* NULL: each token is taken alone */
};

/* One token of the vocabulary. */
struct token {
    struct capped logit[2];
    struct gap gap[2]; /* m - x */
    struct gap ahead;  /* with one softcap: (b - m_b) - (a - m_a) */
};

/* A number that may be beyond doubles: mantissa 2^exponent. */
struct wide {
    double mantissa;
    int exponent;
};

/* `exponent` is that of T, or one less. */
static struct gauge gauge_make(const struct side *side, int exponent)
{
    const bool hot = exponent >= HOT && side->transform->softcap == 0;
    struct gauge gauge;

    gauge.side = side;
    gauge.before = hot ? 0x1p-100 : 1;
    gauge.exponent = hot ? 100 - exponent : -exponent;
    gauge.after = ldexp(1, gauge.exponent);
    gauge.softcap = side->transform->softcap;
    gauge.max = softcap_of(gauge.softcap, side->stats->max * gauge.before);
    gauge.temperature = side->transform->temperature * gauge.before * gauge.after;
    gauge.limit = FAR * gauge.temperature;
    gauge.inverse = 1 / (1 + side->stats->rest.hi);
    return gauge;
}

static void block_read(const struct row *row, size_t start, size_t count, double *out)
{
    dtype_widen(row->dtype, (const char *)row->data + start * dtype_size(row->dtype), count, out);
}

/* x - y after the softcap. */
static struct gap gap_of(const struct gauge *gauge, const struct capped *x, const struct capped *y)
{
    struct capped_gap gap;

    if (gauge->softcap == 0 || isinf(y->x)) {
        const struct dd plain = dd_sum(x->x, -y->x);

        return (struct gap){{plain.hi * gauge->after, plain.lo * gauge->after}, 0};
    }
    gap = softcap_gap(gauge->softcap, x, y);
    gap.exponent += gauge->exponent;
    return (struct gap){dd_scale(gap.plain, gap.exponent),
                        dd_scale(dd_of(gap.bent), gap.exponent).hi};
}

static struct gap gap_sub(struct gap x, struct gap y)
{
    return (struct gap){dd_sub(x.plain, y.plain), x.bent - y.bent};
}

static struct dd gap_sum(struct gap gap)
{
    return gap.bent == 0 ? gap.plain : dd_add_double(gap.plain, -gap.bent);
}

/* With one softcap, a and b are subtracted first: if they are close, they are so to more digits
 * than either distance has. */
static struct token token_of(const struct pair *pair, double a, double b)
{
    const struct gauge *left = &pair->gauge[A], *right = &pair->gauge[B];
    struct token token;

    token.logit[A] = softcap_of(left->softcap, a * left->before);
    token.logit[B] = softcap_of(right->softcap, b * right->before);
    token.gap[A] = gap_of(left, &left->max, &token.logit[A]);
    if (pair->one_softcap && token.gap[A].plain.hi < left->limit && !isinf(b)) {
        token.ahead = gap_sub(gap_of(left, &token.logit[B], &token.logit[A]), pair->maxima);
        token.gap[B] = gap_sub(token.gap[A], token.ahead);
    } else
        token.gap[B] = gap_of(right, &right->max, &token.logit[B]);
    return token;
}

static struct dd distance_of(const struct pair *pair, const struct token *token, size_t which)
{
    return dd_div_double(gap_sum(token->gap[which]), pair->gauge[which].temperature);
}

/* gap_a T_b - gap_b T_a; the products are exact. */
static struct gap crossed(struct gap a, struct gap b, double t_a, double t_b)
{
    return (struct gap){dd_add(dd_sub(dd_product(a.plain.hi, t_b), dd_product(b.plain.hi, t_a)),
                               dd_sub(dd_product(a.plain.lo, t_b), dd_product(b.plain.lo, t_a))),
                        a.bent * t_b - b.bent * t_a};
}

/* The same, where gap_b is gap_a - ahead. */
static struct gap crossed_ahead(struct gap a, struct gap ahead, double t_a, double t_b)
{
    const struct dd apart = dd_sum(t_b, -t_a);

    return (struct gap){dd_add(dd_mul(a.plain, apart), dd_mul_double(ahead.plain, t_a)),
                        a.bent * apart.hi + ahead.bent * t_a};
}

/* Rows are subtracted before they are divided: those that are alike leave nothing. */
static double log_ratio(const struct pair *pair, const struct token *token)
{
    const double t_a = pair->gauge[A].temperature, t_b = pair->gauge[B].temperature;
    const struct gap a = token->gap[A], b = token->gap[B];
    struct dd ratio;

    if (pair->one_softcap)
        ratio = gap_sum(crossed_ahead(a, token->ahead, t_a, t_b));
    else
        ratio = gap_sum(pair->one_temperature ? gap_sub(a, b) : crossed(a, b, t_a, t_b));
    if (pair->one_softcap || !pair->one_temperature)
        ratio = dd_div_double(ratio, t_b);
    return dd_sub(dd_div_double(ratio, t_a), pair->shift).hi;
}

static struct wide probability(const struct pair *pair, const struct token *token, size_t which)
{
    struct wide p;

    p.mantissa = dd_exp_scaled(dd_neg(distance_of(pair, token, which)), &p.exponent).hi;
    p.mantissa *= pair->gauge[which].inverse;
    return p;
}

static struct divergence_term term_of(double large, double t)
{
    double e;

    if (t > -DIVERGENCE_NEAR)
        return divergence_term_near(large, t);
    e = real_expm1(t);
    return divergence_term_far(large, t, e, real_log1p(1 + e));
}

/* A token whose larger probability is `large`, on the side `which`, and the other e^t large. */
static void add_both(double *sums, size_t which, double large, double t)
{
    const struct divergence_term term = term_of(large, t);

    sums[which == A ? SUM_KL_AB : SUM_KL_BA] += term.towards;
    sums[which == A ? SUM_KL_BA : SUM_KL_AB] += term.back;
    sums[SUM_JSD] += term.jsd;
    sums[SUM_VARIATION] -= term.less;
    sums[SUM_EXCESS] += which == A ? term.less : -term.less;
}

/* The distance of a logit that is FAR.  Only without a softcap it may be beyond doubles. */
static struct wide far_distance(const struct gauge *gauge, double logit, double gap)
{
    const double t = gauge->side->transform->temperature, less = 0x1p-64 / gauge->before;
    const double distance = gap / gauge->temperature;
    const int more = t < 1 ? 1000 : 0;

    if (distance < 0x1p+900 || isinf(logit))
        return (struct wide){distance, 0};
    return (struct wide){(gauge->max.x * less - logit * less) / ldexp(t, more), 64 + more};
}

/* A token whose probability is 0, or as good as that, on the side `gone`.  Without a mask |r| is
 * not infinite, it may only be beyond doubles. */
static void add_gone(const struct pair *pair, double *sums, size_t gone, const struct token *token)
{
    const size_t kept = gone == A ? B : A;
    const struct wide p = probability(pair, token, kept);
    const double large = ldexp(p.mantissa, p.exponent);
    struct wide r =
        far_distance(&pair->gauge[gone], token->logit[gone].x, gap_sum(token->gap[gone]).hi);

    if (r.exponent == 0) /* else the rest of |r| - 1 is nothing beside it */
        r.mantissa +=
            (gone == A ? -pair->shift.hi : pair->shift.hi) - distance_of(pair, token, kept).hi - 1;
    sums[kept == A ? SUM_KL_AB : SUM_KL_BA] +=
        ldexp(p.mantissa * r.mantissa, p.exponent + r.exponent);
    sums[kept == A ? SUM_KL_BA : SUM_KL_AB] += large;
    sums[SUM_JSD] += large * DIVERGENCE_LN2 / 2;
    sums[SUM_VARIATION] += large;
    sums[SUM_EXCESS] += kept == A ? -large : large;
}

static void add_token(const struct pair *pair, double *sums, double a, double b)
{
    const struct token token = token_of(pair, a, b);
    const bool has_a = token.gap[A].plain.hi < pair->gauge[A].limit;
    const bool has_b = token.gap[B].plain.hi < pair->gauge[B].limit;

    if (has_a && has_b) {
        const double r = log_ratio(pair, &token);
        const size_t which = r > 0 ? B : A;
        const struct wide large = probability(pair, &token, which);

        add_both(sums, which, ldexp(large.mantissa, large.exponent), -fabs(r));
    } else if (has_a || has_b)
        add_gone(pair, sums, has_a ? B : A, &token);
    else if (isinf(a) != isinf(b)) /* masked on one side only */
        sums[isinf(a) ? SUM_KL_BA : SUM_KL_AB] = HUGE_VAL;
}

/* Whether a kernel can take them. */
static bool are_twins(const struct pair *pair)
{
    const struct gauge *a = &pair->gauge[A], *b = &pair->gauge[B];

    return pair->one_temperature && a->softcap == 0 && b->softcap == 0 && a->before == 1
           && b->before == 1;
}

/* What it needs of them. */
static struct twins twins_of(const struct pair *pair)
{
    const struct gauge *a = &pair->gauge[A], *b = &pair->gauge[B];

    return (struct twins){.max = {a->max.x, b->max.x},
                          .unit = a->after,
                          .temperature = a->temperature,
                          .shift = pair->shift,
                          .inverse = {a->inverse, b->inverse}};
}

/* The sums of a block of tokens. */
static void add_block(const struct pair *pair, const struct twins *twins, size_t start,
                      size_t count, struct sum *sums)
{
    double a[TWINS_BLOCK], b[TWINS_BLOCK], block[DIVERGENCE_SUMS] = {0};

    block_read(pair->gauge[A].side->row, start, count, a);
    block_read(pair->gauge[B].side->row, start, count, b);
    if (!pair->diverge || !pair->diverge(twins, a, b, count, block))
        for (size_t i = 0; i < count; i++)
            add_token(pair, block, a[i], b[i]);
    for (size_t k = 0; k < DIVERGENCE_SUMS; k++)
        sum_add(&sums[k], block[k]);
}

static void add_rows(const struct pair *pair, double *out)
{
    const size_t width = pair->gauge[A].side->row->width;
    const struct twins twins = twins_of(pair);
    struct sum sums[DIVERGENCE_SUMS] = {{0}};

    for (size_t start = 0; start < width; start += TWINS_BLOCK)
        add_block(pair, &twins, start, width - start < TWINS_BLOCK ? width - start : TWINS_BLOCK,
                  sums);
    for (size_t k = 0; k < DIVERGENCE_SUMS; k++)
        out[k] = sum_result(&sums[k]);
}

/* With it, the probabilities of b are consistent with those of a, also while it is not yet right.
 */
static void set_shift(struct pair *pair, struct dd shift)
{
    pair->shift = shift;
    pair->gauge[B].inverse = pair->gauge[A].inverse * real_exp(-shift.hi);
}

/* Rows that are all but the same start without a shift: the rounding errors of R say more than s.
 */
static struct pair pair_make(const struct kernel *kernel, const struct side *a,
                             const struct side *b)
{
    const double log_a = a->stats->log_sum.hi, log_b = b->stats->log_sum.hi;
    const double shift = log_b - log_a, cap = a->transform->softcap;
    const int exponent_a = a->transform->exponent, exponent_b = b->transform->exponent;
    const int least = exponent_a < exponent_b ? exponent_a : exponent_b;
    const bool one_unit = exponent_a - least <= 1 && exponent_b - least <= 1;
    struct pair pair;

    pair.gauge[A] = gauge_make(a, one_unit ? least : exponent_a);
    pair.gauge[B] = gauge_make(b, one_unit ? least : exponent_b);
    pair.one_temperature = a->transform->temperature == b->transform->temperature;
    pair.one_softcap = one_unit && cap > 0 && cap == b->transform->softcap;
    pair.maxima = gap_of(&pair.gauge[A], &pair.gauge[B].max, &pair.gauge[A].max);
    pair.diverge = kernel && are_twins(&pair) ? kernel->diverge : NULL;
    set_shift(&pair, dd_of(fabs(shift) < SAME * log_a ? 0 : shift));
    return pair;
}

static double at_most(double value, double most)
{
    return value < most ? value : most;
}

struct divergence divergence_of(const struct kernel *kernel, const struct side *a,
                                const struct side *b)
{
    struct pair pair = pair_make(kernel, a, b);
    double sums[DIVERGENCE_SUMS];

    add_rows(&pair, sums);
    for (int pass = 1; pass < MOST_PASSES && fabs(sums[SUM_EXCESS]) > SETTLED * sums[SUM_VARIATION];
         pass++) {
        set_shift(&pair, dd_add_double(pair.shift, real_log1p(sums[SUM_EXCESS])));
        add_rows(&pair, sums);
    }
    return (struct divergence){
        sums[SUM_KL_AB], sums[SUM_KL_BA], at_most(sums[SUM_JSD], DIVERGENCE_LN2),
        at_most(sums[SUM_VARIATION] / 2, 1), a->stats->argmax == b->stats->argmax};
}
