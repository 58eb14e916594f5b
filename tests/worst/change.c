/* change.c - a random change of a candidate. */
#include "tests/worst/change.h"

#include "tests/worst/narrow.h"

#include <float.h>
#include <math.h>

/* ---- what is allowed ---- */

static double logit_fit(enum dtype dtype, double value)
{
    char bytes[8];

    if (value == -HUGE_VAL)
        return value;
    value = fmin(fmax(value, -DBL_MAX), DBL_MAX);
    narrow(dtype, value, bytes);
    dtype_widen(dtype, bytes, 1, &value);
    return value;
}

static double fit(enum kind kind, enum dtype dtype, double value)
{
    if (isnan(value))
        value = 0;
    switch (kind) {
    case KIND_LOGITS:
        return logit_fit(dtype, value);
    case KIND_LOG_PROBS:
        return -fmin(fabs(value), DBL_MAX);
    case KIND_COUNTS:
        return fmin(fmax(floor(fabs(value)), 1), 0x1p40);
    case KIND_WEIGHTS:
        return fmin(fabs(value), DBL_MAX);
    case KIND_VALUES:
        return fmin(fmax(value, -1e100), 1e100);
    case KIND_NUMBERS:
    case KIND_NONE:
        break;
    }
    return fmin(fmax(value, -DBL_MAX), DBL_MAX);
}

/* Make the loop one, and halve repetitions and runs of a list that is too wide. */
static void list_fit(struct list *list, size_t widest)
{
    list->runs = list->runs < widest ? list->runs : widest;
    list->end = list->end < list->runs ? list->end : list->runs;
    list->loop = list->loop < list->end ? list->loop : list->end;
    list->repeat = list->loop == list->end || list->repeat == 0 ? 1 : list->repeat;
    if (list->loop == list->end)
        list->loop = list->end = 0;
    while (list_width(list) > widest) {
        if (list->repeat > 1)
            list->repeat /= 2;
        for (size_t i = 0; i < list->runs && list->repeat == 1; i++)
            list->run[i].count -= list->run[i].count / 2 * (list->run[i].count > 1);
    }
}

static double knob_fit(enum knob knob, double value)
{
    const struct knob_info *info = &knob_infos[knob];

    if (isnan(value))
        return info->usual;
    if (info->usual == 0 && value < info->low) /* none */
        return 0;
    value = fmin(fmax(value, info->low), info->high);
    return knob == KNOB_TARGET ? floor(value) : value;
}

void change_fit(struct candidate *candidate, const struct shape *shape)
{
    double *knob = candidate->knob;

    for (size_t l = 0; l < 2; l++) {
        struct list *list = &candidate->list[l];

        if (shape->kind[l] == KIND_NONE)
            list->runs = 0;
        for (size_t i = 0; i < list->runs; i++)
            list->run[i].value = fit(shape->kind[l], candidate->dtype, list->run[i].value);
        list_fit(list, shape->widest);
    }
    for (enum knob i = 0; i < KNOB_COUNT; i++)
        knob[i] = shape->knobs & 1U << i ? knob_fit(i, knob[i]) : knob_infos[i].usual;
    if (knob[KNOB_SOFTCAP] / knob[KNOB_TEMPERATURE] > 0x1p60)
        knob[KNOB_SOFTCAP] = knob_fit(KNOB_SOFTCAP, knob[KNOB_TEMPERATURE]);
    if (knob[KNOB_SOFTCAP_B] / knob[KNOB_TEMPERATURE_B] > 0x1p60)
        knob[KNOB_SOFTCAP_B] = knob_fit(KNOB_SOFTCAP_B, knob[KNOB_TEMPERATURE_B]);
}

/* ---- changes of a number ---- */

/* By some units in the last place. */
static double nudge(double value, struct draws *draws)
{
    int exponent;
    const double most = draw_below(draws, 2) ? 4 : 40;

    frexp(value, &exponent);
    return value + draw_signed(draws, 0, most) * ldexp(1, exponent - 53);
}

static double number_change(double value, struct draws *draws)
{
    switch (draw_below(draws, 8)) {
    case 0:
        return value * draw_power(draws, -1, 1);
    case 1:
        return value * (1 + draw_signed(draws, -30, 0));
    case 2:
        return value + draw_signed(draws, -20, 5);
    case 3:
        return draw_below(draws, 8) ? rint(value * 8) / 8 : -value;
    default:
        return nudge(value, draws);
    }
}

/* ---- changes of a list ---- */

/* Where a change is made. */
struct place {
    struct list *list;  /* not empty */
    double temperature; /* of the candidate */
    struct draws *draws;
};

typedef void list_change_f(const struct place *place);

static struct run *any(const struct place *place)
{
    return &place->list->run[draw_below(place->draws, place->list->runs)];
}

static void one_number(const struct place *place)
{
    struct draws *draws = place->draws;
    struct run *run = any(place);

    run->value = number_change(run->value, draws);
}

/* To a distance from another number that matters to sums. */
static void one_aimed(const struct place *place)
{
    struct draws *draws = place->draws;
    static const double distances[] = {0,     1e-9,  0x1p-6, 0.6931471805599453, 10, 22.1, 36.0,
                                       36.74, 177.4, 744.4};
    const double distance = distances[draw_below(draws, sizeof distances / sizeof *distances)];
    const double from = any(place)->value;

    any(place)->value = from - distance * place->temperature;
}

static void one_extreme(const struct place *place)
{
    struct draws *draws = place->draws;
    static const double extremes[] = {0, -0.0, -HUGE_VAL, DBL_MAX, -DBL_MAX, 0x1p-1074, 1, -1};

    if (draw_below(draws, 4) == 0)
        any(place)->value = extremes[draw_below(draws, sizeof extremes / sizeof *extremes)];
}

static void all_moved(const struct place *place)
{
    struct list *list = place->list;
    struct draws *draws = place->draws;
    const double by = draw_signed(draws, -40, 8) * place->temperature;

    for (size_t i = 0; i < list->runs; i++)
        list->run[i].value += by;
}

static void all_scaled(const struct place *place)
{
    struct list *list = place->list;
    struct draws *draws = place->draws;
    const double by =
        draw_below(draws, 2) ? draw_power(draws, -2, 2) : 1 + draw_signed(draws, -40, 0);

    for (size_t i = 0; i < list->runs; i++)
        list->run[i].value *= by;
}

static void count_changed(const struct place *place)
{
    struct draws *draws = place->draws;
    struct run *run = any(place);

    switch (draw_below(draws, 5)) {
    case 0:
        run->count *= 2;
        break;
    case 1:
        run->count = run->count / 2 + 1;
        break;
    case 2:
        run->count += 1;
        break;
    case 3:
        run->count -= run->count > 1;
        break;
    default:
        run->count = draw_width(draws, 2049);
    }
}

static void run_added(const struct place *place)
{
    struct list *list = place->list;
    struct draws *draws = place->draws;
    const struct run from = *any(place);
    const size_t at = draw_below(draws, list->runs + 1);

    if (list->runs == RUNS)
        return;
    for (size_t i = list->runs++; i > at; i--)
        list->run[i] = list->run[i - 1];
    list->run[at] = (struct run){from.value, draw_below(draws, 2) ? 1 : from.count};
    list->loop += list->loop > at;
    list->end += list->end > at;
}

static void run_removed(const struct place *place)
{
    struct list *list = place->list;
    struct draws *draws = place->draws;
    const size_t at = draw_below(draws, list->runs);

    if (list->runs == 1)
        return;
    for (size_t i = at; i + 1 < list->runs; i++)
        list->run[i] = list->run[i + 1];
    list->runs--;
    list->loop -= list->loop > at;
    list->end -= list->end > at;
}

static void run_swapped(const struct place *place)
{
    struct run *a = any(place), *b = any(place);
    const struct run kept = *a;

    *a = *b;
    *b = kept;
}

static void loop_changed(const struct place *place)
{
    struct list *list = place->list;
    struct draws *draws = place->draws;
    if (draw_below(draws, 2)) {
        list->loop = draw_below(draws, list->runs);
        list->end = list->loop + 1 + draw_below(draws, list->runs - list->loop);
    }
    list->repeat = draw_below(draws, 2) ? draw_width(draws, 64) : list->repeat + 1;
}

/* The likely ones stand more than once. */
static list_change_f *const list_changes[] = {
    one_number,    one_number,  one_number,  one_number,  one_number,  one_aimed,
    one_aimed,     one_extreme, all_moved,   all_scaled,  all_moved,   count_changed,
    count_changed, run_added,   run_removed, run_swapped, loop_changed};

/* ---- candidates ---- */

static double knob_drawn(enum knob knob, struct draws *draws)
{
    const struct knob_info *info = &knob_infos[knob];

    if (knob == KNOB_TARGET)
        return (double)draw_below(draws, ROW_MAX_WIDTH);
    if (info->low == 0)
        return draw_unit(draws);
    return draw_power(draws, logb(info->low), logb(info->high));
}

void change_begin(struct candidate *candidate, const struct shape *shape, struct draws *draws)
{
    static const double near[] = {0.7, 0.5, 2, 1.3, 0.01, 100};

    candidate->dtype = (enum dtype)draw_below(draws, DTYPE_COUNT);
    for (enum knob i = 0; i < KNOB_COUNT; i++) {
        const size_t how = draw_below(draws, 4);

        if (!(shape->knobs & 1U << i) || how < 2)
            continue;
        candidate->knob[i] =
            how == 2 || i == KNOB_TARGET ? knob_drawn(i, draws) : near[draw_below(draws, 6)];
    }
}

static void knob_changed(struct candidate *candidate, const struct shape *shape,
                         struct draws *draws)
{
    const enum knob knob = (enum knob)draw_below(draws, KNOB_COUNT);
    double *value = &candidate->knob[knob];

    if (!(shape->knobs & 1U << knob))
        return;
    if (knob == KNOB_TARGET)
        *value = draw_below(draws, 2) ? floor(draw_power(draws, 0, 20)) - 1 : *value + 1;
    else
        *value = draw_below(draws, 20) ? number_change(*value, draws) : knob_drawn(knob, draws);
}

void change(struct candidate *candidate, const struct shape *shape, struct draws *draws)
{
    for (size_t n = 1 + draw_below(draws, 3); n > 0; n--) {
        const size_t l = shape->kind[1] == KIND_NONE ? 0 : draw_below(draws, 2);
        const struct place place = {&candidate->list[l], candidate->knob[KNOB_TEMPERATURE], draws};

        if (draw_below(draws, 4) == 0)
            knob_changed(candidate, shape, draws);
        else if (draw_below(draws, 64) == 0)
            candidate->dtype = (enum dtype)draw_below(draws, DTYPE_COUNT);
        else if (place.list->runs > 0)
            list_changes[draw_below(draws, sizeof list_changes / sizeof *list_changes)](&place);
    }
    change_fit(candidate, shape);
}
