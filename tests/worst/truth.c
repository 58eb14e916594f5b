/* truth.c - what is right of a row, by MPFR. */
#include "tests/worst/truth.h"

#include <math.h>
#include <stdlib.h>

static mpfr_t work, small, large;

void truth_init(struct truth *truth)
{
    for (size_t i = 0; i < RUNS; i++)
        mpfr_init(truth->level[i].distance);
    mpfr_inits(truth->top, truth->rest, truth->log_rest, (mpfr_ptr)NULL);
}

static void work_make(mpfr_prec_t bits)
{
    if (!work->_mpfr_d)
        mpfr_inits(work, small, large, (mpfr_ptr)NULL);
    mpfr_set_prec(work, bits);
    mpfr_set_prec(small, bits);
    mpfr_set_prec(large, bits);
}

static void truth_precision(struct truth *truth, mpfr_prec_t bits)
{
    for (size_t i = 0; i < truth->levels; i++)
        mpfr_set_prec(truth->level[i].distance, bits);
    mpfr_set_prec(truth->top, bits);
    mpfr_set_prec(truth->rest, bits);
    mpfr_set_prec(truth->log_rest, bits);
    work_make(bits);
}

/* ---- levels ---- */

static int by_value(const void *a, const void *b)
{
    const struct run *x = a, *y = b;

    return (x->value > y->value) - (x->value < y->value);
}

static void levels_make(struct truth *truth, const struct list *list)
{
    struct run sorted[RUNS];

    for (size_t i = 0; i < list->runs; i++)
        sorted[i] = (struct run){list->run[i].value, list_count(list, i)};
    qsort(sorted, list->runs, sizeof *sorted, by_value);
    truth->levels = 0;
    for (size_t i = 0; i < list->runs; i++) {
        if (sorted[i].count == 0)
            continue;
        if (truth->levels == 0 || truth->level[truth->levels - 1].logit != sorted[i].value) {
            truth->level[truth->levels].logit = sorted[i].value;
            truth->level[truth->levels++].count = 0;
        }
        truth->level[truth->levels - 1].count += sorted[i].count;
    }
}

/* ---- distances ---- */

/* exp(-2 logit / cap) */
static void e_to_minus_two(mpfr_t out, double logit, double cap)
{
    mpfr_set_d(out, logit, MPFR_RNDN);
    mpfr_mul_si(out, out, -2, MPFR_RNDN);
    mpfr_div_d(out, out, cap, MPFR_RNDN);
    mpfr_exp(out, out, MPFR_RNDN);
}

/* tanh(l) - tanh(s) = 2 e^-2s (1 - e^-2d) / ((1 + e^-2s) (1 + e^-2l)) of 0 < s < l, d = l - s, so
 * that nothing cancels.  `out` is d. */
static void tanh_apart(mpfr_t out, double less, double more, double cap)
{
    e_to_minus_two(small, less, cap);
    e_to_minus_two(large, more, cap);
    mpfr_set_d(out, less, MPFR_RNDN);
    mpfr_sub_d(out, out, more, MPFR_RNDN);
    mpfr_mul_2ui(out, out, 1, MPFR_RNDN);
    mpfr_div_d(out, out, cap, MPFR_RNDN);
    mpfr_expm1(out, out, MPFR_RNDN);
    mpfr_mul(out, out, small, MPFR_RNDN);
    mpfr_mul_si(out, out, -2, MPFR_RNDN);
    mpfr_add_ui(small, small, 1, MPFR_RNDN);
    mpfr_add_ui(large, large, 1, MPFR_RNDN);
    mpfr_div(out, out, small, MPFR_RNDN);
    mpfr_div(out, out, large, MPFR_RNDN);
}

static void tanh_of(mpfr_t out, double logit, double cap)
{
    mpfr_set_d(out, logit, MPFR_RNDN);
    mpfr_div_d(out, out, cap, MPFR_RNDN);
    mpfr_tanh(out, out, MPFR_RNDN);
}

/* softcap(max) - softcap(logit) */
static void apart(mpfr_t out, double max, double logit, double cap)
{
    if (cap == 0) {
        mpfr_set_d(out, max, MPFR_RNDN);
        mpfr_sub_d(out, out, logit, MPFR_RNDN);
        return;
    }
    if (logit > 0)
        tanh_apart(out, logit, max, cap);
    else if (max < 0)
        tanh_apart(out, -max, -logit, cap);
    else {
        tanh_of(out, max, cap);
        tanh_of(work, logit, cap);
        mpfr_sub(out, out, work, MPFR_RNDN);
    }
    mpfr_mul_d(out, out, cap, MPFR_RNDN);
}

/* ---- rows ---- */

static void rest_make(struct truth *truth)
{
    const size_t top = truth->levels - 1;

    mpfr_set_ui(truth->rest, truth->level[top].count - 1, MPFR_RNDN);
    for (size_t i = 0; i < top; i++) {
        mpfr_neg(work, truth->level[i].distance, MPFR_RNDN);
        mpfr_exp(work, work, MPFR_RNDN);
        mpfr_mul_ui(work, work, truth->level[i].count, MPFR_RNDN);
        mpfr_add(truth->rest, truth->rest, work, MPFR_RNDN);
    }
    mpfr_log1p(truth->log_rest, truth->rest, MPFR_RNDN);
}

void truth_make(struct truth *truth, const struct list *list, double temperature, double softcap,
                mpfr_prec_t bits)
{
    double max;

    levels_make(truth, list);
    truth_precision(truth, bits);
    max = truth->level[truth->levels - 1].logit;
    for (size_t i = 0; i < truth->levels; i++) {
        struct level *level = &truth->level[i];

        if (isinf(level->logit))
            mpfr_set_inf(level->distance, 1);
        else
            apart(level->distance, max, level->logit, softcap);
        mpfr_div_d(level->distance, level->distance, temperature, MPFR_RNDN);
    }
    if (softcap > 0) {
        tanh_of(truth->top, max, softcap);
        mpfr_mul_d(truth->top, truth->top, softcap, MPFR_RNDN);
    } else
        mpfr_set_d(truth->top, max, MPFR_RNDN);
    mpfr_div_d(truth->top, truth->top, temperature, MPFR_RNDN);
    rest_make(truth);
}

static const struct level *level_of(const struct truth *truth, double logit)
{
    size_t i = 0;

    while (truth->level[i].logit != logit)
        i++;
    return &truth->level[i];
}

void truth_nll(mpfr_t out, const struct truth *truth, double logit)
{
    mpfr_add(out, level_of(truth, logit)->distance, truth->log_rest, MPFR_RNDN);
}

void truth_sum(mpfr_t out, const struct truth *truth, double without)
{
    mpfr_set_zero(out, 1);
    for (size_t i = 0; i < truth->levels; i++) {
        const struct level *level = &truth->level[i];
        const size_t count = level->count - (level->logit == without);

        if (count == 0)
            continue;
        mpfr_add(work, level->distance, truth->log_rest, MPFR_RNDN);
        mpfr_mul_ui(work, work, count, MPFR_RNDN);
        mpfr_add(out, out, work, MPFR_RNDN);
    }
}

/* log1p(R) + sum of e^-d d / (1 + R) */
void truth_entropy(mpfr_t out, const struct truth *truth)
{
    mpfr_set_zero(out, 1);
    for (size_t i = 0; i + 1 < truth->levels; i++) {
        if (mpfr_inf_p(truth->level[i].distance))
            continue;
        mpfr_neg(work, truth->level[i].distance, MPFR_RNDN);
        mpfr_exp(work, work, MPFR_RNDN);
        mpfr_mul(work, work, truth->level[i].distance, MPFR_RNDN);
        mpfr_mul_ui(work, work, truth->level[i].count, MPFR_RNDN);
        mpfr_add(out, out, work, MPFR_RNDN);
    }
    mpfr_add_ui(work, truth->rest, 1, MPFR_RNDN);
    mpfr_div(out, out, work, MPFR_RNDN);
    mpfr_add(out, out, truth->log_rest, MPFR_RNDN);
}

/* work = count p of a level; false for a mask. */
static bool share_of(const struct truth *truth, size_t level)
{
    if (mpfr_inf_p(truth->level[level].distance))
        return false;
    mpfr_neg(work, truth->level[level].distance, MPFR_RNDN);
    mpfr_exp(work, work, MPFR_RNDN);
    mpfr_mul_ui(work, work, truth->level[level].count, MPFR_RNDN);
    mpfr_add_ui(small, truth->rest, 1, MPFR_RNDN);
    mpfr_div(work, work, small, MPFR_RNDN);
    return true;
}

void truth_variance(mpfr_t out, const struct truth *truth)
{
    mpfr_set_zero(large, 1); /* the mean distance */
    for (size_t i = 0; i < truth->levels; i++)
        if (share_of(truth, i)) {
            mpfr_mul(work, work, truth->level[i].distance, MPFR_RNDN);
            mpfr_add(large, large, work, MPFR_RNDN);
        }
    mpfr_set_zero(out, 1);
    for (size_t i = 0; i < truth->levels; i++)
        if (share_of(truth, i)) {
            mpfr_sub(small, truth->level[i].distance, large, MPFR_RNDN);
            mpfr_sqr(small, small, MPFR_RNDN);
            mpfr_mul(work, work, small, MPFR_RNDN);
            mpfr_add(out, out, work, MPFR_RNDN);
        }
}

void truth_collision(mpfr_t out, const struct truth *truth)
{
    mpfr_set_zero(out, 1);
    for (size_t i = 0; i < truth->levels; i++)
        if (share_of(truth, i)) {
            mpfr_sqr(work, work, MPFR_RNDN);
            mpfr_div_ui(work, work, truth->level[i].count, MPFR_RNDN);
            mpfr_add(out, out, work, MPFR_RNDN);
        }
}

void truth_mean(mpfr_t out, const struct truth *truth)
{
    size_t count = 0;

    mpfr_set_zero(out, 1);
    for (size_t i = 0; i < truth->levels; i++)
        if (!mpfr_inf_p(truth->level[i].distance)) {
            mpfr_mul_ui(work, truth->level[i].distance, truth->level[i].count, MPFR_RNDN);
            mpfr_add(out, out, work, MPFR_RNDN);
            count += truth->level[i].count;
        }
    mpfr_div_ui(out, out, count, MPFR_RNDN);
    mpfr_add(out, out, truth->log_rest, MPFR_RNDN);
    mpfr_neg(out, out, MPFR_RNDN);
}
