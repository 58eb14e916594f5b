/* choice.c - the choices of a multiple-choice question. */
#include "core/choice.h"

#include "core/dd_real.h"
#include "core/exact_sum.h"

#include <math.h>

static const struct norm_info infos[] = {
#define NORM(id, value, accuracy, formula, help) {value, accuracy},
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

/* The sum of log-probabilities, of which log_prob is the rounded one. */
static struct dd sum_of(const struct choice *choice)
{
    return (struct dd){choice->log_prob, choice->rest};
}

/* Rounded once, so that digits are left where the two are nearly equal. */
static bool subtract(const struct choice *choice, double *value)
{
    *value = choice->log_prob - choice->unconditional;
    if (isfinite(*value))
        *value = dd_add_double(sum_of(choice), -choice->unconditional).hi;
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

/* A finite value before it is rounded. */
static struct dd value_dd(const struct choice *choice, enum norm norm)
{
    switch (norm) {
    case NORM_per_token:
        return dd_div_double(sum_of(choice), (double)choice->tokens);
    case NORM_per_character:
        return dd_div_double(sum_of(choice), (double)choice->text.characters);
    case NORM_per_byte:
        return dd_div_double(sum_of(choice), (double)choice->text.bytes);
    case NORM_per_word:
        return dd_div_double(sum_of(choice), (double)choice->text.words);
    case NORM_pmi:
        return dd_add_double(sum_of(choice), -choice->unconditional);
    case NORM_log_prob:
    case NORM_COUNT:
        break;
    }
    return sum_of(choice);
}

#define FARTHEST 0x1p+20 /* exp of less than minus this is 0 */

/* exp(v - most) is the result times 2^exponent, v the value of a choice. */
static struct dd weight_scaled(const struct choice *choice, enum norm norm, struct dd most,
                               int *exponent)
{
    double value = 0;

    *exponent = 0;
    choice_value(choice, norm, &value);
    if (!(value - most.hi > -FARTHEST))
        return dd_of(0);
    return dd_exp_scaled(dd_sub(value_dd(choice, norm), most), exponent);
}

static struct dd weight_of(const struct choice *choice, enum norm norm, struct dd most)
{
    int exponent;
    const struct dd weight = weight_scaled(choice, norm, most, &exponent);

    return dd_scale(weight, exponent);
}

/* Whether a number is larger, also where both are rounded to one double. */
static bool is_above(struct dd a, struct dd b)
{
    return a.hi > b.hi || (a.hi == b.hi && a.lo > b.lo);
}

/* The choice with the largest value m before it is rounded, and the sum of exp(v - m) over the
 * others. */
static bool weigh_others(const struct choice *choices, size_t count, enum norm norm, size_t *best,
                         struct dd *others)
{
    double value = 0;
    struct dd most;

    *others = dd_of(0);
    if (!choices_best(choices, count, norm, best))
        return false;
    choice_value(&choices[*best], norm, &value);
    if (!(fabs(value) < HUGE_VAL))
        return false;
    most = value_dd(&choices[*best], norm);
    for (size_t i = 0; i < count; i++) {
        if (!is_above(value_dd(&choices[i], norm), most))
            continue;
        most = value_dd(&choices[i], norm);
        *best = i;
    }
    for (size_t i = 0; i < count; i++)
        if (i != *best)
            *others = dd_add(*others, weight_of(&choices[i], norm, most));
    return true;
}

#define NEAR 0x1p-200 /* s / (1 + s) is s where s is less */

/* 1 / (1 + s), of which 1 minus it has all digits, too. */
static struct dd share_of(struct dd s)
{
    const struct dd sum = dd_add_double(s, 1);

    if (s.hi >= 1)
        return dd_div(dd_of(1), sum);
    return dd_add_double(dd_neg(s.hi < NEAR ? s : dd_div(s, sum)), 1);
}

bool choices_confidence(const struct choice *choices, size_t count, enum norm norm,
                        struct dd *confidence)
{
    struct dd others;
    size_t best;
    const bool known = weigh_others(choices, count, norm, &best, &others);

    *confidence = share_of(others);
    return known;
}

bool choices_rank(const struct choice *choices, size_t count, enum norm norm, const bool *right,
                  size_t *rank)
{
    size_t first = count;
    double most = 0, value = 0;

    for (size_t i = 0; i < count; i++) {
        if (!choice_value(&choices[i], norm, &value))
            return false;
        if (!right[i] || (first < count && value <= most))
            continue;
        most = value;
        first = i;
    }
    *rank = 1;
    for (size_t i = 0; i < count && first < count; i++) {
        choice_value(&choices[i], norm, &value);
        *rank += value > most || (value == most && i < first);
    }
    return first < count;
}

bool choices_probabilities(const struct choice *choices, size_t count, double *probability)
{
    struct dd others, sum, most;
    size_t best;

    if (!weigh_others(choices, count, NORM_log_prob, &best, &others))
        return false;
    sum = dd_add_double(others, 1);
    most = sum_of(&choices[best]);
    for (size_t i = 0; i < count; i++)
        probability[i] = i == best ? share_of(others).hi
                                   : dd_div(weight_of(&choices[i], NORM_log_prob, most), sum).hi;
    return true;
}

double choices_mass(const struct choice *choices, size_t count)
{
    struct dd mass = {0, 0};

    for (size_t i = 0; i < count; i++)
        if (!choices[i].bound)
            mass = dd_add(mass, dd_exp(sum_of(&choices[i])));
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
static struct dd most_valued(const struct choice *choices, size_t count)
{
    struct dd most = dd_of(-HUGE_VAL);

    for (size_t i = 0; i < count; i++)
        if (choices[i].has_value && is_above(sum_of(&choices[i]), most))
            most = sum_of(&choices[i]);
    return most;
}

bool choices_expected(const struct choice *choices, size_t count, double *expected)
{
    const struct dd most = most_valued(choices, count);
    struct exact_sum values;
    struct dd weights = {0, 0};

    *expected = 0;
    if (most.hi == -HUGE_VAL)
        return false;
    exact_sum_clear(&values);
    for (size_t i = 0; i < count; i++) {
        struct dd weight;
        int exponent;

        if (!choices[i].has_value)
            continue;
        weight = weight_scaled(&choices[i], NORM_log_prob, most, &exponent);
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
