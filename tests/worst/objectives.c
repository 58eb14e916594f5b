/* objectives.c - sums over the tokens of a sequence, sums over sequences, and means of them.  The
 * first list has log-probabilities, the second weights. */
#include "tests/worst/lists.h"
#include "tests/worst/quantity.h"

#include "core/objective_value.h"
#include "core/objectives.h"

#define MEAN_BITS 512 /* of what is no sum */

/* The sums of the tokens from `begin` to `end`, as a sequence whose split is not known. */
static const struct sequence_sums *sums_of(const struct lists *lists, size_t begin, size_t end,
                                           bool weighted)
{
    static unsigned char segment[LISTED], greedy[LISTED];
    static bool scored[LISTED];
    static double loss[LISTED];
    static struct sequence_sums sums;
    const struct sequence sequence = {end - begin,
                                      segment,
                                      scored,
                                      lists->a + begin,
                                      loss,
                                      greedy,
                                      weighted ? lists->b + begin : NULL};

    for (size_t i = begin; i < end; i++) {
        segment[i - begin] = SEGMENT_WHOLE;
        scored[i - begin] = true;
        loss[i - begin] = -lists->a[i];
    }
    sequence_sum(&sequence, &sums);
    return &sums;
}

static struct tally tally_of(const struct lists *lists)
{
    return objective_tally(objective_at(OBJECTIVE_joint),
                           sums_of(lists, 0, lists->count, lists->has_b));
}

bool objective_log_prob_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = lists_load(candidate);

    measured->got = scaled_double(tally_of(lists).log_prob);
    mpfr_set_prec(measured->exact, SUM_BITS);
    mpfr_set(measured->exact, lists->sum_a, MPFR_RNDN);
    return lists->count > 0;
}

/* Sequences of one token each. */
bool objective_total_measure(const struct candidate *candidate, struct measured *measured)
{
    static struct totals totals;
    const struct lists *lists = lists_load(candidate);

    totals_clear(&totals);
    for (size_t i = 0; i < lists->count; i++)
        totals_add(&totals, objective_at(OBJECTIVE_joint), sums_of(lists, i, i + 1, false));
    measured->got = scaled_double(totals_value(&totals).tally.log_prob);
    mpfr_set_prec(measured->exact, SUM_BITS);
    mpfr_set(measured->exact, lists->sum_a, MPFR_RNDN);
    return lists->count > 0;
}

bool objective_loss_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = lists_load(candidate);
    const struct tally tally = tally_of(lists);

    if (!tally_loss(&tally, &measured->got))
        return false;
    mpfr_div(measured->exact, lists->sum_ab, lists->sum_b, MPFR_RNDN);
    mpfr_neg(measured->exact, measured->exact, MPFR_RNDN);
    return true;
}

bool objective_perplexity_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = lists_load(candidate);
    const struct tally tally = tally_of(lists);

    if (!tally_perplexity(&tally, &measured->got))
        return false;
    mpfr_set_prec(measured->exact, MEAN_BITS);
    mpfr_div_si(measured->exact, lists->sum_a, -(long)lists->count, MPFR_RNDN);
    mpfr_exp(measured->exact, measured->exact, MPFR_RNDN);
    return true;
}

bool objective_bits_measure(const struct candidate *candidate, struct measured *measured)
{
    const struct lists *lists = lists_load(candidate);
    const struct tally tally = tally_of(lists);
    mpfr_t log2;

    if (!tally_bits(&tally, &measured->got))
        return false;
    mpfr_init2(log2, MEAN_BITS);
    mpfr_const_log2(log2, MPFR_RNDN);
    mpfr_div_si(measured->exact, lists->sum_a, -(long)lists->count, MPFR_RNDN);
    mpfr_div(measured->exact, measured->exact, log2, MPFR_RNDN);
    mpfr_clear(log2);
    return true;
}
