/* rows.c - the quantities of one row. */
#include "tests/worst/quantity.h"

#include "tests/worst/narrow.h"

#include "core/choice.h"
#include "core/loss.h"

#include <math.h>
#include <stdlib.h>

/* A candidate as a reduced row, and the same by MPFR. */
struct reduced {
    struct row row;
    struct transform transform;
    struct row_stats stats;
    double target;     /* its logit, as it is in the row */
    double logit, nll; /* of the target */
};

static double *numbers;
static char *bytes;
static struct truth truth;

static void room_make(void)
{
    if (numbers)
        return;
    numbers = malloc(ROW_MAX_WIDTH * sizeof *numbers);
    bytes = malloc(ROW_MAX_WIDTH * sizeof *numbers);
    truth_init(&truth);
}

/* Reduce the first list.  False if it is no distribution. */
static bool reduce(const struct candidate *candidate, unsigned wants, struct reduced *reduced)
{
    const double *knob = candidate->knob;
    struct row_fault fault;
    size_t width, target;

    room_make();
    width = list_expand(&candidate->list[0], numbers, ROW_MAX_WIDTH);
    if (width == 0)
        return false;
    target = (size_t)knob[KNOB_TARGET] % width;
    for (size_t i = 0; i < width; i++)
        narrow(candidate->dtype, numbers[i], bytes + i * dtype_size(candidate->dtype));
    reduced->row = (struct row){bytes, width, candidate->dtype};
    reduced->transform = transform_make(knob[KNOB_TEMPERATURE], knob[KNOB_SOFTCAP]);
    if (!quantity_kernel->reduce(&reduced->row, &reduced->transform, wants, &reduced->stats,
                                 &fault))
        return false;
    reduced->logit = row_logit(&reduced->row, target);
    reduced->nll = row_nll(&reduced->stats, &reduced->transform, reduced->logit);
    truth_make(&truth, &candidate->list[0], knob[KNOB_TEMPERATURE], knob[KNOB_SOFTCAP], TRUTH_BITS);
    reduced->target = numbers[target];
    return !isinf(reduced->target);
}

bool row_nll_measure(const struct candidate *candidate, struct measured *measured)
{
    struct reduced reduced;

    if (!reduce(candidate, 0, &reduced))
        return false;
    measured->got = reduced.nll;
    truth_nll(measured->exact, &truth, reduced.target);
    return true;
}

/* e to the log-probability, as choices have it.  The unit is u of p, times 4 + |log p|. */
bool row_probability_measure(const struct candidate *candidate, struct measured *measured)
{
    struct choice choice = {0};
    struct reduced reduced;

    if (!reduce(candidate, 0, &reduced))
        return false;
    choice.log_prob = -reduced.nll;
    measured->got = choices_mass(&choice, 1);
    truth_nll(measured->unit, &truth, reduced.target);
    mpfr_neg(measured->exact, measured->unit, MPFR_RNDN);
    mpfr_exp(measured->exact, measured->exact, MPFR_RNDN);
    mpfr_add_ui(measured->unit, measured->unit, 4, MPFR_RNDN);
    mpfr_mul(measured->unit, measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
    return true;
}

bool row_entropy_measure(const struct candidate *candidate, struct measured *measured)
{
    struct reduced reduced;

    if (!reduce(candidate, ROW_ENTROPY, &reduced))
        return false;
    measured->got = reduced.stats.entropy;
    truth_entropy(measured->exact, &truth);
    return true;
}

/* At most what is subnormal: variances of rows that are all but the same are 0. */
bool row_variance_measure(const struct candidate *candidate, struct measured *measured)
{
    struct reduced reduced;

    if (!reduce(candidate, ROW_VARIANCE, &reduced))
        return false;
    measured->got = reduced.stats.variance;
    truth_variance(measured->exact, &truth);
    return true;
}

bool row_collision_measure(const struct candidate *candidate, struct measured *measured)
{
    struct reduced reduced;

    if (!reduce(candidate, ROW_COLLISION, &reduced))
        return false;
    measured->got = reduced.stats.collision;
    truth_collision(measured->exact, &truth);
    return true;
}

bool row_mean_measure(const struct candidate *candidate, struct measured *measured)
{
    struct reduced reduced;

    if (!reduce(candidate, ROW_MEAN, &reduced))
        return false;
    measured->got = reduced.stats.mean_log_prob;
    truth_mean(measured->exact, &truth);
    return true;
}

/* The exact max / T + log1p(R); the unit is u of it and of R / (1 + R), and 2^-64 of max / T. */
static void lse_of(struct measured *measured)
{
    mpfr_t *share = &truth.rest;

    mpfr_add(measured->exact, truth.top, truth.log_rest, MPFR_RNDN);
    mpfr_neg(*share, truth.log_rest, MPFR_RNDN);
    mpfr_expm1(*share, *share, MPFR_RNDN); /* -R / (1 + R) */
    mpfr_abs(measured->unit, measured->exact, MPFR_RNDN);
    mpfr_sub(measured->unit, measured->unit, *share, MPFR_RNDN);
    mpfr_mul_2ui(measured->unit, measured->unit, 11, MPFR_RNDN);
    mpfr_abs(truth.top, truth.top, MPFR_RNDN);
    mpfr_add(measured->unit, measured->unit, truth.top, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -64, MPFR_RNDN);
}

bool row_lse_measure(const struct candidate *candidate, struct measured *measured)
{
    struct reduced reduced;

    if (!reduce(candidate, 0, &reduced))
        return false;
    measured->got = row_lse(&reduced.stats, &reduced.transform).hi;
    lse_of(measured);
    return true;
}

/* ---- losses ---- */

static bool loss_measure(const struct candidate *candidate, const struct loss_options *options,
                         struct reduced *reduced, struct measured *measured)
{
    if (!reduce(candidate, loss_wants(options), reduced))
        return false;
    measured->got = loss_of(options, &reduced->stats, &reduced->transform, reduced->row.width,
                            reduced->logit, reduced->nll);
    return true;
}

/* nll + z lse^2.  The unit is that of its bound: u of 8 nll + 4 z lse^2 + 12 z |lse| log1p(R). */
bool row_z_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct loss_options options = {.z_loss = candidate->knob[KNOB_Z]};
    struct reduced reduced;
    mpfr_t *lse = &truth.top, *nll = &truth.rest;

    if (!loss_measure(candidate, &options, &reduced, measured))
        return false;
    truth_nll(*nll, &truth, reduced.target);
    mpfr_add(*lse, *lse, truth.log_rest, MPFR_RNDN);
    mpfr_sqr(measured->exact, *lse, MPFR_RNDN);
    mpfr_mul_d(measured->exact, measured->exact, options.z_loss, MPFR_RNDN);
    mpfr_mul(measured->unit, *lse, truth.log_rest, MPFR_RNDN);
    mpfr_abs(measured->unit, measured->unit, MPFR_RNDN);
    mpfr_mul_d(measured->unit, measured->unit, options.z_loss, MPFR_RNDN);
    mpfr_mul_ui(measured->unit, measured->unit, 3, MPFR_RNDN);
    mpfr_add(measured->unit, measured->unit, measured->exact, MPFR_RNDN);
    mpfr_add(measured->unit, measured->unit, *nll, MPFR_RNDN);
    mpfr_add(measured->unit, measured->unit, *nll, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, 2 - 53, MPFR_RNDN);
    mpfr_add(measured->exact, measured->exact, *nll, MPFR_RNDN);
    return true;
}

/* (1 - e) nll + e mean, the mean over all tokens or over the others. */
static bool smoothed_measure(const struct candidate *candidate, enum smoothing smoothing,
                             struct measured *measured)
{
    const double e = candidate->knob[KNOB_SMOOTHING];
    const struct loss_options options = {.label_smoothing = e, .smoothing = smoothing};
    const bool all = smoothing == SMOOTHING_ALL;
    const size_t width = list_width(&candidate->list[0]);
    struct reduced reduced;
    mpfr_t *nll = &truth.top, *mean = &measured->exact;

    if (width < 2 || !loss_measure(candidate, &options, &reduced, measured))
        return false;
    truth_nll(*nll, &truth, reduced.target);
    truth_sum(*mean, &truth, all ? NAN : reduced.target);
    mpfr_div_ui(*mean, *mean, all ? width : width - 1, MPFR_RNDN);
    mpfr_mul_d(*mean, *mean, e, MPFR_RNDN);
    mpfr_add(*mean, *mean, *nll, MPFR_RNDN);
    mpfr_mul_d(*nll, *nll, e, MPFR_RNDN);
    mpfr_sub(*mean, *mean, *nll, MPFR_RNDN);
    return true;
}

bool row_all_measure(const struct candidate *candidate, struct measured *measured)
{
    return smoothed_measure(candidate, SMOOTHING_ALL, measured);
}

bool row_others_measure(const struct candidate *candidate, struct measured *measured)
{
    return smoothed_measure(candidate, SMOOTHING_OTHERS, measured);
}

/* H = -(1 - e) log(1 - e) - e log(e / (V - 1) + 1e-20) */
static void target_entropy(mpfr_t out, double e, size_t others)
{
    mpfr_t *work = &truth.top;

    mpfr_set_d(out, e, MPFR_RNDN);
    mpfr_div_ui(out, out, others, MPFR_RNDN);
    mpfr_set_d(*work, 1e-20, MPFR_RNDN);
    mpfr_add(out, out, *work, MPFR_RNDN);
    mpfr_log(out, out, MPFR_RNDN);
    mpfr_mul_d(out, out, -e, MPFR_RNDN);
    mpfr_set_d(*work, -e, MPFR_RNDN);
    mpfr_log1p(*work, *work, MPFR_RNDN);
    mpfr_sub(out, out, *work, MPFR_RNDN);
    mpfr_mul_d(*work, *work, e, MPFR_RNDN);
    mpfr_add(out, out, *work, MPFR_RNDN);
}

/* The unit is u of the loss before, and of H. */
bool row_minus_entropy_measure(const struct candidate *candidate, struct measured *measured)
{
    mpfr_t *entropy = &truth.log_rest;

    if (!smoothed_measure(candidate, SMOOTHING_OTHERS_MINUS_ENTROPY, measured))
        return false;
    target_entropy(*entropy, candidate->knob[KNOB_SMOOTHING], list_width(&candidate->list[0]) - 1);
    mpfr_abs(measured->unit, *entropy, MPFR_RNDN);
    mpfr_add(measured->unit, measured->unit, measured->exact, MPFR_RNDN);
    mpfr_mul_2si(measured->unit, measured->unit, -53, MPFR_RNDN);
    mpfr_sub(measured->exact, measured->exact, *entropy, MPFR_RNDN);
    return true;
}
