/* starts_numbers.c - the structures of lists of numbers from which a search begins. */
#include "tests/worst/starts.h"

#include <float.h>
#include <math.h>

/* Write both lists: runs of the same counts, so that numbers stay in pairs. */
static void add(struct candidate *candidate, double a, double b, size_t count)
{
    list_add(&candidate->list[0], a, count);
    list_add(&candidate->list[1], b, count);
}

/* As of a model: log-probabilities, and numbers like them. */
static void start_plain(struct candidate *candidate, struct draws *draws)
{
    for (size_t i = 2 + draw_below(draws, 30); i > 0; i--) {
        const double a = -draw_power(draws, -20, 6), noise = draw_signed(draws, -60, 3);

        add(candidate, a, draw_below(draws, 4) ? a + noise : -draw_power(draws, -20, 6), 1);
    }
}

/* All but the same: deviations are units in the last place. */
static void start_constant(struct candidate *candidate, struct draws *draws)
{
    const double a = draw_signed(draws, -4, 4), b = draw_signed(draws, -4, 4);

    add(candidate, a, b, draw_width(draws, 300));
    add(candidate, nextafter(a, 0), draw_below(draws, 2) ? b : nextafter(b, 0), 1);
}

/* Large terms that cancel, and a small one that remains. */
static void start_cancelling(struct candidate *candidate, struct draws *draws)
{
    const double large = draw_signed(draws, 0, 1000), small = draw_signed(draws, -1000, 0);

    add(candidate, large, -1, 1);
    add(candidate, small, large, 1 + draw_below(draws, 3));
    add(candidate, -large, -1, 1);
    add(candidate, draw_signed(draws, -1000, 0), -large, 1);
}

/* Terms that are each half a unit of the sum. */
static void start_halves(struct candidate *candidate, struct draws *draws)
{
    const double top = draw_signed(draws, -3, 3);

    for (size_t i = 0; i < 8; i++)
        add(candidate, ldexp(top, -53 * (int)i), ldexp(top, -27 * (int)i),
            1 + draw_below(draws, 3));
}

/* Squares overflow, or vanish. */
static void start_large(struct candidate *candidate, struct draws *draws)
{
    const double size =
        draw_below(draws, 2) ? draw_power(draws, 500, 1023) : draw_power(draws, -1074, -500);

    for (size_t i = 2 + draw_below(draws, 6); i > 0; i--) {
        const double a = size * draw_between(draws, -1, 1);

        add(candidate, a, size * draw_between(draws, -1, 1), 1 + draw_below(draws, 3));
    }
}

/* Of many sizes. */
static void start_mixed(struct candidate *candidate, struct draws *draws)
{
    for (size_t i = 2 + draw_below(draws, 20); i > 0; i--) {
        const double a = draw_signed(draws, -1074, 1023);

        add(candidate, a, draw_signed(draws, -1074, 1023), 1);
    }
}

/* The second is the first times a constant: the correlation is 1, all residuals are small. */
static void start_proportional(struct candidate *candidate, struct draws *draws)
{
    const double ratio = draw_signed(draws, -8, 8), noise = draw_power(draws, -54, -20);

    for (size_t i = 2 + draw_below(draws, 12); i > 0; i--) {
        const double b = floor(draw_power(draws, 0, 12));

        add(candidate, b * ratio * (1 + noise * draw_between(draws, -1, 1)), b, 1);
    }
}

start_f *const starts_numbers[] = {start_plain, start_constant, start_cancelling,   start_halves,
                                   start_large, start_mixed,    start_proportional, NULL};
