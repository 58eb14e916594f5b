/* policy_reply.c - writes the answer to POST /v1/policy as JSON. */
#include "api/alignment/policy_reply.h"

#include "api/alignment/output_told.h"
#include "api/score/score_reply.h"
#include "api/score/spread_reply.h"

#include <math.h>

static void open_object(struct strbuf *text, const char *name)
{
    put_name(text, name);
    strbuf_puts(text, "{");
}

/* ---- one sequence ---- */

static void put_ratio(struct strbuf *text, const char *name, const struct sequence_ratio *ratio)
{
    open_object(text, name);
    put_count(text, "tokens", ratio->tokens);
    put_defined(text, "log_ratio", wide_double(ratio->sum));
    put_defined(text, "log_ratio_mean", ratio->mean.hi);
    put_defined(text, "abs_log_ratio_max", ratio->most);
    put_defined(text, "k1", ratio->k1);
    put_defined(text, "k2", ratio->k2);
    put_defined(text, "k3", ratio->k3);
    put_defined(text, "sequence_ratio",
                sequence_spread_value(SEQUENCE_SPREAD_sequence_ratio, ratio).hi);
    put_defined(text, "geometric_ratio",
                sequence_spread_value(SEQUENCE_SPREAD_geometric_ratio, ratio).hi);
    strbuf_puts(text, "}");
}

static void put_ratios(struct strbuf *text, const struct batch_sequence *sequence)
{
    open_object(text, "ratios");
    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++)
        if (sequence->has[ratio])
            put_ratio(text, policy_ratio_info(ratio)->name, &sequence->ratio[ratio]);
    strbuf_puts(text, "}");
}

/* The name of an objective in the answer, and the beginning of its value. */
static void put_key(struct strbuf *text, const struct asked_objective *asked, size_t index,
                    const char *begin)
{
    strbuf_puts(text, index > 0 ? "," : "");
    strbuf_string(text, asked->key, asked->key_length);
    strbuf_puts(text, ":");
    strbuf_puts(text, begin);
}

static void put_losses(struct strbuf *text, const struct policy_report *report, size_t index)
{
    const struct asked_objectives *asked = &report->options->asked;

    open_object(text, "objectives");
    for (size_t i = 0; i < asked->count; i++) {
        const struct policy_sequence_loss *loss = &report->of[index].loss[i];

        put_key(text, &asked->of[i], i, "{");
        put_count(text, "tokens", loss->tokens);
        put_defined(text, "loss_sum", loss->sum);
        put_defined(text, "loss", loss->mean);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "}");
}

/* ---- its columns ---- */

/* Write null for a token outside y, else what `of` has. */
static void put_column(struct strbuf *text, const struct batch_sequence *sequence, const double *of)
{
    for (size_t i = 0; i < sequence->length; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        strbuf_number_or_null(text, sequence->in_y[i] && !isnan(of[i]), of[i]);
    }
    strbuf_puts(text, "]");
}

static void put_ids(struct strbuf *text, const struct batch_sequence *sequence)
{
    put_name(text, "id");
    for (size_t i = 0; i < sequence->length; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        strbuf_integer(text, sequence->plan->ids[i]);
    }
    strbuf_puts(text, "]");
}

static void put_log_ratio(struct strbuf *text, const struct batch_sequence *sequence,
                          const struct ratio_view *view)
{
    for (size_t i = 0; i < sequence->length; i++) {
        const double l = sequence->in_y[i] ? token_log_ratio(view->p[i], view->q[i]).hi : 0;

        strbuf_puts(text, i == 0 ? "[" : ",");
        strbuf_number_or_null(text, sequence->in_y[i] && !isnan(l), l);
    }
    strbuf_puts(text, "]");
}

static void put_log_ratios(struct strbuf *text, const struct batch_sequence *sequence)
{
    open_object(text, "log_ratio");
    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++) {
        if (!sequence->has[ratio])
            continue;
        put_name(text, policy_ratio_info(ratio)->name);
        put_log_ratio(text, sequence, &sequence->view[ratio]);
    }
    strbuf_puts(text, "}");
}

static void put_weights(struct strbuf *text, const struct policy_report *report, size_t index)
{
    const struct batch_sequence *sequence = &report->batch->of[index];

    put_name(text, "weight");
    for (size_t i = 0; i < sequence->length; i++) {
        const double weight =
            sequence->in_y[i]
                ? wide_double(weigher_weight(&report->weigher, &report->weighed[index], i))
                : 0;

        strbuf_puts(text, i == 0 ? "[" : ",");
        strbuf_number_or_null(text, sequence->in_y[i] && !isnan(weight), weight);
    }
    strbuf_puts(text, "]");
}

static void put_rejected(struct strbuf *text, const struct batch_sequence *sequence,
                         const bool *rejects)
{
    put_name(text, "rejected");
    for (size_t i = 0; i < sequence->length; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        strbuf_puts(text, !sequence->in_y[i] ? "null" : rejects[i] ? "true" : "false");
    }
    strbuf_puts(text, "]");
}

static void put_kls(struct strbuf *text, const struct batch_sequence *sequence)
{
    open_object(text, "kl");
    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++) {
        if (!sequence->kl[ratio])
            continue;
        put_name(text, policy_ratio_info(ratio)->name);
        put_column(text, sequence, sequence->kl[ratio]);
    }
    strbuf_puts(text, "}");
}

static void put_details(struct strbuf *text, const struct policy_report *report,
                        const struct batch_sequence *sequence)
{
    if (report->options->entropy && sequence->entropy) {
        put_name(text, "entropy");
        put_column(text, sequence, sequence->entropy);
    }
    if (report->options->kl)
        put_kls(text, sequence);
}

static void put_tokens(struct strbuf *text, const struct policy_report *report, size_t index)
{
    const struct batch_sequence *sequence = &report->batch->of[index];
    const struct asked_objectives *asked = &report->options->asked;
    const struct sequence_report *of = &report->of[index];

    open_object(text, "tokens");
    if (sequence->plan && sequence->plan->ids)
        put_ids(text, sequence);
    put_log_ratios(text, sequence);
    open_object(text, "loss");
    for (size_t i = 0; i < asked->count; i++) {
        put_key(text, &asked->of[i], i, "");
        put_column(text, sequence, of->losses[i]);
    }
    strbuf_puts(text, "}");
    if (report->options->terms.corrects)
        put_weights(text, report, index);
    if (of->rejects)
        put_rejected(text, sequence, of->rejects);
    put_details(text, report, sequence);
    strbuf_puts(text, "}");
}

/* Write how the answers of engines were read; `old` by the name of another is not one more. */
static void put_outputs(struct strbuf *text, const struct batch_sequence *sequence)
{
    for (enum policy_source source = 0; source < SOURCE_COUNT; source++)
        if (source != SOURCE_old || sequence->has_old)
            output_told_write(text, policy_source_name(source), sequence->scored[source]);
}

static void put_sequence(struct strbuf *text, const struct policy_report *report, size_t index)
{
    const struct batch_sequence *sequence = &report->batch->of[index];
    const struct sequence_report *of = &report->of[index];
    const json_t *id = member_of(&sequence->path, FIELD_id).value;

    strbuf_puts(text, index == 0 ? "{" : ",{");
    put_count(text, "index", index);
    if (id)
        score_reply_put_id(text, id);
    put_count(text, "completion_tokens", sequence->tokens);
    put_ratios(text, sequence);
    put_losses(text, report, index);
    if (report->options->terms.corrects)
        put_defined(text, "weight", of->weight);
    if (of->rejects)
        put_count(text, "rejected", of->rejected);
    if (report->options->per_token)
        put_tokens(text, report, index);
    put_outputs(text, sequence);
    strbuf_puts(text, "}");
}

/* ---- totals ---- */

static void put_by_sequence(struct strbuf *text, const struct ratio_totals *totals)
{
    open_object(text, "by_sequence");
    put_count(text, "sequences", totals->sequences);
    for (enum sequence_spread i = 0; i < SEQUENCE_SPREAD_COUNT; i++)
        put_spread(text, sequence_spread_name(i), &totals->of_sequences[i], true);
    put_defined(text, "chi2", totals->sequence_chi2);
    put_defined(text, "effective_sample_size", totals->sequence_share);
    strbuf_puts(text, "}");
}

static void put_ratio_totals(struct strbuf *text, const struct policy_report *report,
                             enum policy_ratio ratio)
{
    const struct ratio_totals *totals = report->ratio[ratio];

    open_object(text, policy_ratio_info(ratio)->name);
    put_count(text, "tokens", totals->tokens);
    for (enum token_spread i = 0; i < TOKEN_SPREAD_COUNT; i++)
        put_spread(text, token_spread_name(i), &totals->of_tokens[i], true);
    put_defined(text, "k1", totals->k1);
    put_defined(text, "k2", totals->k2);
    put_defined(text, "k3", totals->k3);
    put_defined(text, "chi2", totals->chi2);
    put_defined(text, "effective_sample_size", totals->share);
    put_defined(text, "perplexity_p", totals->perplexity_p);
    put_defined(text, "perplexity_q", totals->perplexity_q);
    put_defined(text, "perplexity_ratio", totals->perplexity_ratio);
    if (report->kl[ratio])
        put_spread(text, "kl", report->kl[ratio], true);
    put_by_sequence(text, totals);
    strbuf_puts(text, "}");
}

/* The shares of what was clipped. */
static void put_clips(struct strbuf *text, const struct policy_setting *setting,
                      const struct policy_loss *loss)
{
    if (!setting->objective->clips)
        return;
    put_defined(text, "clip_fraction_low", loss->low);
    put_defined(text, "clip_fraction_high", loss->high);
    put_defined(text, "clip_fraction", loss->either);
    if (family_use(&setting->objective->head, PARAMETER_dual_clip))
        put_defined(text, "dual_clip_fraction", loss->dual);
}

void policy_reply_loss(struct strbuf *text, const struct policy_setting *setting,
                       const struct policy_loss *loss)
{
    strbuf_puts(text, "{");
    put_defined(text, "loss", loss->loss);
    put_defined(text, "policy_loss", loss->policy);
    if (setting->kl_coef > 0)
        put_defined(text, "kl_loss", loss->kl);
    put_count(text, "tokens", loss->tokens);
    put_count(text, "sequences", loss->sequences);
    put_clips(text, setting, loss);
    strbuf_puts(text, "}");
}

static void put_loss_totals(struct strbuf *text, const struct policy_report *report)
{
    const struct policy_options *options = report->options;

    open_object(text, "objectives");
    for (size_t i = 0; i < options->asked.count; i++) {
        put_key(text, &options->asked.of[i], i, "");
        policy_reply_loss(text, &options->setting[i], &report->loss[i]);
    }
    strbuf_puts(text, "}");
}

static void put_correction(struct strbuf *text, const struct correction_totals *correction)
{
    open_object(text, "correction");
    put_spread(text, "weight", &correction->weight, true);
    put_defined(text, "above", correction->above);
    put_defined(text, "below", correction->below);
    put_defined(text, "effective_sample_size", correction->share);
    strbuf_puts(text, "}");
}

void policy_reply_ratios(struct strbuf *text, const struct policy_report *report)
{
    put_count(text, "sequences", report->batch->sequences);
    put_count(text, "completion_tokens", report->batch->tokens);
    open_object(text, "ratios");
    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++)
        if (report->ratio[ratio])
            put_ratio_totals(text, report, ratio);
    strbuf_puts(text, "}");
}

void policy_reply_terms(struct strbuf *text, const struct policy_report *report)
{
    if (report->options->terms.corrects)
        put_correction(text, &report->correction);
    if (report->options->terms.rejects) {
        open_object(text, "rejection");
        put_count(text, "tokens", report->rejected_tokens);
        put_count(text, "sequences", report->rejected_sequences);
        strbuf_puts(text, "}");
    }
    if (report->options->entropy)
        put_spread(text, "entropy", &report->entropy, true);
}

static void put_totals(struct strbuf *text, const struct policy_report *report)
{
    open_object(text, "totals");
    policy_reply_ratios(text, report);
    put_loss_totals(text, report);
    policy_reply_terms(text, report);
    strbuf_puts(text, "}");
}

void policy_reply_write(struct strbuf *text, const struct policy_report *report)
{
    const struct policy_options *options = report->options;

    strbuf_puts(text, "{");
    if (options->model)
        put_text(text, "model", options->model, options->model_length);
    put_name(text, "sequences");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < report->batch->count; i++)
        put_sequence(text, report, i);
    strbuf_puts(text, "]");
    put_totals(text, report);
    strbuf_puts(text, "}\n");
}
