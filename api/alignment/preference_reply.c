/* preference_reply.c - writes the answer to POST /v1/preference as JSON. */
#include "api/alignment/preference_reply.h"

#include "api/alignment/output_told.h"
#include "api/base/json_writer.h"
#include "api/score/score_reply.h"
#include "core/preference_terms.h"
#include "core/wide_real.h"

#include <math.h>

static void put_wide(struct strbuf *text, const char *name, struct wide value)
{
    put_defined(text, name, wide_double(value));
}

static void put_mean(struct strbuf *text, const char *name, const struct weighted_mean *mean)
{
    double error = 0;
    const bool known = scaled_fits(mean->error, &error);

    put_name(text, name);
    strbuf_puts(text, "{");
    put_wide(text, "mean", mean->mean);
    put_number_or_null(text, "standard_error", known, error);
    strbuf_puts(text, "}");
}

static void put_key(struct strbuf *text, const struct verdict *verdict, bool first)
{
    strbuf_puts(text, first ? "" : ",");
    strbuf_string(text, verdict->key, verdict->key_length);
    strbuf_puts(text, ":");
}

/* ---- a pair or an example ---- */

static void put_tokens(struct strbuf *text, size_t tokens)
{
    if (tokens > 0)
        put_count(text, "tokens", tokens);
    else
        put_null(text, "tokens");
}

/* Write what is known of a completion. */
static void put_sums(struct strbuf *text, const struct verdicts *verdicts,
                     const struct preference_completion *completion,
                     const struct case_outputs *outputs)
{
    const bool has_reference = completion->has_reference || verdicts->reference_free;

    put_number_or_null(text, "log_prob", completion->has_policy, wide_double(completion->policy));
    put_tokens(text, completion->tokens);
    put_number_or_null(text, "reference_log_prob", has_reference,
                       wide_double(completion->reference));
    put_defined(text, "log_ratio",
                completion->has_policy && has_reference
                    ? wide_double(preference_log_ratio(completion))
                    : (double)NAN);
    output_told_write(text, "policy", outputs->policy);
    output_told_write(text, "reference", outputs->reference);
}

static void put_side(struct strbuf *text, const struct verdicts *verdicts, const char *name,
                     size_t index, const struct preference_completion *completion,
                     const struct case_outputs *outputs)
{
    put_name(text, name);
    strbuf_puts(text, "{");
    put_count(text, "index", index);
    put_sums(text, verdicts, completion, outputs);
    strbuf_puts(text, "}");
}

static void put_figures(struct strbuf *text, const struct verdict *verdict, size_t index,
                        bool of_examples)
{
    const struct preference_figures *figures = &verdict->figures[index];
    const struct preference_objective *objective = verdict->question.objective;

    put_wide(text, of_examples ? "reward" : "chosen_reward", figures->chosen_reward);
    if (!of_examples) {
        put_wide(text, "rejected_reward", figures->rejected_reward);
        put_wide(text, "margin", figures->margin);
    }
    put_wide(text, "loss", figures->loss);
    if (preference_has_nll(&verdict->question))
        put_wide(text, "nll", figures->nll);
    if (objective->extra_name)
        put_wide(text, objective->extra_name, figures->extra);
}

static void put_case(struct strbuf *text, const struct verdicts *verdicts, size_t index)
{
    const struct cases *cases = &verdicts->cases;
    const struct preference_case *one = &cases->of[index];
    const struct case_source *source = &cases->source[index];

    strbuf_puts(text, index == 0 ? "{" : ",{");
    put_count(text, "index", index);
    if (!cases->of_examples)
        put_count(text, "pair", source->index);
    if (source->id)
        score_reply_put_id(text, source->id);
    if (cases->of_examples) {
        put_boolean(text, "label", one->desirable);
        put_sums(text, verdicts, one->chosen, &source->chosen_outputs);
    } else {
        put_side(text, verdicts, "chosen", source->chosen, one->chosen, &source->chosen_outputs);
        put_side(text, verdicts, "rejected", source->rejected, one->rejected,
                 &source->rejected_outputs);
    }
    put_name(text, "objectives");
    strbuf_puts(text, "{");
    for (size_t i = 0; i < verdicts->count; i++) {
        put_key(text, &verdicts->of[i], i == 0);
        strbuf_puts(text, "{");
        put_figures(text, &verdicts->of[i], index, cases->of_examples);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "}}");
}

/* ---- totals ---- */

static void put_state(struct strbuf *text, const struct verdict *verdict)
{
    const struct preference_state *state = &verdict->totals.state;
    const struct preference_objective *objective = verdict->question.objective;

    if (!objective->state)
        return;
    if (!objective->state_counts) {
        put_wide(text, objective->state_name, state->value);
        return;
    }
    put_name(text, objective->state_name);
    strbuf_puts(text, "{");
    put_wide(text, "mean", state->value);
    put_number_or_null(text, "count", state->counts, state->count);
    strbuf_puts(text, "}");
}

void preference_reply_total(struct strbuf *text, const struct verdict *verdict, bool of_examples)
{
    const struct preference_totals *totals = &verdict->totals;

    strbuf_puts(text, "{");
    put_mean(text, "loss", &totals->loss);
    put_mean(text, "chosen_reward", &totals->chosen_reward);
    put_mean(text, "rejected_reward", &totals->rejected_reward);
    if (of_examples) {
        put_wide(text, "margin", totals->margin.mean);
    } else {
        put_mean(text, "margin", &totals->margin);
        put_mean(text, "accuracy", &totals->accuracy);
        put_count(text, "ties", totals->ties);
    }
    put_state(text, verdict);
    if (preference_has_nll(&verdict->question))
        put_wide(text, "batch_loss", totals->batch_loss);
    strbuf_puts(text, "}");
}

void preference_reply_counts(struct strbuf *text, const struct cases *cases)
{
    size_t desirable = 0;

    put_count(text, cases->of_examples ? "examples" : "pairs", cases->count);
    if (!cases->of_examples)
        return;
    for (size_t i = 0; i < cases->count; i++)
        desirable += cases->of[i].desirable;
    put_count(text, "desirable", desirable);
    put_count(text, "undesirable", cases->count - desirable);
}

static void put_totals(struct strbuf *text, const struct verdicts *verdicts)
{
    put_name(text, "totals");
    strbuf_puts(text, "{");
    preference_reply_counts(text, &verdicts->cases);
    put_name(text, "objectives");
    strbuf_puts(text, "{");
    for (size_t i = 0; i < verdicts->count; i++) {
        put_key(text, &verdicts->of[i], i == 0);
        preference_reply_total(text, &verdicts->of[i], verdicts->cases.of_examples);
    }
    strbuf_puts(text, "}}");
}

void preference_reply_write(struct strbuf *text, const struct verdicts *verdicts)
{
    strbuf_puts(text, "{");
    if (verdicts->model)
        put_text(text, "model", verdicts->model, verdicts->model_length);
    put_name(text, verdicts->cases.of_examples ? "examples" : "pairs");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < verdicts->cases.count; i++)
        put_case(text, verdicts, i);
    strbuf_puts(text, "]");
    put_totals(text, verdicts);
    strbuf_puts(text, "}\n");
}
