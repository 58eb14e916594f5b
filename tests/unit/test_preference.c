/* test_preference.c - the losses of preferences, against decimal arithmetic (data/preferences.py),
 * and what holds for all of them. */
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "core/preference_result.h"
#include "core/preferences.h"
#include "core/wide_real.h"

#include <math.h>
#include <string.h>

/* A completion of a row. */
struct side {
    double policy, reference;
    size_t tokens;
    double reward;
};

static const struct pair_row {
    enum preference_id id;
    double beta;
    enum f_divergence f;
    double f_alpha, label_smoothing, tau, gamma, nll_weight, center, margin;
    struct side chosen, rejected;
    double loss;
} pairs[] = {
#define PAIR(name, ...) {PREFERENCE_##name, __VA_ARGS__},
#define EXAMPLE(...)
#include "tests/unit/data/preferences.def"
#undef PAIR
#undef EXAMPLE
};

static const struct example_row {
    enum preference_id id;
    double beta, desirable_weight, undesirable_weight;
    bool label;
    double state;
    struct side completion;
    double loss;
} examples[] = {
#define PAIR(...)
#define EXAMPLE(name, ...) {PREFERENCE_##name, __VA_ARGS__},
#include "tests/unit/data/preferences.def"
#undef PAIR
#undef EXAMPLE
};

static struct preference_completion completion_of(struct side side)
{
    return (struct preference_completion){.has_policy = true,
                                          .has_reference = true,
                                          .has_reward = true,
                                          .policy = wide_of(side.policy),
                                          .reference = wide_of(side.reference),
                                          .tokens = side.tokens,
                                          .reward = side.reward};
}

static struct parameters parameters_of(const struct pair_row *row)
{
    struct parameters values = family_defaults(family_preference.at(row->id));

    values.of[PARAMETER_beta].number = row->beta;
    values.of[PARAMETER_f_divergence].number = row->f;
    values.of[PARAMETER_f_alpha].number = row->f_alpha;
    values.of[PARAMETER_label_smoothing].number = row->label_smoothing;
    values.of[PARAMETER_tau].number = row->tau;
    values.of[PARAMETER_gamma].number = row->gamma;
    values.of[PARAMETER_nll_weight].number = row->nll_weight;
    values.of[PARAMETER_center].number = row->center;
    return values;
}

#define MOST 64 /* the most cases of a batch here */

/* Evaluate an objective over a batch. */
static void evaluate(enum preference_id id, const struct parameters *values,
                     const struct preference_case *cases, size_t count,
                     struct preference_figures *figures, struct preference_totals *totals)
{
    static double weight[MOST];
    static struct wide column[MOST], x[MOST], y[MOST];
    const struct preference_scratch scratch = {weight, column, x, y};

    preference_evaluate(&(struct preference_question){preference_at(id), values},
                        &(struct preference_batch){cases, count}, &scratch, figures, totals);
}

/* Whether a loss is the right one, to 2 units of its last place; or of e^z of a large z. */
static bool is_near(double got, double right)
{
    if (isnan(right) || isinf(right) || right == 0)
        return isnan(right) ? isnan(got) : got == right;
    return fabs(got - right) <= 0x1p-52 * fabs(right) || fabs(got - right) <= 0x1p-1074;
}

START_TEST(the_loss_of_a_pair_is_its_formula)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        const struct pair_row *row = &pairs[i];
        const struct parameters values = parameters_of(row);
        const struct preference_completion c = completion_of(row->chosen);
        const struct preference_completion j = completion_of(row->rejected);
        const struct preference_case one = {
            .chosen = &c, .rejected = &j, .margin = row->margin, .weight = 1};
        struct preference_figures figures;
        struct preference_totals totals;
        double loss;

        evaluate(row->id, &values, &one, 1, &figures, &totals);
        loss = wide_double(figures.loss);
        ck_assert_msg(is_near(loss, row->loss), "row %zu, %s: %.17g, not %.17g", i,
                      family_preference.at(row->id)->name, loss, row->loss);
    }
}
END_TEST

/* Give an example's objective its k or d. */
static struct parameters parameters_of_example(const struct example_row *row)
{
    struct parameters values = family_defaults(family_preference.at(row->id));

    values.of[PARAMETER_beta].number = row->beta;
    values.of[PARAMETER_desirable_weight].number = row->desirable_weight;
    values.of[PARAMETER_undesirable_weight].number = row->undesirable_weight;
    values.of[PARAMETER_kl] = values.of[PARAMETER_delta] =
        (struct parameter_value){.given = true, .number = row->state};
    return values;
}

START_TEST(the_loss_of_an_example_is_its_formula)
{
    for (size_t i = 0; i < COUNT(examples); i++) {
        const struct example_row *row = &examples[i];
        const struct parameters values = parameters_of_example(row);
        const struct preference_completion x = completion_of(row->completion);
        const struct preference_case one = {.chosen = &x, .desirable = row->label, .weight = 1};
        struct preference_figures figures;
        struct preference_totals totals;
        double loss;

        evaluate(row->id, &values, &one, 1, &figures, &totals);
        loss = wide_double(figures.loss);
        ck_assert_msg(is_near(loss, row->loss), "row %zu, %s: %.17g, not %.17g", i,
                      family_preference.at(row->id)->name, loss, row->loss);
    }
}
END_TEST

static double random_sum(uint64_t *state)
{
    return -100 * random_unit(state);
}

static struct preference_completion random_completion(uint64_t *state)
{
    const double policy = random_sum(state), reference = random_sum(state);

    return completion_of(
        (struct side){policy, reference, 1 + random_below(state, 40), random_normal(state)});
}

static bool is_wide_same(struct wide a, struct wide b)
{
    return (wide_is_nan(a) && wide_is_nan(b)) || wide_compare(a, b) == 0;
}

/* Where chosen and rejected change places, so do the rewards, and the margin changes its sign. */
START_TEST(a_swap_turns_the_margin)
{
    uint64_t state = 5;

    for (size_t n = 0; n < times(2000); n++) {
        const enum preference_id id = (enum preference_id)random_below(&state, PREFERENCE_kto);
        const struct parameters values = family_defaults(family_preference.at(id));
        const struct preference_completion c = random_completion(&state);
        const struct preference_completion j = random_completion(&state);
        const struct preference_case one = {.chosen = &c, .rejected = &j, .weight = 1};
        const struct preference_case other = {.chosen = &j, .rejected = &c, .weight = 1};
        struct preference_figures figures, turned;
        struct preference_totals totals;

        evaluate(id, &values, &one, 1, &figures, &totals);
        evaluate(id, &values, &other, 1, &turned, &totals);
        ck_assert(is_wide_same(figures.chosen_reward, turned.rejected_reward));
        ck_assert(is_wide_same(figures.rejected_reward, turned.chosen_reward));
        ck_assert(is_wide_same(figures.margin, wide_neg(turned.margin)));
    }
}
END_TEST

/* A loss of a set of pairs of quantiles is that of the pairs, if there is one pair. */
START_TEST(one_pair_is_its_own_quantile)
{
    uint64_t state = 6;

    for (size_t n = 0; n < times(500); n++) {
        const struct parameters values = family_defaults(family_preference.at(PREFERENCE_aot));
        const struct preference_completion c = random_completion(&state);
        const struct preference_completion j = random_completion(&state);
        const struct preference_case one = {.chosen = &c, .rejected = &j, .weight = 1};
        struct preference_figures figures;
        struct preference_totals aot, unpaired, sigmoid;

        evaluate(PREFERENCE_sigmoid, &values, &one, 1, &figures, &sigmoid);
        evaluate(PREFERENCE_aot, &values, &one, 1, &figures, &aot);
        evaluate(PREFERENCE_aot_unpaired, &values, &one, 1, &figures, &unpaired);
        ck_assert(wide_double(aot.loss.mean) == wide_double(sigmoid.loss.mean));
        ck_assert(wide_double(unpaired.loss.mean) == wide_double(sigmoid.loss.mean));
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_loss_of_a_pair_is_its_formula,
                                  the_loss_of_an_example_is_its_formula, a_swap_turns_the_margin,
                                  one_pair_is_its_own_quantile, NULL};

    return suite_main("preference", tests);
}
