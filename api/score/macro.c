/* macro.c - means over the sequences of a request. */
#include "api/score/macro.h"

#include "core/moments.h"

#include <math.h>

/* A number of a sequence; NaN: it has none. */
typedef double number_of_f(const struct scored *scored, enum objective_id id);

static double on_scale(enum measure_scale scale, const struct tally *tally, size_t size)
{
    double value;

    return measure_on(scale, tally->log_prob, (double)size, &value) ? value : (double)NAN;
}

static double loss_of_sequence(const struct scored *scored, enum objective_id id)
{
    const struct tally tally = scored_tally(scored, id);

    return 0 - on_scale(SCALE_MEAN, &tally, tally.tokens);
}

static double perplexity_of(const struct scored *scored, enum objective_id id)
{
    const struct tally tally = scored_tally(scored, id);

    return on_scale(SCALE_PERPLEXITY, &tally, tally.tokens);
}

static const struct text_sizes *sizes_of(const struct scored *scored, enum objective_id id)
{
    return text_sizes_of(scored->plan.sizes, objective_at(id));
}

static double bits_of(const struct scored *scored, enum objective_id id)
{
    const struct tally tally = scored_tally(scored, id);

    return on_scale(SCALE_BITS, &tally, sizes_of(scored, id)->of[UNIT_BYTES]);
}

static struct macro_mean mean_of(const struct scores *scores, enum objective_id id,
                                 number_of_f *number_of, double *values)
{
    struct macro_mean found = {0};
    struct moments moments;
    struct scaled mean, error;
    size_t count = 0;

    for (size_t i = 0; i < scores->count; i++)
        if (scores->sequences[i]->plan.objectives >> id & 1)
            values[count++] = number_of(scores->sequences[i], id);
    moments_of(&moments, values, count);
    found.has_mean = moments_mean(&moments, &mean);
    if (found.has_mean)
        found.mean = scaled_double(mean);
    found.has_error =
        found.has_mean && moments_error(&moments, &error) && scaled_fits(error, &found.error);
    return found;
}

void macro_make(struct macro *macro, const struct scores *scores, enum objective_id id,
                double *values)
{
    *macro = (struct macro){.has_bytes = true};
    for (size_t i = 0; i < scores->count; i++) {
        const struct scored *scored = scores->sequences[i];

        if (!(scored->plan.objectives >> id & 1))
            continue;
        macro->sequences++;
        macro->has_bytes &= sizes_of(scored, id)->known >> UNIT_BYTES & 1;
    }
    macro->loss = mean_of(scores, id, loss_of_sequence, values);
    macro->perplexity = mean_of(scores, id, perplexity_of, values);
    if (macro->has_bytes)
        macro->bits_per_byte = mean_of(scores, id, bits_of, values);
}

static void put_mean(struct strbuf *text, const char *name, const struct macro_mean *mean)
{
    put_name(text, name);
    strbuf_puts(text, "{");
    put_number_or_null(text, "mean", mean->has_mean, mean->mean);
    put_number_or_null(text, "standard_error", mean->has_error, mean->error);
    strbuf_puts(text, "}");
}

void macro_put(struct strbuf *text, const struct macro *macro)
{
    put_name(text, "macro");
    strbuf_puts(text, "{");
    put_count(text, "sequences", macro->sequences);
    put_mean(text, "loss", &macro->loss);
    put_mean(text, "perplexity", &macro->perplexity);
    if (macro->has_bytes)
        put_mean(text, "bits_per_byte", &macro->bits_per_byte);
    strbuf_puts(text, "}");
}
