/* starts.c - draws, and the structures of rows from which a search begins. */
#include "tests/worst/starts.h"

#include <float.h>
#include <math.h>

#define LN2 0x1.62e42fefa39efp-1
#define HALF_ULP 36.7368005696771 /* 53 ln 2: a term that is half an ulp of the sum */

/* ---- draws ---- */

double draw_unit(struct draws *draws)
{
    return (double)(prng_next(draws) >> 11) * 0x1p-53;
}

double draw_between(struct draws *draws, double low, double high)
{
    return low + (high - low) * draw_unit(draws);
}

double draw_signed(struct draws *draws, double low, double high)
{
    const double power = draw_power(draws, low, high);

    return draw_below(draws, 2) ? power : -power;
}

size_t draw_below(struct draws *draws, size_t count)
{
    return prng_below(draws, (uint32_t)count);
}

double draw_power(struct draws *draws, double low, double high)
{
    const double power = draw_between(draws, low, high), whole = floor(power);

    return ldexp(1 + (power - whole), (int)whole);
}

size_t draw_width(struct draws *draws, size_t widest)
{
    static const size_t borders[] = {1,    2,    3,    15,    16,     17,     31,
                                     128,  255,  256,  257,   768,    1024,   2047,
                                     2048, 2049, 4096, 32000, 131072, 1048575};
    const size_t width = borders[draw_below(draws, sizeof borders / sizeof *borders)];

    return width <= widest ? width : 1 + draw_below(draws, widest < 64 ? widest : 64);
}

/* ---- rows ---- */

/* A logit of a row with its top at `top`: `distance` nats below. */
static void add(struct candidate *candidate, double top, double distance, size_t count)
{
    list_add(&candidate->list[0], top - candidate->knob[KNOB_TEMPERATURE] * distance, count);
}

static double draw_top(const struct candidate *candidate, struct draws *draws)
{
    static const double tops[] = {0, 0, 0.0146, 1, 20, -30, 434.56, -700, 65504, 1e6, 1e30, -1e30};
    const double top = tops[draw_below(draws, sizeof tops / sizeof *tops)];

    return top * (candidate->knob[KNOB_TEMPERATURE] < 1 ? candidate->knob[KNOB_TEMPERATURE] : 1);
}

/* A winner, and many that are equal: the error of one exponential. */
static void start_equal(struct candidate *candidate, struct draws *draws)
{
    const double top = draw_top(candidate, draws), distance = draw_between(draws, 0, 45);

    if (draw_below(draws, 2))
        add(candidate, top, 0, 1);
    add(candidate, top, distance, draw_width(draws, 4096));
    if (draw_below(draws, 2))
        add(candidate, top, 0, 1);
}

/* Each chunk begins with large terms; the others vanish one by one.  The winner is far above. */
static void start_chain(struct candidate *candidate, struct draws *draws)
{
    add(candidate, 0.0146, 0, 16);
    add(candidate, 0.0146, draw_between(draws, 36, 37.5), 240);
    list_repeat(&candidate->list[0], 0, 1 + draw_below(draws, 16));
    add(candidate, 434.56, 0, 1);
}

/* A staircase: the terms of a step are a little below half an ulp of the sum of those before, in
 * chains or in trees of any stride. */
static void start_staircase(struct candidate *candidate, struct draws *draws)
{
    const size_t steps = (size_t)1 << (1 + draw_below(draws, 4));
    const size_t stride = (size_t)1 << draw_below(draws, 9);
    const double top = draw_top(candidate, draws);
    const double depth = draw_between(draws, 35.9, 36.8);
    const double slope = draw_below(draws, 2) ? 0 : draw_between(draws, 0, LN2 * 2);

    for (size_t step = 0; step < steps; step++)
        add(candidate, top, step == 0 ? 0 : depth - slope * (double)step, stride);
    list_repeat(&candidate->list[0], 0, 1 + draw_below(draws, 4));
    add(candidate, top, -draw_between(draws, 0, 500), 1);
}

/* The same, with steps that all are of one ratio. */
static void start_slope(struct candidate *candidate, struct draws *draws)
{
    const size_t steps = 2 + draw_below(draws, 60), count = (size_t)1 << draw_below(draws, 5);
    const double step = draw_power(draws, -8, 5), top = draw_top(candidate, draws);
    const bool rising = draw_below(draws, 2) == 1;

    for (size_t i = 0; i < steps; i++)
        add(candidate, top, step * (double)(rising ? steps - 1 - i : i), count);
}

/* Larger logits come in later blocks: the origin is raised, or stays up to 32 too low. */
static void start_late(struct candidate *candidate, struct draws *draws)
{
    const double rise = draw_below(draws, 2) ? 31.9 * LN2 : draw_between(draws, 0, 100);
    const double top = draw_top(candidate, draws);

    for (size_t block = 4; block-- > 0;)
        add(candidate, top, rise * (double)block, 2047 + draw_below(draws, 3));
    if (draw_below(draws, 2))
        add(candidate, top, -draw_between(draws, 0, 600), 1);
}

/* One far above a whole vocabulary. */
static void start_lonely(struct candidate *candidate, struct draws *draws)
{
    const size_t before = draw_width(draws, ROW_MAX_WIDTH) - 1;

    list_add(&candidate->list[0], -30, before);
    list_add(&candidate->list[0], draw_below(draws, 2) ? 600 : draw_between(draws, -30, 20), 1);
    list_add(&candidate->list[0], -30, draw_width(draws, 2048));
    if (list_width(&candidate->list[0]) > ROW_MAX_WIDTH)
        candidate->list[0].run[0].count = ROW_MAX_WIDTH / 2;
}

/* As of a model. */
static void start_random(struct candidate *candidate, struct draws *draws)
{
    const double top = draw_top(candidate, draws), width = draw_power(draws, -20, 9);
    const size_t count = 1 + draw_below(draws, RUNS);

    for (size_t i = 0; i < count; i++)
        add(candidate, top, width * (draw_unit(draws) + draw_unit(draws)), 1);
}

/* Half-way between the sixteenths of log2, where r is largest. */
static void start_halfway(struct candidate *candidate, struct draws *draws)
{
    const size_t count = 1 + draw_below(draws, 40);

    add(candidate, 0, draw_below(draws, 2) ? 0 : -40, 1);
    for (size_t i = 0; i < count; i++) {
        const double odd = (double)(1 + 2 * draw_below(draws, 800));

        add(candidate, 0, LN2 / 32 * odd, draw_width(draws, 300));
    }
}

/* Two tokens, or few, where the smaller probability is tiny or subnormal. */
static void start_confident(struct candidate *candidate, struct draws *draws)
{
    const double top = draw_top(candidate, draws);

    add(candidate, top, 0, 1);
    for (size_t i = 1 + draw_below(draws, 2); i > 0; i--) {
        const double distance = draw_between(draws, 30, 746);

        add(candidate, top, distance, draw_width(draws, 300));
    }
}

/* Ties and all but ties. */
static void start_ties(struct candidate *candidate, struct draws *draws)
{
    const double top = draw_top(candidate, draws) + draw_between(draws, -2, 2);
    double logit = top;

    for (size_t i = 1 + draw_below(draws, 20); i > 0; i--) {
        list_add(&candidate->list[0], logit, draw_width(draws, 300));
        logit = draw_below(draws, 2) ? nextafter(logit, -HUGE_VAL) : top;
    }
}

/* Logits from one end of the numbers to the other; temperature and softcap of their size. */
static void start_extreme(struct candidate *candidate, struct draws *draws)
{
    const double size = draw_power(draws, -1074, 1023.9);
    const double temperature = size * draw_power(draws, -12, 3);

    if (candidate->dtype == DTYPE_F64 && temperature >= 1e-307 && temperature <= 1e308)
        candidate->knob[KNOB_TEMPERATURE] = temperature;
    for (size_t i = 2 + draw_below(draws, 12); i > 0; i--) {
        const double logit = size * draw_between(draws, -1, 1);

        list_add(&candidate->list[0], logit, draw_width(draws, 20));
    }
    list_add(&candidate->list[0], draw_below(draws, 2) ? size : -size, 1);
}

/* Masks, zeros of both signs, subnormal numbers. */
static void start_odd(struct candidate *candidate, struct draws *draws)
{
    static const double odd[] = {-HUGE_VAL, 0.0,     -0.0, 0x1p-1074, -0x1p-1074,
                                 DBL_MIN,   -1e-310, 1,    -1};

    list_add(&candidate->list[0], draw_between(draws, -1, 1), 1);
    for (size_t i = 1 + draw_below(draws, 12); i > 0; i--) {
        const double logit = odd[draw_below(draws, sizeof odd / sizeof *odd)];

        list_add(&candidate->list[0], logit, draw_width(draws, 300));
    }
}

/* A softcap that the logits fill, or that all of them exceed. */
static void start_capped(struct candidate *candidate, struct draws *draws)
{
    const double size = draw_power(draws, -3, 7);
    const double cap = size * candidate->knob[KNOB_TEMPERATURE] * draw_power(draws, -6, 3);

    if (cap >= 1e-307 && cap <= 1e308)
        candidate->knob[KNOB_SOFTCAP] = cap;
    for (size_t i = 2 + draw_below(draws, 12); i > 0; i--) {
        const double distance = size * draw_between(draws, -1, 1);

        add(candidate, 0, distance, draw_width(draws, 20));
    }
}

start_f *const starts_row[] = {start_equal,     start_chain,  start_staircase, start_slope,
                               start_late,      start_lonely, start_random,    start_halfway,
                               start_confident, start_ties,   start_extreme,   start_odd,
                               start_capped,    NULL};
