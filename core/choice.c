/* choice.c - the choices of a multiple-choice question. */
#include "core/choice.h"

#include "core/dd_real.h"
#include "core/exact_sum.h"

#include <math.h>

static const struct norm_info infos[] = {
#define NORM(id, value, accuracy, formula) {#id, value, accuracy, formula},
#include "core/norms.def"
};

const struct norm_info *norm_info(enum norm norm)
{
    return &infos[norm];
}

static bool divide(const struct choice *choice, size_t length, double *value)
{
    const struct scaled sum =
        choice->beyond.exponent != 0 ? choice->beyond : (struct scaled){choice->log_prob, 0};

    *value = scaled_double(scaled_over(sum, (struct scaled){(double)length, 0}));
    return length > 0;
}

static bool subtract(const struct choice *choice, double *value)
{
    *value = choice->log_prob - choice->unconditional;
    return choice->has_unconditional && !isnan(*value);
}

bool choice_value(const struct choice *choice, enum norm norm, double *value)
{
    switch (norm) {
    case NORM_log_prob:
        *value = choice->log_prob;
        return true;
    case NORM_per_token:
        return divide(choice, choice->tokens, value);
    case NORM_per_character:
        return divide(choice, choice->text.characters, value);
    case NORM_per_byte:
        return divide(choice, choice->text.bytes, value);
    case NORM_per_word:
        return divide(choice, choice->text.words, value);
    case NORM_pmi:
        return subtract(choice, value);
    case NORM_COUNT:
        break;
    }
    return false;
}

bool choices_best(const struct choice *choices, size_t count, enum norm norm, size_t *best)
{
    double most = 0, value;

    for (size_t i = 0; i < count; i++) {
        if (!choice_value(&choices[i], norm, &value))
            return false;
        if (i > 0 && value <= most)
            continue;
        most = value;
        *best = i;
    }
    return count > 0;
}

/* exp(l - most) is the result times 2^exponent, l <= most.  The difference is exact as two doubles.
 */
static struct dd weight_scaled(double log_prob, double most, int *exponent)
{
    *exponent = 0;
    if (log_prob == most)
        return dd_of(1);
    return log_prob == -HUGE_VAL ? dd_of(0) : dd_exp_scaled(dd_sum(log_prob, -most), exponent);
}

static struct dd weight_of(double log_prob, double most)
{
    int exponent;
    const struct dd weight = weight_scaled(log_prob, most, &exponent);

    return dd_scale(weight, exponent);
}

bool choices_probabilities(const struct choice *choices, size_t count, double *probability)
{
    struct dd sum = {0, 0};
    size_t best;

    if (!choices_best(choices, count, NORM_log_prob, &best) || choices[best].log_prob == -HUGE_VAL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct dd weight = weight_of(choices[i].log_prob, choices[best].log_prob);

        probability[i] = weight.hi;
        sum = dd_add(sum, weight);
    }
    for (size_t i = 0; i < count; i++)
        probability[i] = dd_div(dd_of(probability[i]), sum).hi;
    return true;
}

double choices_mass(const struct choice *choices, size_t count)
{
    struct dd mass = {0, 0};

    for (size_t i = 0; i < count; i++)
        if (!choices[i].bound)
            mass = dd_add(mass, dd_exp(dd_of(choices[i].log_prob)));
    return mass.hi;
}

/* Add weight * 2^exponent * value, within 2^-104 of it plus 2^-2176.  The value is moved to where
 * no product of it vanishes or overflows. */
static void add_valued(struct exact_sum *sum, struct dd weight, int exponent, double value)
{
    const int move = fabs(value) < 1 ? 600 : -600;
    const struct dd term = dd_mul_double(weight, scaled_shift(value, move));

    exact_sum_add_scaled(sum, scaled_make(term.hi, exponent - move));
    exact_sum_add_scaled(sum, scaled_make(term.lo, exponent - move));
}

/* The largest log_prob of choices with a value. */
static double most_valued(const struct choice *choices, size_t count)
{
    double most = -HUGE_VAL;

    for (size_t i = 0; i < count; i++)
        if (choices[i].has_value && choices[i].log_prob > most)
            most = choices[i].log_prob;
    return most;
}

bool choices_expected(const struct choice *choices, size_t count, double *expected)
{
    const double most = most_valued(choices, count);
    struct exact_sum values;
    struct dd weights = {0, 0};

    *expected = 0;
    if (most == -HUGE_VAL)
        return false;
    exact_sum_clear(&values);
    for (size_t i = 0; i < count; i++) {
        struct dd weight;
        int exponent;

        if (!choices[i].has_value)
            continue;
        weight = weight_scaled(choices[i].log_prob, most, &exponent);
        add_valued(&values, weight, exponent, choices[i].value);
        weights = dd_add(weights, dd_scale(weight, exponent));
    }
    *expected =
        scaled_double(scaled_over(exact_sum_scaled(&values), (struct scaled){weights.hi, 0}));
    return true;
}

double choices_brier(const double *probability, size_t count, size_t right)
{
    struct exact_sum squares, others; /* 1 - p of the right one, without cancellation */

    exact_sum_clear(&squares);
    exact_sum_clear(&others);
    for (size_t i = 0; i < count; i++) {
        if (i == right)
            continue;
        exact_sum_add(&others, probability[i]);
        exact_sum_add_square(&squares, probability[i]);
    }
    exact_sum_add_square(&squares, exact_sum_double(&others));
    return exact_sum_double(&squares);
}
