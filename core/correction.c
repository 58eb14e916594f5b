/* correction.c - weights against the mismatch of two policies. */
#include "core/correction.h"

#include <math.h>

/* Where a ratio lies; one that is no number lies inside. */
enum place { BELOW, INSIDE, ABOVE };

static enum place place_of(const struct ratio_bounds *bounds, struct wide ratio)
{
    return wide_compare(ratio, wide_of(bounds->low)) == -1   ? BELOW
           : wide_compare(ratio, wide_of(bounds->high)) == 1 ? ABOVE
                                                             : INSIDE;
}

/* The logarithm of the ratio of token `i`. */
static struct dd log_of(enum ratio_level level, const struct correction_sequence *sequence,
                        size_t i)
{
    switch (level) {
    case RATIO_LEVEL_token:
        return token_log_ratio(sequence->view.p[i], sequence->view.q[i]);
    case RATIO_LEVEL_sequence:
        return wide_dd(sequence->ratio->sum);
    case RATIO_LEVEL_geometric:
    case RATIO_LEVEL_COUNT:
        break;
    }
    return sequence->ratio->mean;
}

static struct wide ratio_of(const struct ratio_bounds *bounds,
                            const struct correction_sequence *sequence, size_t i)
{
    return wide_exp(log_of(bounds->level, sequence, i));
}

size_t correction_reject(const struct ratio_bounds *bounds, struct correction_sequence *sequence)
{
    size_t rejected = 0;

    for (size_t i = 0; i < sequence->view.length; i++) {
        sequence->rejected[i] =
            sequence->view.counts[i] && place_of(bounds, ratio_of(bounds, sequence, i)) != INSIDE;
        rejected += sequence->rejected[i];
    }
    return rejected;
}

/* The weight, before it is divided. */
static struct wide weight_of(const struct correction *correction,
                             const struct correction_sequence *sequence, size_t i)
{
    const struct ratio_bounds *bounds = &correction->bounds;
    const struct wide ratio = ratio_of(bounds, sequence, i);
    const enum place place = place_of(bounds, ratio);

    if (place == INSIDE)
        return ratio;
    switch (correction->mode) {
    case CORRECTION_truncate:
        return place == ABOVE ? wide_of(bounds->high) : ratio;
    case CORRECTION_clip:
        return wide_of(place == ABOVE ? bounds->high : bounds->low);
    case CORRECTION_mask:
    case CORRECTION_COUNT:
        break;
    }
    return wide_of(0);
}

static bool counts(const struct correction_sequence *sequence, size_t i)
{
    return sequence->view.counts[i] && !(sequence->rejected && sequence->rejected[i]);
}

/* The largest of the weights that count; NaN if one is. */
static struct wide largest_of(const struct weigher *weigher,
                              const struct correction_sequence *sequences, size_t count)
{
    struct wide most = wide_of(0);

    for (size_t s = 0; s < count; s++) {
        for (size_t i = 0; i < sequences[s].view.length; i++) {
            struct wide weight;

            if (!counts(&sequences[s], i))
                continue;
            weight = weigher_weight(weigher, &sequences[s], i);
            if (isnan(weight.value.hi))
                return weight;
            if (wide_compare(weight, most) == 1)
                most = weight;
        }
    }
    return most;
}

/* Add the weights that count, in a unit: of tokens, or one of the sequence. */
static void add_weights(struct moments *weights, const struct weigher *weigher,
                        const struct correction_sequence *sequence, struct wide unit,
                        bool of_tokens)
{
    for (size_t i = 0; i < sequence->view.length; i++) {
        if (!counts(sequence, i))
            continue;
        moments_add_dd(weights, wide_dd(wide_over(weigher_weight(weigher, sequence, i), unit)));
        if (!of_tokens)
            return;
    }
}

/* As parts of the largest weight, so that none is too small for doubles. */
struct wide correction_mean(const struct correction *correction,
                            const struct correction_sequence *sequences, size_t count)
{
    const struct weigher weigher = {correction, wide_of(1)};
    const bool of_tokens = correction->bounds.level == RATIO_LEVEL_token;
    struct moments weights;
    struct wide most;

    if (!correction->normalize)
        return wide_of(1);
    most = largest_of(&weigher, sequences, count);
    if (most.value.hi == 0)
        return wide_of(1);
    moments_clear(&weights);
    for (size_t s = 0; s < count; s++)
        add_weights(&weights, &weigher, &sequences[s], most, of_tokens);
    return wide_times(most, wide_mean(&weights.x, weights.count));
}

struct wide weigher_weight(const struct weigher *weigher,
                           const struct correction_sequence *sequence, size_t token)
{
    return wide_over(weight_of(weigher->correction, sequence, token), weigher->mean);
}

double weigher_mean(const struct weigher *weigher, const struct correction_sequence *sequence)
{
    struct exact_sum sum;
    size_t n = 0;

    exact_sum_clear(&sum);
    for (size_t i = 0; i < sequence->view.length; i++) {
        if (sequence->view.counts[i]) {
            wide_add_to(&sum, weigher_weight(weigher, sequence, i));
            n++;
        }
    }
    return wide_double(wide_mean(&sum, n));
}

/* Tokens that count whose ratio lies there. */
static size_t tokens_at(const struct ratio_bounds *bounds,
                        const struct correction_sequence *sequence, enum place place)
{
    size_t tokens = 0;

    for (size_t i = 0; i < sequence->view.length; i++)
        tokens += counts(sequence, i) && place_of(bounds, ratio_of(bounds, sequence, i)) == place;
    return tokens;
}

/* The spread of the weights, which are >= 0, and the share: of no weight in particular. */
static void spread_weights(struct correction_totals *totals, const struct weigher *weigher,
                           const struct correction_sequence *sequences, size_t count,
                           double *scratch)
{
    const struct wide most = largest_of(weigher, sequences, count);
    struct moments weights, parts;
    size_t n = 0;

    moments_clear(&weights);
    moments_clear(&parts);
    for (size_t s = 0; s < count; s++) {
        add_weights(&weights, weigher, &sequences[s], wide_of(1), true);
        add_weights(&parts, weigher, &sequences[s], most, true);
        for (size_t i = 0; i < sequences[s].view.length; i++)
            if (counts(&sequences[s], i))
                scratch[n++] = wide_double(weigher_weight(weigher, &sequences[s], i));
    }
    totals->share = effective_share(&parts);
    if (isnan(most.value.hi))
        return;
    totals->weight = spread_from(&weights, scratch);
    spread_percentiles(&totals->weight, scratch);
}

void correction_totals_of(struct correction_totals *totals, const struct weigher *weigher,
                          const struct correction_sequence *sequences, size_t count,
                          double *scratch)
{
    const struct ratio_bounds *bounds = &weigher->correction->bounds;
    size_t above = 0, below = 0, n = 0;

    *totals = (struct correction_totals){0};
    spread_weights(totals, weigher, sequences, count, scratch);
    for (size_t s = 0; s < count; s++) {
        above += tokens_at(bounds, &sequences[s], ABOVE);
        below += tokens_at(bounds, &sequences[s], BELOW);
        for (size_t i = 0; i < sequences[s].view.length; i++)
            n += counts(&sequences[s], i);
    }
    totals->above = (double)above / (double)n;
    totals->below = (double)below / (double)n;
}
