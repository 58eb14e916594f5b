/* extremes.h - what is right of a row of any size of numbers, by MPFR. */
#ifndef TESTS_UNIT_EXTREMES_H
#define TESTS_UNIT_EXTREMES_H

#include "tests/unit/exact.h"

#include "core/divergence.h"
#include "core/loss.h"

#include <float.h>

#define M DBL_MAX
#define WIDEST 600
#define WORK_BITS 2200 /* hold the difference of any two doubles */

#define CAP_BITS 1400 /* tell capped logits apart, up to e^-700 of the cap */

/* A row and what is asked of it. */
struct extreme {
    double temperature, softcap;
    struct loss_options options;
    size_t width, target;
    double logits[WIDEST];
};

/* ---- what is right ---- */

struct right {
    mpfr_t nll, entropy, loss;
};

static struct {
    mpfr_t scaled[WIDEST], term, sum, sum_scaled, lse, other, each;
} work;

static void work_make(void)
{
    for (size_t i = 0; i < WIDEST; i++)
        mpfr_init2(work.scaled[i], WORK_BITS);
    mpfr_inits2(WORK_BITS, work.term, work.sum, work.sum_scaled, work.lse, work.other, work.each,
                (mpfr_ptr)NULL);
}

static void right_capped(mpfr_t out, double logit, double softcap)
{
    mpfr_set_d(out, logit, MPFR_RNDN);
    if (softcap == 0 || isinf(logit))
        return;
    mpfr_set_prec(work.each, CAP_BITS);
    mpfr_set_d(work.each, logit, MPFR_RNDN);
    mpfr_div_d(work.each, work.each, softcap, MPFR_RNDN);
    mpfr_tanh(work.each, work.each, MPFR_RNDN);
    mpfr_mul_d(out, work.each, softcap, MPFR_RNDN);
    mpfr_set_prec(work.each, WORK_BITS);
}

/* work.scaled = (x - m) / T, and work.lse = log of the sum of exp of it; masks are -inf. */
static void right_row(const struct extreme *x)
{
    double max = -HUGE_VAL;

    for (size_t i = 0; i < x->width; i++)
        max = x->logits[i] > max ? x->logits[i] : max;
    right_capped(work.other, max, x->softcap);
    mpfr_set_zero(work.sum, 1);
    mpfr_set_zero(work.sum_scaled, 1);
    for (size_t i = 0; i < x->width; i++) {
        right_capped(work.scaled[i], x->logits[i], x->softcap);
        mpfr_sub(work.scaled[i], work.scaled[i], work.other, MPFR_RNDN);
        mpfr_div_d(work.scaled[i], work.scaled[i], x->temperature, MPFR_RNDN);
        if (mpfr_cmp_d(work.scaled[i], -1e5) < 0)
            continue;
        mpfr_set_prec(work.term, EXACT_BITS);
        mpfr_exp(work.term, work.scaled[i], MPFR_RNDN);
        mpfr_add(work.sum, work.sum, work.term, MPFR_RNDN);
        mpfr_mul(work.term, work.term, work.scaled[i], MPFR_RNDN);
        mpfr_add(work.sum_scaled, work.sum_scaled, work.term, MPFR_RNDN);
        mpfr_set_prec(work.term, WORK_BITS);
    }
    mpfr_log(work.lse, work.sum, MPFR_RNDN);
}

/* -log p of one token, into `out`. */
static void right_nll(mpfr_t out, size_t token)
{
    mpfr_sub(out, work.lse, work.scaled[token], MPFR_RNDN);
}

/* As the definitions have it: the sum over the whole spread target. */
static void right_smoothed(mpfr_t out, const struct extreme *x)
{
    const double e = x->options.label_smoothing, all = (double)x->width;
    const bool to_all = x->options.smoothing == SMOOTHING_ALL;

    mpfr_set_d(work.each, e, MPFR_RNDN);
    mpfr_div_d(work.each, work.each, to_all ? all : all - 1, MPFR_RNDN);
    mpfr_set_zero(out, 1);
    for (size_t i = 0; i < x->width; i++) {
        const double own = i == x->target ? 1 : 0;

        mpfr_set_d(work.other, own, MPFR_RNDN);
        mpfr_sub_d(work.other, work.other, own * e, MPFR_RNDN);
        if (to_all || own == 0)
            mpfr_add(work.other, work.other, work.each, MPFR_RNDN);
        right_nll(work.term, i);
        mpfr_mul(work.term, work.term, work.other, MPFR_RNDN);
        mpfr_add(out, out, work.term, MPFR_RNDN);
    }
}

/* Less the entropy of the spread target, as t5x has it. */
static void right_target_entropy(mpfr_t out, const struct extreme *x)
{
    const double e = x->options.label_smoothing;

    mpfr_set_d(work.term, -e, MPFR_RNDN);
    mpfr_log1p(work.term, work.term, MPFR_RNDN);
    mpfr_mul_d(work.other, work.term, e, MPFR_RNDN);
    mpfr_sub(work.term, work.term, work.other, MPFR_RNDN);
    mpfr_add(out, out, work.term, MPFR_RNDN);
    mpfr_set_d(work.term, e, MPFR_RNDN);
    mpfr_div_ui(work.term, work.term, x->width - 1, MPFR_RNDN);
    mpfr_add_d(work.term, work.term, 1e-20, MPFR_RNDN);
    mpfr_log(work.term, work.term, MPFR_RNDN);
    mpfr_mul_d(work.term, work.term, e, MPFR_RNDN);
    mpfr_add(out, out, work.term, MPFR_RNDN);
}

static void right_z_loss(mpfr_t out, const struct extreme *x, double max)
{
    right_capped(work.term, max, x->softcap);
    mpfr_div_d(work.term, work.term, x->temperature, MPFR_RNDN);
    mpfr_add(work.term, work.term, work.lse, MPFR_RNDN);
    mpfr_sqr(work.term, work.term, MPFR_RNDN);
    mpfr_mul_d(work.term, work.term, x->options.z_loss, MPFR_RNDN);
    mpfr_add(out, out, work.term, MPFR_RNDN);
}

static void right_make(struct right *right, const struct extreme *x, double max)
{
    right_row(x);
    right_nll(right->nll, x->target);
    mpfr_div(right->entropy, work.sum_scaled, work.sum, MPFR_RNDN);
    mpfr_sub(right->entropy, work.lse, right->entropy, MPFR_RNDN);
    mpfr_set(right->loss, right->nll, MPFR_RNDN);
    if (x->options.label_smoothing > 0 && x->width > 1) {
        right_smoothed(right->loss, x);
        if (x->options.smoothing == SMOOTHING_OTHERS_MINUS_ENTROPY)
            right_target_entropy(right->loss, x);
    }
    if (x->options.z_loss > 0)
        right_z_loss(right->loss, x, max);
}

#endif
