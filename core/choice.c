/* choice.c - the choices of a multiple-choice question. */
#include "core/choice.h"

#include "core/real.h"
#include "core/sum.h"

#include <math.h>

static const struct norm_info infos[] = {
#define NORM(id, value, accuracy, formula) {#id, value, accuracy, formula},
#include "core/norms.def"
};

const struct norm_info *norm_info(enum norm norm)
{
    return &infos[norm];
}

static bool divide(double log_prob, size_t length, double *value)
{
    *value = log_prob / (double)length;
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
        return divide(choice->log_prob, choice->tokens, value);
    case NORM_per_character:
        return divide(choice->log_prob, choice->text.characters, value);
    case NORM_per_byte:
        return divide(choice->log_prob, choice->text.bytes, value);
    case NORM_per_word:
        return divide(choice->log_prob, choice->text.words, value);
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

bool choices_probabilities(const struct choice *choices, size_t count, double *probability)
{
    struct sum sum = {0};
    size_t best;

    if (!choices_best(choices, count, NORM_log_prob, &best) || choices[best].log_prob == -HUGE_VAL)
        return false;
    for (size_t i = 0; i < count; i++) {
        probability[i] = real_exp(choices[i].log_prob - choices[best].log_prob);
        sum_add(&sum, probability[i]);
    }
    for (size_t i = 0; i < count; i++)
        probability[i] /= sum_result(&sum);
    return true;
}

double choices_mass(const struct choice *choices, size_t count)
{
    struct sum mass = {0};

    for (size_t i = 0; i < count; i++)
        if (!choices[i].bound)
            sum_add(&mass, real_exp(choices[i].log_prob));
    return sum_result(&mass);
}

bool choices_expected(const struct choice *choices, size_t count, double *expected)
{
    struct sum values = {0}, weights = {0};
    double most = -HUGE_VAL;

    for (size_t i = 0; i < count; i++)
        if (choices[i].has_value && choices[i].log_prob > most)
            most = choices[i].log_prob;
    for (size_t i = 0; i < count && most > -HUGE_VAL; i++) {
        const double weight = real_exp(choices[i].log_prob - most);

        if (!choices[i].has_value)
            continue;
        sum_add(&values, weight * choices[i].value);
        sum_add(&weights, weight);
    }
    *expected = most > -HUGE_VAL ? sum_result(&values) / sum_result(&weights) : 0;
    return most > -HUGE_VAL;
}

double choices_brier(const double *probability, size_t count, size_t right)
{
    struct sum squares = {0}, others = {0}; /* 1 - p of the right one, without cancellation */

    for (size_t i = 0; i < count; i++) {
        if (i == right)
            continue;
        sum_add(&others, probability[i]);
        sum_add(&squares, probability[i] * probability[i]);
    }
    sum_add(&squares, sum_result(&others) * sum_result(&others));
    return sum_result(&squares);
}
