/* divergence_truth.h - the divergences of two rows by their definitions, with MPFR. */
#ifndef TESTS_UNIT_DIVERGENCE_TRUTH_H
#define TESTS_UNIT_DIVERGENCE_TRUTH_H

#include "core/row.h"

#include <mpfr.h>

#define WIDEST 131072

/* One side: a row as it comes, and how it becomes a distribution. */
struct input {
    struct row row;
    double temperature, softcap;
};

/* Enough for LEAST, which is a square. */
static mpfr_prec_t truth_bits = 1300;

enum { KL_AB, KL_BA, JSD, VARIATION, DIVERGENCES };

static mpfr_t log_p[2][WIDEST], truth[DIVERGENCES];

/* out = cap(x) / T - max; -inf for a mask. */
static inline void set_scaled(mpfr_t out, const struct input *input, size_t i)
{
    double logit;

    dtype_widen(input->row.dtype, (const char *)input->row.data + i * dtype_size(input->row.dtype),
                1, &logit);
    mpfr_set_d(out, logit, MPFR_RNDN);
    if (input->softcap > 0 && mpfr_number_p(out)) {
        mpfr_div_d(out, out, input->softcap, MPFR_RNDN);
        mpfr_tanh(out, out, MPFR_RNDN);
        mpfr_mul_d(out, out, input->softcap, MPFR_RNDN);
    }
    mpfr_div_d(out, out, input->temperature, MPFR_RNDN);
}

/* ln p of each logit of a row, exactly; -inf for a mask. */
static inline void set_row(mpfr_t *out, const struct input *input)
{
    const size_t width = input->row.width;
    mpfr_t max, sum, term;

    mpfr_inits2(truth_bits, max, sum, term, (mpfr_ptr)NULL);
    mpfr_set_inf(max, -1);
    for (size_t i = 0; i < width; i++) {
        mpfr_set_prec(out[i], truth_bits);
        set_scaled(out[i], input, i);
        mpfr_max(max, max, out[i], MPFR_RNDN);
    }
    mpfr_set_zero(sum, 1);
    for (size_t i = 0; i < width; i++) {
        mpfr_sub(out[i], out[i], max, MPFR_RNDN);
        mpfr_exp(term, out[i], MPFR_RNDN);
        mpfr_add(sum, sum, term, MPFR_RNDN);
    }
    mpfr_log(sum, sum, MPFR_RNDN);
    for (size_t i = 0; i < width; i++)
        mpfr_sub(out[i], out[i], sum, MPFR_RNDN);
    mpfr_clears(max, sum, term, (mpfr_ptr)NULL);
}

/* out += e^x (x - y); 0 where x is -inf. */
static inline void add_kl(mpfr_t out, mpfr_t x, mpfr_t y, mpfr_t work, mpfr_t p)
{
    if (mpfr_inf_p(x))
        return;
    if (mpfr_inf_p(y)) {
        mpfr_set_inf(out, 1);
        return;
    }
    mpfr_exp(p, x, MPFR_RNDN);
    mpfr_sub(work, x, y, MPFR_RNDN);
    mpfr_mul(work, work, p, MPFR_RNDN);
    mpfr_add(out, out, work, MPFR_RNDN);
}

static inline void set_truth(size_t width)
{
    mpfr_t p, q, work, middle;

    mpfr_inits2(truth_bits, p, q, work, middle, (mpfr_ptr)NULL);
    for (size_t k = 0; k < DIVERGENCES; k++)
        mpfr_set_zero(truth[k], 1);
    for (size_t i = 0; i < width; i++) {
        mpfr_ptr a = log_p[0][i], b = log_p[1][i];

        if (mpfr_inf_p(a) && mpfr_inf_p(b))
            continue;
        add_kl(truth[KL_AB], a, b, work, p);
        add_kl(truth[KL_BA], b, a, work, p);
        mpfr_exp(p, a, MPFR_RNDN);
        mpfr_exp(q, b, MPFR_RNDN);
        mpfr_add(middle, p, q, MPFR_RNDN);
        if (mpfr_zero_p(middle)) /* beyond the exponents of MPFR */
            continue;
        mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
        mpfr_log(middle, middle, MPFR_RNDN);
        mpfr_sub(work, p, q, MPFR_RNDN);
        mpfr_abs(work, work, MPFR_RNDN);
        mpfr_add(truth[VARIATION], truth[VARIATION], work, MPFR_RNDN);
        add_kl(truth[JSD], a, middle, work, p);
        add_kl(truth[JSD], b, middle, work, p);
    }
    mpfr_div_2ui(truth[JSD], truth[JSD], 1, MPFR_RNDN);
    mpfr_div_2ui(truth[VARIATION], truth[VARIATION], 1, MPFR_RNDN);
    mpfr_clears(p, q, work, middle, (mpfr_ptr)NULL);
}

static inline void truth_make(void)
{
    for (size_t i = 0; i < WIDEST; i++)
        mpfr_inits2(2, log_p[0][i], log_p[1][i], (mpfr_ptr)NULL);
    for (size_t k = 0; k < DIVERGENCES; k++)
        mpfr_init2(truth[k], 2200);
}

#endif
