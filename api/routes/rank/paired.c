/* paired.c - two models over the same questions. */
#include "api/routes/rank/paired.h"

#include "api/base/arena_error.h"
#include "api/base/json_writer.h"
#include "api/score/bootstrap_options.h"

/* ---- outcomes ---- */

static void count_outcome(struct outcomes *outcomes, bool a, bool b)
{
    if (a)
        ++*(b ? &outcomes->both : &outcomes->only_a);
    else
        ++*(b ? &outcomes->only_b : &outcomes->neither);
}

/* Count the outcomes of a normalisation, and list the differences b - a of the questions. */
static void collect(struct paired_accuracy *accuracy, const struct ranking ranking[MOST_MODELS],
                    enum norm norm, double *differences)
{
    for (size_t i = 0; i < ranking[0].count; i++) {
        bool a, b;

        if (!question_accuracy(&ranking[0].questions[i], norm, &a)
            || !question_accuracy(&ranking[1].questions[i], norm, &b))
            continue;
        differences[accuracy->questions++] = (double)b - (double)a;
        count_outcome(&accuracy->outcomes, a, b);
    }
}

/* ---- the bootstrap ---- */

/* Replicates are sums of differences, which are whole numbers: what is computed from them is
 * divided by the number of questions last. */
static void resample(struct paired_accuracy *accuracy, const struct bootstrap *bootstrap,
                     const double *differences, double *replicates)
{
    const double n = (double)accuracy->questions;
    struct bootstrap_result result;

    bootstrap_sums(bootstrap, differences, accuracy->questions, 1, replicates);
    result = bootstrap_summary(bootstrap, replicates);
    accuracy->bootstrap = (struct bootstrap_result){.has_error = result.has_error,
                                                    .error = result.error / n,
                                                    .low = result.low / n,
                                                    .high = result.high / n};
}

bool paired_make(struct paired *paired, const struct ranking ranking[MOST_MODELS],
                 const json_t *request, struct exchange *x)
{
    const json_t *asked = field_value(request, FIELD_bootstrap);
    const struct bootstrap bootstrap = bootstrap_read(asked);
    const size_t count = ranking[0].count;
    double *differences = arena_new(&x->arena, double, count), *replicates = NULL;

    *paired = (struct paired){.has_bootstrap = asked != NULL};
    if (asked && !bootstrap_check(&bootstrap, count, "questions", &x->error))
        return false;
    if (asked)
        replicates = arena_new(&x->arena, double, bootstrap.samples);
    if (!differences || (asked && !replicates))
        return arena_fail(&x->arena, &x->error);
    for (enum norm norm = 0; norm < NORM_COUNT; norm++) {
        struct paired_accuracy *accuracy = &paired->accuracy[norm];

        if (!work_charge_each(&x->work, count, WORK_TEXT, &x->error))
            return false;
        collect(accuracy, ranking, norm, differences);
        if (!asked || accuracy->questions == 0)
            continue;
        if (!bootstrap_charge(&bootstrap, accuracy->questions, 1, &x->work, &x->error))
            return false;
        resample(accuracy, &bootstrap, differences, replicates);
    }
    return true;
}

/* ---- writing the answer ---- */

static void put_mcnemar(struct strbuf *text, const struct outcomes *outcomes)
{
    const struct mcnemar mcnemar = mcnemar_of(outcomes);

    put_name(text, "mcnemar");
    strbuf_puts(text, "{");
    put_number(text, "exact", mcnemar.exact);
    put_number(text, "statistic", mcnemar.statistic);
    put_number(text, "corrected", mcnemar.corrected);
    strbuf_puts(text, "}");
}

static void put_bootstrap(struct strbuf *text, const struct bootstrap_result *bootstrap)
{
    put_name(text, "bootstrap");
    strbuf_puts(text, "{");
    put_number_or_null(text, "standard_error", bootstrap->has_error, bootstrap->error);
    put_name(text, "interval");
    strbuf_puts(text, "[");
    strbuf_number(text, bootstrap->low);
    strbuf_puts(text, ",");
    strbuf_number(text, bootstrap->high);
    strbuf_puts(text, "]}");
}

static void put_accuracy(struct strbuf *text, const struct paired *paired,
                         const struct paired_accuracy *accuracy)
{
    const struct outcomes *outcomes = &accuracy->outcomes;
    double error = 0;
    const bool has_error = outcomes_error(outcomes, &error);

    strbuf_puts(text, "{");
    put_count(text, "questions", accuracy->questions);
    put_count(text, "both", outcomes->both);
    put_count(text, "only_a", outcomes->only_a);
    put_count(text, "only_b", outcomes->only_b);
    put_count(text, "neither", outcomes->neither);
    put_number(text, "difference", outcomes_difference(outcomes));
    put_number_or_null(text, "standard_error", has_error, error);
    put_mcnemar(text, outcomes);
    if (paired->has_bootstrap)
        put_bootstrap(text, &accuracy->bootstrap);
    strbuf_puts(text, "}");
}

void paired_write(struct strbuf *text, const struct paired *paired)
{
    put_name(text, "paired");
    strbuf_puts(text, "{");
    for (enum norm norm = 0; norm < NORM_COUNT; norm++) {
        if (paired->accuracy[norm].questions == 0)
            continue;
        put_name(text, norm_info(norm)->accuracy);
        put_accuracy(text, paired, &paired->accuracy[norm]);
    }
    strbuf_puts(text, "}");
}
