/* starts_pair.c - the structures of two rows from which a search begins. */
#include "tests/worst/starts.h"

#include <float.h>
#include <math.h>

/* b as a, run by run. */
static void both(struct candidate *candidate)
{
    candidate->list[1] = candidate->list[0];
    candidate->knob[KNOB_TEMPERATURE_B] = candidate->knob[KNOB_TEMPERATURE];
    candidate->knob[KNOB_SOFTCAP_B] = candidate->knob[KNOB_SOFTCAP];
}

static void begin(struct candidate *candidate, struct draws *draws)
{
    size_t rows = 0;

    while (starts_row[rows])
        rows++;
    starts_row[draw_below(draws, rows)](candidate, draws);
    both(candidate);
}

/* Two models that are all but the same: every difference is of one size. */
static void start_near(struct candidate *candidate, struct draws *draws)
{
    const double size = draw_power(draws, -60, 2);

    begin(candidate, draws);
    for (size_t i = 0; i < candidate->list[1].runs; i++)
        candidate->list[1].run[i].value += size * draw_between(draws, -1, 1);
}

/* One logit differs. */
static void start_one(struct candidate *candidate, struct draws *draws)
{
    begin(candidate, draws);
    candidate->list[1].run[draw_below(draws, candidate->list[1].runs)].value +=
        draw_signed(draws, -60, 6);
}

/* A few tokens beside zero, where tiny differences are numbers: [2.5, 0, 0], [2.5, 3e-9, 3e-9]. */
static void start_beside_zero(struct candidate *candidate, struct draws *draws)
{
    const double top = draw_between(draws, 0, 5), size = draw_power(draws, -500, -1);

    list_add(&candidate->list[0], top, 1);
    list_add(&candidate->list[0], 0, 1 + draw_below(draws, 4));
    both(candidate);
    candidate->list[1].run[1].value = size;
    if (draw_below(draws, 2))
        list_add(&candidate->list[1], -size, 1);
    if (draw_below(draws, 2))
        list_add(&candidate->list[0], -DBL_MAX, 1);
}

/* The same distribution, moved by a constant. */
static void start_moved(struct candidate *candidate, struct draws *draws)
{
    const double by = draw_signed(draws, -20, 30);

    begin(candidate, draws);
    for (size_t i = 0; i < candidate->list[1].runs; i++)
        candidate->list[1].run[i].value += by;
    candidate->list[1].run[0].value *= 1 + draw_signed(draws, -60, -1);
}

/* One row in two temperatures, or under a softcap. */
static void start_other_temperature(struct candidate *candidate, struct draws *draws)
{
    begin(candidate, draws);
    candidate->knob[KNOB_TEMPERATURE_B] *= 1 + fabs(draw_signed(draws, -52, 1));
    if (draw_below(draws, 2))
        candidate->knob[KNOB_SOFTCAP_B] = draw_power(draws, 0, 10);
}

/* Two rows that have nothing to do with each other. */
static void start_strangers(struct candidate *candidate, struct draws *draws)
{
    static struct list kept;

    begin(candidate, draws);
    kept = candidate->list[1];
    candidate->list[0].runs = candidate->list[0].loop = candidate->list[0].end = 0;
    begin(candidate, draws);
    candidate->list[1] = kept;
}

/* Ratios of probabilities about e^(1/4), where one formula ends and another begins. */
static void start_border(struct candidate *candidate, struct draws *draws)
{
    const double border = draw_below(draws, 2) ? 0.25 : -0.25;

    begin(candidate, draws);
    for (size_t i = 0; i < candidate->list[1].runs; i++)
        candidate->list[1].run[i].value += border + draw_signed(draws, -50, -6);
}

/* A side so cold that only its winner has a probability; the other has more than that one. */
static void start_cold(struct candidate *candidate, struct draws *draws)
{
    const double size = draw_power(draws, -2, 8);

    for (size_t i = 2 + draw_below(draws, 4); i > 0; i--) {
        list_add(&candidate->list[0], size * draw_between(draws, -1, 1), 1);
        list_add(&candidate->list[1], 8 * draw_unit(draws), 1);
    }
    candidate->knob[KNOB_TEMPERATURE] = draw_power(draws, -1019, 0);
    candidate->knob[KNOB_TEMPERATURE_B] = draw_power(draws, 0, 3);
}

start_f *const starts_pair[] = {
    start_near,      start_one,    start_beside_zero, start_moved, start_other_temperature,
    start_strangers, start_border, start_cold,        NULL};
