/* log_probs.c - fills the columns of a sequence from given log-probabilities. */
#include "api/score/log_probs.h"

#include "api/base/arena_error.h"
#include "api/plan/engine_output.h"
#include "api/plan/pack.h"
#include "api/plan/plan_notice.h"

/* ---- logprobs ---- */

/* The entries of `logprobs`. */
struct given {
    size_t count;
    double *value;
    bool *is_null;
};

/* Whether no entry is below 0 and some are above what half precision rounds: probabilities. */
static bool are_probabilities(const struct given *given)
{
    for (size_t i = 0; i < given->count; i++)
        if (!given->is_null[i] && !(given->value[i] > 0 && given->value[i] <= 1))
            return false;
    return true;
}

static bool fail_value(const struct scored *scored, const struct given *given, size_t entry,
                       struct error *err)
{
    return member_fail(
        &scored->plan.path, FIELD_logprobs, entry, ERR_OUT_OF_RANGE, err,
        "%g is not a log-probability: it must be at most 0 (or %g, as half precision "
        "rounds)%s",
        given->value[entry], ENGINE_SLACK,
        are_probabilities(given) ? "; all entries look like probabilities: send their logarithms"
                                 : "");
}

/* Check and store the entry of a needed token.  A null for the first token of a document makes that
 * token unscored. */
static bool fill_logprob(struct scored *scored, const struct given *given, size_t token,
                         size_t entry, struct error *err)
{
    const double value = given->value[entry];
    const bool is_null = given->is_null[entry];

    if (is_null && !scored->plan.scores_all
        && (scored->plan.taken || pack_begins(&scored->plan, token))) {
        scored->plan.needed[token] = false;
        return true;
    }
    if (is_null)
        return member_fail(&scored->plan.path, FIELD_logprobs, entry, ERR_OUT_OF_RANGE, err,
                           "null where a requested objective scores the token");
    if (!(value <= ENGINE_SLACK))
        return fail_value(scored, given, entry, err);
    scored->result.log_prob[token] = value;
    scored->result.token_loss[token] = -value;
    scored->result.greedy[token] = ANSWER_UNKNOWN;
    return true;
}

static bool fill_given(struct scored *scored, struct exchange *x, struct error *err)
{
    const struct plan *plan = &scored->plan;
    const struct strbuf *text = &plan->output.span->text.text;
    const size_t count = plan->output.rows;
    const struct given given = {count, arena_new(&x->arena, double, count),
                                arena_new(&x->arena, bool, count)};
    bool *known = arena_new(&x->arena, bool, plan->length);
    size_t entry = plan->completion_only ? 0 : plan->pad_before;

    if (!given.value || !given.is_null || !known)
        return arena_fail(&x->arena, err);
    if (!scored_columns(scored, 0, &x->arena, err))
        return false;
    scored->result.known = known;
    logprobs_read(text->data, text->data + text->length, count, given.value, given.is_null);
    for (size_t i = 0; i < plan->length; i++) {
        if (plan->completion_only && plan->segment[i] != SEGMENT_COMPLETION)
            continue;
        if (plan->taken && plan->taken[i]) {
            entry++;
            continue;
        }
        if (plan->needed[i] && !fill_logprob(scored, &given, i, entry, err))
            return false;
        known[i] = !given.is_null[entry] && given.value[entry] <= ENGINE_SLACK;
        if (known[i])
            scored->result.log_prob[i] = given.value[entry];
        entry++;
    }
    return plan->pack || log_probs_notice(scored, &x->arena, err);
}

bool log_probs_notice(struct scored *scored, struct arena *arena, struct error *err)
{
    struct plan *plan = &scored->plan;
    const bool has_first = !plan->completion_only;
    size_t entry = plan->completion_only ? 0 : plan->pad_before;

    for (size_t i = 0; i < plan->length; i++) {
        const double value = plan->needed[i] ? scored->result.log_prob[i] : -1;

        if (plan->completion_only && plan->segment[i] != SEGMENT_COMPLETION)
            continue;
        if (value > 0
            && !plan_notice_add(plan, WARNING_ABOVE, FIELD_logprobs, entry, 1, arena, err))
            return false;
        if (value == 0 && i == 0 && has_first
            && !plan_notice_add(plan, WARNING_FIRST_ZERO, FIELD_logprobs, entry, 1, arena, err))
            return false;
        entry++;
    }
    return true;
}

/* ---- an engine's answer ---- */

static bool fail_missing(const struct scored *scored, size_t token,
                         const struct engine_entry *entry, struct error *err)
{
    const struct engine_answer *answer = scored->plan.output.answer;

    return engine_answer_fail(
        answer, entry ? entry->list : NO_LIST, entry ? entry->at : 0, ERR_OUTPUTS, err,
        "token %zu, which a requested objective scores, has no log-probability: %s", token,
        answer->engine->ask);
}

static bool fill_entry(struct scored *scored, size_t token, struct error *err)
{
    const struct engine_answer *answer = scored->plan.output.answer;
    const struct engine_entry *entry = engine_output_entry(&scored->plan.output, token);

    if (token == 0 && !scored->plan.scores_all && !scored->plan.completion_only
        && engine_output_is_null(&scored->plan.output, 0)) {
        scored->plan.needed[0] = false;
        return true;
    }
    if ((!entry || entry->state == ENTRY_NULL) && scored->plan.taken) {
        scored->plan.needed[token] = false;
        return true;
    }
    if (!entry || entry->state == ENTRY_NULL)
        return fail_missing(scored, token, entry, err);
    if (entry->state == ENTRY_NAN)
        return engine_answer_fail(answer, entry->list, entry->at, ERR_OUT_OF_RANGE, err,
                                  "the log-probability of token %zu is NaN", token);
    if (entry->log_prob > ENGINE_SLACK)
        return engine_answer_fail(
            answer, entry->list, entry->at, ERR_OUT_OF_RANGE, err,
            "%g is not a log-probability: it must be at most 0 (or %g, as half "
            "precision rounds)%s",
            entry->log_prob, ENGINE_SLACK,
            entry->log_prob <= 1 ? "; if it is a probability, send its logarithm" : "");
    scored->result.log_prob[token] = entry->log_prob;
    scored->result.token_loss[token] = -entry->log_prob;
    scored->result.greedy[token] = (unsigned char)entry->greedy;
    return true;
}

/* Show what is known of a token that no objective scores. */
static void show_entry(struct scored *scored, size_t token, const struct engine_entry *entry,
                       bool *known)
{
    known[token] = entry && entry->state == ENTRY_KNOWN && entry->log_prob <= ENGINE_SLACK
                   && !engine_output_is_null(&scored->plan.output, token);
    if (known[token])
        scored->result.log_prob[token] = entry->log_prob;
}

static bool fill_answered(struct scored *scored, struct arena *arena, struct error *err)
{
    struct model_output *output = &scored->plan.output;
    bool *known = arena_new(arena, bool, scored->plan.length);

    if (!known)
        return arena_fail(arena, err);
    if (!scored_columns(scored, 0, arena, err))
        return false;
    scored->result.known = known;
    for (size_t i = 0; i < scored->plan.length; i++) {
        const struct engine_entry *entry = engine_output_entry(output, i);
        const bool noticed = i == 0 || (output->narrow && i < output->leading);

        if (scored->plan.taken && scored->plan.taken[i])
            continue;
        if (scored->plan.needed[i] && !fill_entry(scored, i, err))
            return false;
        show_entry(scored, i, entry, known);
        if (!scored->plan.needed[i] && !noticed && entry && entry->state != ENTRY_KNOWN)
            engine_answer_notice(output->answer, WARNING_NULLS, entry->list, entry->at);
    }
    return err->code == ERR_NONE;
}

bool log_probs_score(struct scored *scored, struct exchange *x, struct error *err)
{
    return scored->plan.output.kind == OUTPUT_LOGPROBS ? fill_given(scored, x, err)
                                                       : fill_answered(scored, &x->arena, err);
}
