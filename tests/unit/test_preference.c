/* test_preference.c - the losses of preferences, against decimal arithmetic (data/preferences.py),
 * and what holds for all of them. */
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "core/preference_result.h"
#include "core/preferences.h"

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
    static struct scaled column[MOST];
    static struct wide x[MOST], y[MOST];
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
        loss = scaled_double(figures.loss);
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
        loss = scaled_double(figures.loss);
        ck_assert_msg(is_near(loss, row->loss), "row %zu, %s: %.17g, not %.17g", i,
                      family_preference.at(row->id)->name, loss, row->loss);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_loss_of_a_pair_is_its_formula,
                                  the_loss_of_an_example_is_its_formula, NULL};

    return suite_main("preference", tests);
}
