/* calibration.c - how well confidences agree with what was right. */
#include "core/calibration.h"

#include "core/exact_sum.h"
#include "core/heapsort.h"

/* ---- order ---- */

static bool is_less(const void *a, const void *b)
{
    return verdict_confidence(*(const struct verdict *)a)
           < verdict_confidence(*(const struct verdict *)b);
}

void verdicts_sort(struct verdict *verdicts, size_t count)
{
    heapsort_entries(verdicts, count, sizeof *verdicts, is_less);
}

size_t verdicts_tie(const struct verdict *sorted, size_t end, size_t *wrong)
{
    const double confidence = verdict_confidence(sorted[end - 1]);
    size_t count = 0;

    *wrong = 0;
    for (; count < end && verdict_confidence(sorted[end - 1 - count]) == confidence; count++)
        *wrong += !verdict_is_right(sorted[end - 1 - count]);
    return count;
}

/* ---- bins ---- */

static double edge_of(size_t bin, size_t bin_count)
{
    return (double)bin / (double)bin_count;
}

/* The number of verdicts of bin `bin`, which begin at `first`. */
static size_t count_width(const struct verdict *sorted, size_t first, size_t count, size_t bin,
                          size_t bin_count)
{
    const double high = edge_of(bin + 1, bin_count);
    size_t end = first;

    while (end < count && verdict_confidence(sorted[end]) <= high)
        end++;
    return end - first;
}

/* The same.  `first` is the first place with its confidence. */
static size_t count_mass(const struct verdict *sorted, size_t first, size_t count, size_t bin,
                         size_t bin_count)
{
    size_t end = first;

    while (end < count && end * bin_count / count == bin) {
        const double confidence = verdict_confidence(sorted[end]);

        while (end < count && verdict_confidence(sorted[end]) == confidence)
            end++;
    }
    return end - first;
}

/* Sums over bins, beside those of the answer. */
struct sums {
    struct exact_sum confidence;                            /* of c */
    struct exact_sum squares;                               /* of c^2 - 2 c y */
    struct exact_sum gaps, reliability, resolution, within; /* of those of bins */
};

/* Add c, and c^2 - 2 c y. */
static void add_verdict(struct exact_sum *confidence, struct exact_sum *squares,
                        struct verdict verdict)
{
    const bool right = verdict_is_right(verdict);
    const struct dd c = right ? verdict.signed_confidence : dd_neg(verdict.signed_confidence);

    exact_sum_add(confidence, c.hi);
    exact_sum_add(confidence, c.lo);
    exact_sum_add_square(squares, c.hi);
    exact_sum_add_product(squares, 2 * c.hi, c.lo);
    exact_sum_add_square(squares, c.lo);
    if (!right)
        return;
    exact_sum_add(squares, -2 * c.hi);
    exact_sum_add(squares, -2 * c.lo);
}

static struct scaled of_count(size_t count)
{
    return (struct scaled){(double)count, 0};
}

static double mean_of(const struct exact_sum *sum, size_t count)
{
    return scaled_double(scaled_over(exact_sum_scaled(sum), of_count(count)));
}

/* |acc_b - conf_b| n_b */
static struct scaled gap_of(const struct exact_sum *confidence, size_t right)
{
    struct exact_sum gap = *confidence;
    struct scaled rounded;

    exact_sum_add(&gap, -(double)right);
    rounded = exact_sum_scaled(&gap);
    return (struct scaled){fabs(rounded.value), rounded.exponent};
}

/* Add the sum over a bin of (c - conf_b)^2 - 2 (c - conf_b) (y - acc_b).  It is P - C Q / n_b,
 * where P is the sum of c^2 - 2 c y, C of c, Q of c - 2 y. */
static void add_within(struct exact_sum *within, const struct exact_sum *squares,
                       const struct exact_sum *confidence, const struct calibration_bin *bin)
{
    struct exact_sum mixed = *confidence;
    struct exact_number first, second, product, difference;
    struct dd part;
    int exponent;

    exact_sum_add(&mixed, -2 * (double)bin->right);
    exact_sum_number(confidence, &first);
    exact_sum_number(&mixed, &second);
    exact_number_product(&product, &first, &second);
    exact_sum_number(squares, &first);
    exact_number_multiply(&first, bin->questions);
    exact_number_difference(&difference, &first, &product);
    part = dd_div_double(exact_number_dd(&difference, &exponent), (double)bin->questions);
    exact_sum_add_scaled(within, scaled_make(part.hi, exponent));
    exact_sum_add_scaled(within, scaled_make(part.lo, exponent));
}

/* n_b (acc_b - acc)^2, from k_b n - k n_b = n_b n (acc_b - acc). */
static struct scaled apart_of(const struct calibration_bin *bin,
                              const struct calibration *calibration)
{
    const double n = (double)calibration->questions;
    const int64_t apart = (int64_t)(bin->right * calibration->questions)
                          - (int64_t)(calibration->right * bin->questions);
    const struct scaled share = scaled_over(scaled_make((double)apart, 0), scaled_make(n, 0));

    return scaled_over(scaled_times(share, share), of_count(bin->questions));
}

/* Set a bin to its verdicts, and add what it adds to the sums. */
static void fill(struct calibration_bin *bin, const struct verdict *verdicts,
                 struct calibration *calibration, struct sums *sums)
{
    struct exact_sum confidence, squares;
    struct scaled gap, mean_gap;

    exact_sum_clear(&confidence);
    exact_sum_clear(&squares);
    for (size_t i = 0; i < bin->questions; i++) {
        add_verdict(&confidence, &squares, verdicts[i]);
        bin->right += verdict_is_right(verdicts[i]);
    }
    bin->confidence = mean_of(&confidence, bin->questions);
    gap = gap_of(&confidence, bin->right);
    mean_gap = scaled_over(gap, of_count(bin->questions));
    if (scaled_double(mean_gap) > calibration->mce)
        calibration->mce = scaled_double(mean_gap);
    exact_sum_add_scaled(&sums->gaps, gap);
    exact_sum_add_scaled(&sums->reliability, scaled_times(gap, mean_gap));
    exact_sum_add_scaled(&sums->resolution, apart_of(bin, calibration));
    add_within(&sums->within, &squares, &confidence, bin);
    exact_sum_merge(&sums->confidence, &confidence);
    exact_sum_merge(&sums->squares, &squares);
}

static void fill_all(struct calibration *calibration, struct sums *sums,
                     const struct verdict *sorted, enum binning binning,
                     struct calibration_bin *bins, size_t bin_count)
{
    const size_t count = calibration->questions;
    size_t first = 0;

    for (size_t b = 0; b < bin_count; b++) {
        const bool mass = binning == BINNING_equal_mass;

        bins[b] = (struct calibration_bin){.low = mass ? 0 : edge_of(b, bin_count),
                                           .high = mass ? 0 : edge_of(b + 1, bin_count)};
        bins[b].questions = (mass ? count_mass : count_width)(sorted, first, count, b, bin_count);
        if (bins[b].questions == 0)
            continue;
        fill(&bins[b], sorted + first, calibration, sums);
        first += bins[b].questions;
        if (!mass)
            continue;
        bins[b].low = verdict_confidence(sorted[first - bins[b].questions]);
        bins[b].high = verdict_confidence(sorted[first - 1]);
    }
}

/* ---- selection ---- */

static double auroc_of(const struct verdict *sorted, size_t count, size_t right)
{
    const size_t wrong = count - right;
    uint64_t halves = 0; /* 2 for each pair that is in order, 1 for each that is equal */
    size_t below = wrong, tied;

    for (size_t end = count, tie; end > 0; end -= tie) {
        tie = verdicts_tie(sorted, end, &tied);
        below -= tied;
        halves += (uint64_t)(tie - tied) * (2 * below + tied);
    }
    return (double)halves / (2 * (double)right * (double)wrong);
}

/* The i-th of a tie of m, with e errors, behind N with E errors: the risk is (E + e i / m) / (N +
 * i). */
static double aurc_of(const struct verdict *sorted, size_t count)
{
    struct exact_sum risks;
    size_t before = 0, errors = 0, wrong;

    exact_sum_clear(&risks);
    for (size_t end = count, tie; end > 0; end -= tie) {
        tie = verdicts_tie(sorted, end, &wrong);
        for (size_t i = 1; i <= tie; i++)
            exact_sum_add(&risks,
                          (double)(errors * tie + wrong * i) / (double)(tie * (before + i)));
        before += tie;
        errors += wrong;
    }
    return mean_of(&risks, count);
}

void calibration_of(struct calibration *calibration, const struct verdict *sorted, size_t count,
                    enum binning binning, struct calibration_bin *bins, size_t bin_count)
{
    const double n = (double)count;
    struct sums sums = {0};
    size_t right = 0;

    for (size_t i = 0; i < count; i++)
        right += verdict_is_right(sorted[i]);
    *calibration = (struct calibration){.questions = count, .right = right};
    fill_all(calibration, &sums, sorted, binning, bins, bin_count);
    if (count == 0)
        return;
    calibration->confidence = mean_of(&sums.confidence, count);
    calibration->ece = mean_of(&sums.gaps, count);
    exact_sum_add(&sums.squares, (double)right); /* c^2 - 2 c y + y^2 */
    calibration->brier = mean_of(&sums.squares, count);
    calibration->reliability = mean_of(&sums.reliability, count);
    calibration->resolution = mean_of(&sums.resolution, count);
    calibration->uncertainty = (double)right * (double)(count - right) / (n * n);
    calibration->within_bins = mean_of(&sums.within, count);
    calibration->has_auroc = right > 0 && right < count;
    if (calibration->has_auroc)
        calibration->auroc = auroc_of(sorted, count, right);
    calibration->aurc = aurc_of(sorted, count);
}
