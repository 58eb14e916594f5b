/* pairs.c - the divergences of two rows, by their definitions. */
#include "tests/worst/quantity.h"

#include "tests/worst/narrow.h"

#include "core/divergence.h"

#include <math.h>
#include <stdlib.h>

#define WIDEST 4096
#define MOST_BITS 2600 /* enough for a divergence of 1e-320, and for terms as small */

/* Tokens of the same two logits, counted. */
struct bin {
    double a, b;
    size_t count;
};

static struct {
    bool made;
    size_t bins;
    struct bin bin[WIDEST];
    struct truth truth[2];
    mpfr_t p, q, log_p, log_q, work;
} pair;

static void pair_init(void)
{
    if (pair.made)
        return;
    pair.made = true;
    truth_init(&pair.truth[0]);
    truth_init(&pair.truth[1]);
    mpfr_inits(pair.p, pair.q, pair.log_p, pair.log_q, pair.work, (mpfr_ptr)NULL);
}

/* ---- what logitd says ---- */

struct one {
    char bytes[WIDEST * 8];
    double logits[WIDEST];
    struct row row;
    struct transform transform;
    struct row_stats stats;
};

static bool one_reduce(struct one *one, const struct candidate *candidate, size_t l, size_t width)
{
    const double temperature = candidate->knob[l ? KNOB_TEMPERATURE_B : KNOB_TEMPERATURE];
    const double softcap = candidate->knob[l ? KNOB_SOFTCAP_B : KNOB_SOFTCAP];
    struct row_fault fault;

    list_expand(&candidate->list[l], one->logits, width);
    for (size_t i = 0; i < width; i++)
        narrow(candidate->dtype, one->logits[i], one->bytes + i * dtype_size(candidate->dtype));
    one->row = (struct row){one->bytes, width, candidate->dtype};
    one->transform = transform_make(temperature, softcap);
    return quantity_kernel->reduce(&one->row, &one->transform, 0, &one->stats, &fault);
}

/* ---- what is right ---- */

static int by_both(const void *a, const void *b)
{
    const struct bin *x = a, *y = b;

    return x->a != y->a ? (x->a > y->a) - (x->a < y->a) : (x->b > y->b) - (x->b < y->b);
}

static void bins_make(const double *a, const double *b, size_t width)
{
    for (size_t i = 0; i < width; i++)
        pair.bin[i] = (struct bin){a[i], b[i], 1};
    qsort(pair.bin, width, sizeof *pair.bin, by_both);
    pair.bins = 0;
    for (size_t i = 1; i < width; i++) {
        if (by_both(&pair.bin[pair.bins], &pair.bin[i]) == 0)
            pair.bin[pair.bins].count++;
        else
            pair.bin[++pair.bins] = pair.bin[i];
    }
    pair.bins++;
}

/* As lists, so that both sides have the same width. */
static void sides_make(const struct candidate *candidate, mpfr_prec_t bits)
{
    static struct list list;

    for (size_t l = 0; l < 2; l++) {
        list = (struct list){0};
        for (size_t i = 0; i < pair.bins; i++)
            list_add(&list, l ? pair.bin[i].b : pair.bin[i].a, pair.bin[i].count);
        truth_make(&pair.truth[l], &list,
                   candidate->knob[l ? KNOB_TEMPERATURE_B : KNOB_TEMPERATURE],
                   candidate->knob[l ? KNOB_SOFTCAP_B : KNOB_SOFTCAP], bits);
    }
    mpfr_set_prec(pair.p, bits);
    mpfr_set_prec(pair.q, bits);
    mpfr_set_prec(pair.log_p, bits);
    mpfr_set_prec(pair.log_q, bits);
    mpfr_set_prec(pair.work, bits);
}

/* p and log p of a logit. */
static void probability_of(mpfr_t p, mpfr_t log_p, const struct truth *truth, double logit)
{
    truth_nll(log_p, truth, logit);
    mpfr_neg(log_p, log_p, MPFR_RNDN);
    mpfr_exp(p, log_p, MPFR_RNDN);
}

/* out += count p (log p - log q); 0 where p is 0.  A p too small for MPFR is not: of a mask in the
 * other row, the term is infinite. */
static void add_kl(mpfr_t out, const mpfr_t p, const mpfr_t log_p, const mpfr_t log_q, size_t count)
{
    if (mpfr_inf_p(log_p) || (mpfr_zero_p(p) && !mpfr_inf_p(log_q)))
        return;
    mpfr_sub(pair.work, log_p, log_q, MPFR_RNDN);
    if (mpfr_number_p(pair.work))
        mpfr_mul(pair.work, pair.work, p, MPFR_RNDN);
    mpfr_mul_ui(pair.work, pair.work, count, MPFR_RNDN);
    mpfr_add(out, out, pair.work, MPFR_RNDN);
}

enum which { KL_AB, KL_BA, JSD, VARIATION };

/* Twice JSD, and twice the total variation. */
static void term_add(mpfr_t out, enum which which, size_t count)
{
    static mpfr_t middle;

    if (which == KL_AB)
        add_kl(out, pair.p, pair.log_p, pair.log_q, count);
    else if (which == KL_BA)
        add_kl(out, pair.q, pair.log_q, pair.log_p, count);
    else if (which == VARIATION) {
        mpfr_sub(pair.work, pair.p, pair.q, MPFR_RNDN);
        mpfr_abs(pair.work, pair.work, MPFR_RNDN);
        mpfr_mul_ui(pair.work, pair.work, count, MPFR_RNDN);
        mpfr_add(out, out, pair.work, MPFR_RNDN);
    } else {
        if (!middle->_mpfr_d)
            mpfr_init(middle);
        mpfr_set_prec(middle, mpfr_get_prec(pair.p));
        mpfr_add(middle, pair.p, pair.q, MPFR_RNDN);
        if (mpfr_zero_p(middle))
            return;
        mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
        mpfr_log(middle, middle, MPFR_RNDN);
        add_kl(out, pair.p, pair.log_p, middle, count);
        add_kl(out, pair.q, pair.log_q, middle, count);
    }
}

static void sum_terms(mpfr_t out, enum which which)
{
    mpfr_set_zero(out, 1);
    for (size_t i = 0; i < pair.bins; i++) {
        probability_of(pair.p, pair.log_p, &pair.truth[0], pair.bin[i].a);
        probability_of(pair.q, pair.log_q, &pair.truth[1], pair.bin[i].b);
        term_add(out, which, pair.bin[i].count);
    }
    if (which == JSD || which == VARIATION)
        mpfr_div_2ui(out, out, 1, MPFR_RNDN);
}

/* The definitions cancel: with so many bits that 64 remain. */
static void exact_make(mpfr_t out, const struct candidate *candidate, enum which which)
{
    mpfr_t sum;
    mpfr_prec_t bits = TRUTH_BITS;

    mpfr_init(sum);
    for (;; bits = bits * 2 > MOST_BITS ? MOST_BITS : bits * 2) {
        mpfr_set_prec(sum, bits);
        sides_make(candidate, bits);
        sum_terms(sum, which);
        if (bits == MOST_BITS || mpfr_inf_p(sum)
            || (mpfr_sgn(sum) > 0 && mpfr_get_exp(sum) > 96 - (mpfr_exp_t)bits))
            break;
    }
    mpfr_set(out, sum, MPFR_RNDN);
    mpfr_clear(sum);
}

/* ---- quantities ---- */

/* Two softcaps are one, or differ by more than 2^-20. */
static bool softcaps_fit(const struct candidate *candidate)
{
    const double a = candidate->knob[KNOB_SOFTCAP], b = candidate->knob[KNOB_SOFTCAP_B];

    return a == b || fabs(a - b) > 0x1p-20 * b;
}

static bool measure(const struct candidate *candidate, enum which which, struct measured *measured)
{
    static struct one a, b;
    const size_t width_a = list_width(&candidate->list[0]),
                 width_b = list_width(&candidate->list[1]);
    const size_t least = width_a < width_b ? width_a : width_b,
                 width = least < WIDEST ? least : WIDEST;
    const struct side side_a = {&a.row, &a.transform, &a.stats};
    const struct side side_b = {&b.row, &b.transform, &b.stats};
    struct divergence got;

    pair_init();
    if (width == 0 || !softcaps_fit(candidate) || !one_reduce(&a, candidate, 0, width)
        || !one_reduce(&b, candidate, 1, width))
        return false;
    bins_make(a.logits, b.logits, width);
    if (pair.bins > RUNS)
        return false;
    got = divergence_of(quantity_kernel, &side_a, &side_b);
    measured->got = which == KL_AB   ? got.kl_ab
                    : which == KL_BA ? got.kl_ba
                    : which == JSD   ? got.jsd
                                     : got.total_variation;
    exact_make(measured->exact, candidate, which);
    return true;
}

bool pair_kl_ab_measure(const struct candidate *candidate, struct measured *measured)
{
    return measure(candidate, KL_AB, measured);
}

bool pair_kl_ba_measure(const struct candidate *candidate, struct measured *measured)
{
    return measure(candidate, KL_BA, measured);
}

bool pair_jsd_measure(const struct candidate *candidate, struct measured *measured)
{
    return measure(candidate, JSD, measured);
}

bool pair_variation_measure(const struct candidate *candidate, struct measured *measured)
{
    return measure(candidate, VARIATION, measured);
}
