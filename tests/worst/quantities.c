/* quantities.c - the table of what is searched for its worst. */
#include "tests/worst/quantity.h"

#include "core/cpu.h"
#include "core/kernels.h"

#include <math.h>

const struct kernel *quantity_kernel;

/* ---- units ---- */

static void unit_u(struct measured *measured)
{
    mpfr_abs(measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
}

/* Half a unit in the last place. */
static void unit_half_ulp(struct measured *measured)
{
    const mpfr_exp_t exponent = mpfr_zero_p(measured->exact) ? 0 : mpfr_get_exp(measured->exact);

    mpfr_set_ui_2exp(measured->unit, 1, exponent < -1021 ? -1075 : exponent - 54, MPFR_RNDN);
}

/* u of exp(x), times 1.1 + x, x >= 0. */
static void unit_exp(struct measured *measured)
{
    mpfr_log(measured->unit, measured->exact, MPFR_RNDN);
    mpfr_add_d(measured->unit, measured->unit, 1.1, MPFR_RNDN);
    mpfr_mul(measured->unit, measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
}

/* u of max(exact, 1e-300) */
static void unit_u_floor(struct measured *measured)
{
    mpfr_set_d(measured->unit, 1e-300, MPFR_RNDN);
    mpfr_max(measured->unit, measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
}

/* u of max(exact, 2^-1022) */
static void unit_u_normal(struct measured *measured)
{
    mpfr_set_ui_2exp(measured->unit, 1, -1022, MPFR_RNDN);
    mpfr_max(measured->unit, measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
}

/* 1e-12 of max(exact, 1e-300) */
static void unit_1e12_floor(struct measured *measured)
{
    mpfr_set_d(measured->unit, 1e-300, MPFR_RNDN);
    mpfr_max(measured->unit, measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_d(measured->unit, measured->unit, 1e-12, MPFR_RNDN);
}

/* ---- shapes ---- */

#define TRANSFORM (1U << KNOB_TEMPERATURE | 1U << KNOB_SOFTCAP)

static const struct shape row = {
    {KIND_LOGITS, KIND_NONE}, TRANSFORM | 1U << KNOB_TARGET, ROW_MAX_WIDTH, starts_row};
static const struct shape row_smoothed = {{KIND_LOGITS, KIND_NONE},
                                          TRANSFORM | 1U << KNOB_TARGET | 1U << KNOB_SMOOTHING,
                                          ROW_MAX_WIDTH,
                                          starts_row};
static const struct shape row_z = {{KIND_LOGITS, KIND_NONE},
                                   TRANSFORM | 1U << KNOB_TARGET | 1U << KNOB_Z,
                                   ROW_MAX_WIDTH,
                                   starts_row};
static const struct shape rows_two = {{KIND_LOGITS, KIND_LOGITS},
                                      1U << KNOB_TEMPERATURE | 1U << KNOB_TEMPERATURE_B,
                                      2100,
                                      starts_pair};

static const struct shape numbers = {{KIND_NUMBERS, KIND_NONE}, 0, 2048, starts_numbers};
static const struct shape choices = {
    {KIND_LOG_PROBS, KIND_NONE}, 1U << KNOB_TARGET, 300, starts_numbers};
static const struct shape valued = {
    {KIND_LOG_PROBS, KIND_VALUES}, 1U << KNOB_TARGET, 300, starts_numbers};
static const struct shape numbers_target = {
    {KIND_NUMBERS, KIND_NONE}, 1U << KNOB_TARGET, 2048, starts_numbers};
static const struct shape models = {{KIND_LOG_PROBS, KIND_LOG_PROBS}, 0, 2048, starts_numbers};
static const struct shape numbers_two = {{KIND_NUMBERS, KIND_NUMBERS}, 0, 2048, starts_numbers};
static const struct shape sized = {{KIND_LOG_PROBS, KIND_COUNTS}, 0, 2048, starts_numbers};

static const struct shape weighted = {{KIND_LOG_PROBS, KIND_WEIGHTS}, 0, 2048, starts_numbers};
static const struct shape log_probs = {{KIND_LOG_PROBS, KIND_NONE}, 0, 2048, starts_numbers};

/* ---- quantities ---- */

const struct quantity quantities[] = {
    {"nll", 8, "u", &row, row_nll_measure, unit_u},
    {"probability", 1, "(4 + \\|ln p\\|) u", &row, row_probability_measure, NULL},
    {"entropy", 16, "u of max(entropy, 1e-300)", &row, row_entropy_measure, unit_u_floor},
    {"variance", 256, "u of max(variance, 1e-300)", &row, row_variance_measure, unit_u_floor},
    {"collision", 32, "u", &row, row_collision_measure, unit_u},
    {"mean_log_prob", 16, "u", &row, row_mean_measure, unit_u},
    {"lse", 8, "u of \\|lse\\| + R / (1 + R), and 2^-64 of \\|max / T\\|", &row, row_lse_measure,
     NULL},
    {"z_loss", 1, "8 u nll + 4 u z lse^2 + 12 u z \\|lse\\| log1p(R)", &row_z, row_z_measure, NULL},
    {"uniform_all", 8, "u", &row_smoothed, row_all_measure, unit_u},
    {"uniform_others", 8, "u", &row_smoothed, row_others_measure, unit_u},
    {"uniform_others_minus_entropy", 8, "u of the loss and the entropy", &row_smoothed,
     row_minus_entropy_measure, NULL},
    {"kl_ab", 1, "1e-12 of max(kl, 1e-300), no softcap", &rows_two, pair_kl_ab_measure,
     unit_1e12_floor},
    {"kl_ba", 1, "1e-12 of max(kl, 1e-300), no softcap", &rows_two, pair_kl_ba_measure,
     unit_1e12_floor},
    {"jsd", 1, "1e-12 of max(jsd, 1e-300), no softcap", &rows_two, pair_jsd_measure,
     unit_1e12_floor},
    {"total_variation", 1, "1e-12 of max(tv, 1e-300), no softcap", &rows_two,
     pair_variation_measure, unit_1e12_floor},
    {"log_prob", 1, "half a unit in the last place", &log_probs, objective_log_prob_measure,
     unit_half_ulp},
    {"total_log_prob", 1, "half a unit in the last place", &log_probs, objective_total_measure,
     unit_half_ulp},
    {"loss", 3, "u", &weighted, objective_loss_measure, unit_u},
    {"perplexity", 1, "(1.1 + ln perplexity) u", &log_probs, objective_perplexity_measure,
     unit_exp},
    {"bits", 3, "u", &log_probs, objective_bits_measure, unit_u},
    {"compare_perplexity", 1.1, "u", &models, compare_perplexity_measure, unit_u},
    {"compare_perplexity_error", 6, "u", &models, compare_perplexity_error_measure, unit_u},
    {"compare_mean", 2, "u", &models, compare_mean_measure, unit_u},
    {"compare_ratio", 1.1, "u", &models, compare_ratio_measure, unit_u},
    {"compare_ratio_error", 6, "u", &models, compare_ratio_error_measure, unit_u},
    {"compare_apart", 2, "u", &models, compare_apart_measure, unit_u},
    {"compare_apart_error", 6, "u, and 2^-63 of the errors of both", &models,
     compare_apart_error_measure, NULL},
    {"compare_probability", 1.1, "u", &models, compare_probability_measure, unit_u},
    {"root_mean_square", 2, "u", &numbers, spread_root_mean_square_measure, unit_u},
    {"percentile", 1.1, "u", &numbers_target, spread_percentile_measure, unit_u},
    {"choice_probability", 2.1, "u of max(p, 2^-1022)", &choices, choice_probability_measure,
     unit_u_normal},
    {"choice_mass", 1.1, "u of max(mass, 1e-300)", &choices, choice_mass_measure, unit_u_floor},
    {"choice_expected", 3, "u, and 2^-64 of sum w \\|v\\| / sum w", &valued,
     choice_expected_measure, NULL},
    {"choice_brier", 8, "u", &choices, choice_brier_measure, unit_u},
    {"log_sum", 1, "u, and 2^-64 of the largest", &choices, log_sum_measure, NULL},
    {"dd_exp", 1, "2^-66", &numbers, dd_exp_measure, NULL},
    {"dd_expm1", 1, "2^-66", &numbers, dd_expm1_measure, NULL},
    {"dd_log", 1, "2^-66", &numbers, dd_log_measure, NULL},
    {"dd_log1p", 1, "2^-66", &numbers, dd_log1p_measure, NULL},
    {"sum", 1, "half a unit in the last place", &numbers, numbers_sum_measure, unit_half_ulp},
    {"sum_of_products", 1, "half a unit in the last place", &numbers_two, numbers_products_measure,
     unit_half_ulp},
    {"mean", 2, "u", &numbers, numbers_mean_measure, unit_u},
    {"deviation", 4, "u", &numbers, numbers_deviation_measure, unit_u},
    {"error", 4, "u", &numbers, numbers_error_measure, unit_u},
    {"paired_error", 4, "u", &numbers_two, numbers_paired_error_measure, unit_u},
    {"ratio_error", 4, "u", &sized, numbers_ratio_error_measure, unit_u},
    {"correlation", 5, "u", &numbers_two, numbers_correlation_measure, unit_u},
    {0},
};

/* |got - exact| / unit.  0 within half the smallest double; infinite for NaN.  An infinity stands
 * for 2^1024. */
static double error_of(const struct measured *measured, mpfr_t off)
{
    if (isnan(measured->got) || mpfr_nan_p(measured->exact))
        return HUGE_VAL;
    if (measured->got == mpfr_get_d(measured->exact, MPFR_RNDN) && isinf(measured->got))
        return 0;
    if (isinf(measured->got))
        mpfr_set_si_2exp(off, measured->got > 0 ? 1 : -1, 1024, MPFR_RNDN);
    else
        mpfr_set_d(off, measured->got, MPFR_RNDN);
    mpfr_sub(off, measured->exact, off, MPFR_RNDN);
    mpfr_abs(off, off, MPFR_RNDN);
    if (mpfr_cmp_ui_2exp(off, 1, -1075) <= 0)
        return 0;
    mpfr_div(off, off, measured->unit, MPFR_RNDN);
    return mpfr_get_d(off, MPFR_RNDU);
}

/* NULL if the candidate is not in the domain. */
static struct measured *measure(const struct quantity *quantity, const struct candidate *candidate)
{
    static struct measured measured;

    if (!measured.exact->_mpfr_d)
        mpfr_inits2(TRUTH_BITS, measured.exact, measured.unit, (mpfr_ptr)NULL);
    if (!quantity_kernel)
        quantity_kernel = kernel_find(cpu_features(), "auto");
    mpfr_set_prec(measured.exact, TRUTH_BITS);
    if (!quantity->measure(candidate, &measured))
        return NULL;
    if (quantity->unit_set)
        quantity->unit_set(&measured);
    return &measured;
}

double quantity_error(const struct quantity *quantity, const struct candidate *candidate)
{
    static mpfr_t off;
    const struct measured *measured = measure(quantity, candidate);

    if (!off->_mpfr_d)
        mpfr_init2(off, TRUTH_BITS);
    return measured ? error_of(measured, off) : -1;
}

void quantity_print(const struct quantity *quantity, const struct candidate *candidate)
{
    const struct measured *measured = measure(quantity, candidate);

    if (!measured)
        return;
    mpfr_printf("%s: %.17g, right is %.25Rg\n", quantity->name, measured->got, measured->exact);
    candidate_write(candidate, stdout);
}
