/* bits.c - a digest of what each kernel makes of the same rows, to be compared between machines.
 *
 * Prints "KERNEL DIGEST" for every kernel that runs here.  Needs nothing but core/ and libm. */
#include "tests/unit/rows.h"

#include "core/choice.h"
#include "core/comparison.h"
#include "core/cpu.h"
#include "core/divergence.h"
#include "core/kept_row.h"
#include "core/kernels.h"
#include "core/log_sum.h"

#include <math.h>
#include <stdio.h>

#define LIST 30

/* FNV-1a */
static uint64_t digest_add(uint64_t digest, const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        digest = (digest ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
    return digest;
}

static uint64_t digest_double(uint64_t digest, double value)
{
    return digest_add(digest, &value, sizeof value);
}

/* What samplers keep. */
static uint64_t digest_kept(uint64_t digest, const struct kernel *kernel, const struct row *row,
                            const struct transform *transform)
{
    static const struct sampling samplings[] = {{0, 0.9, 0}, {40, 0.5, 0.01}, {0, 0, 0.2}};
    static double room[64000];
    struct row_stats stats;
    struct row_fault fault;

    for (size_t i = 0; row->width <= 5000 && i < sizeof samplings / sizeof *samplings; i++) {
        if (!kept_row_reduce(kernel, row, transform, &samplings[i], 0, room, &stats, &fault))
            continue;
        digest = digest_add(digest, &stats.kept, sizeof stats.kept);
        digest = digest_double(digest_double(digest, stats.least), stats.mass);
    }
    return digest;
}

static uint64_t digest_row(uint64_t digest, const struct kernel *kernel, const struct row *row,
                           const struct transform *transform)
{
    struct row_stats stats;
    struct row_fault fault;
    struct ranked best[5];
    struct order order = {.wants_above = true, .count = 5, .best = best};
    double nll;

    memset(&stats, 0, sizeof stats);
    if (!kernel->reduce(row, transform, ROW_ENTROPY | ROW_SPREAD | ROW_VARIATION, &stats, &fault))
        return digest_add(digest, "fault", 5);
    order.logit = row_logit(row, row->width / 2);
    nll = row_nll(&stats, transform, order.logit);
    kernel->order(row, &order);
    digest = digest_add(digest, &stats, sizeof stats);
    digest = digest_add(digest, &nll, sizeof nll);
    digest = digest_add(digest, &order.above, sizeof order.above);
    for (size_t i = 0; i < order.found; i++)
        digest = digest_add(digest, &best[i].token, sizeof best[i].token);
    return digest;
}

/* How two rows of one kind differ. */
static uint64_t digest_pair(uint64_t digest, const struct kernel *kernel, const struct row *a,
                            const struct row *b, const struct transform *transform)
{
    const struct row *const row[] = {a, b};
    struct row_stats stats[2] = {{.argmax = 0}};
    struct side side[2];
    struct divergence apart;
    struct row_fault fault;

    for (size_t i = 0; i < 2; i++) {
        if (row[i]->width > 5000 || !kernel->reduce(row[i], transform, 0, &stats[i], &fault))
            return digest;
        side[i] = (struct side){row[i], transform, &stats[i]};
    }
    apart = divergence_of(kernel, &side[0], &side[1]);
    digest = digest_double(digest_double(digest, apart.kl_ab), apart.kl_ba);
    return digest_double(digest_double(digest, apart.jsd), apart.total_variation);
}

static uint64_t digest_comparison(uint64_t digest, const struct comparison *c)
{
    const struct figure *const figures[] = {&c->perplexity[0], &c->perplexity_error[0],
                                            &c->perplexity[1], &c->perplexity_error[1],
                                            &c->difference,    &c->mean,
                                            &c->mean_error,    &c->correlation,
                                            &c->ratio,         &c->ratio_error,
                                            &c->apart,         &c->apart_error};

    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        digest = digest_double(digest, figures[i]->known ? figures[i]->value : 0);
    return digest;
}

static uint64_t digest_spread(uint64_t digest, double *values, size_t count)
{
    struct spread spread = spread_of(values, count);

    spread_percentiles(&spread, values);
    digest = digest_double(digest, spread.mean);
    digest = digest_double(digest, spread.error.value);
    digest = digest_double(digest, spread.root_mean_square.value);
    return digest_add(digest, spread.percentile, sizeof spread.percentile);
}

static uint64_t digest_choices(uint64_t digest, const double *log_prob, size_t count)
{
    struct choice choices[LIST] = {0};
    double probability[LIST], expected;

    for (size_t i = 0; i < count; i++)
        choices[i] =
            (struct choice){.log_prob = log_prob[i], .has_value = true, .value = (double)i - 3};
    choices_probabilities(choices, count, probability);
    choices_expected(choices, count, &expected);
    digest = digest_add(digest, probability, count * sizeof *probability);
    digest = digest_double(digest, choices_mass(choices, count));
    digest = digest_double(digest, choices_brier(probability, count, 0));
    digest = digest_double(digest, log_sum(log_prob, count));
    return digest_double(digest, expected);
}

/* Sums, means and errors of lists, of which some are nearly equal or far apart. */
static uint64_t digest_lists(uint64_t digest)
{
    uint64_t state = 1;

    for (size_t n = 0; n < 200; n++) {
        const size_t count = 2 + random_below(&state, LIST - 2);
        const double near = ldexp(1, -(int)random_below(&state, 52));
        double a[LIST], b[LIST], change[LIST];
        struct comparison comparison;

        for (size_t i = 0; i < count; i++) {
            a[i] = -ldexp(random_unit(&state), (int)(n % 12));
            b[i] = a[i] * (1 + near * random_unit(&state));
            change[i] = comparison_change(a[i], b[i]).hi;
        }
        comparison = comparison_of(a, b, count);
        digest = digest_comparison(digest, &comparison);
        digest = digest_choices(digest, a, count);
        digest = digest_spread(digest, change, count);
    }
    return digest;
}

static uint64_t digest_kernel(const struct kernel *kernel)
{
    static const size_t widths[] = {1, 2, 15, 16, 17, 255, 256, 257, 600, 2048, 2500, 5000, 32000};
    const struct transform transforms[] = {transform_make(1, 0), transform_make(0.7, 0),
                                           transform_make(1.3, 30)};
    uint64_t digest = digest_lists(0xcbf29ce484222325);

    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        for (enum kind kind = 0; kind < KINDS; kind++)
            for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++) {
                const struct transform *transform = &transforms[(w + (size_t)kind) % 3];
                struct sample s = sample_make(kind, dtype, widths[w], 9);
                struct sample other = sample_make(kind, dtype, widths[w], 10);

                digest = digest_row(digest, kernel, &s.row, transform);
                digest = digest_kept(digest, kernel, &s.row, transform);
                digest = digest_pair(digest, kernel, &s.row, &other.row, transform);
                sample_free(&other);
                sample_free(&s);
            }
    return digest;
}

int main(void)
{
    const struct kernel *kernel;

    for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)) != NULL; k++)
        printf("%s %016llx\n", kernel->name, (unsigned long long)digest_kernel(kernel));
    return 0;
}
