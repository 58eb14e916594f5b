/* score_rows.c - the columns of a plan, from rows or from log-probabilities. */
#include "api/score.h"

#include "api/output.h"

#include <string.h>

/* A row at hand and its reduction: sequences that ask the same of a shared row share it too. */
struct reducing {
    const struct kernel *kernel;
    struct row row;
    size_t index;
    bool reduced;
    struct transform transform; /* with which it was */
    unsigned wants;
    struct row_stats stats;
    struct error *err;
};

static bool row_fail(const struct plan *plan, size_t index, const struct row_fault *fault,
                     struct error *err)
{
    const struct place root = ROOT, list = MEMBER(&root, "sequences");
    const struct place item = ELEMENT(&list, plan->output.owner);
    const struct place logits = MEMBER(plan->output.owner == TOP_LEVEL ? &root : &item, "logits");
    const struct place row = ELEMENT(&logits, index), logit = ELEMENT(&row, fault->index);

    if (fault->kind == ROW_MASKED)
        return fail_at(err, ERR_BAD_ROW, &row, "the row has no finite logit");
    if (fault->kind == ROW_NAN)
        return fail_at(err, ERR_BAD_ROW, &logit, "the logit is NaN");
    return fail_at(err, ERR_BAD_ROW, &logit, "the logit is +inf%s",
                   plan->output.kind == OUTPUT_ROWS && plan->output.dtype == DTYPE_F32
                       ? ", or above the largest float32 (dtype f64 reads doubles)"
                       : "");
}

static bool reduce(struct reducing *reducing, const struct plan *plan)
{
    const unsigned wants =
        loss_wants(&plan->loss) | (plan->details & DETAIL_ENTROPY ? (unsigned)ROW_ENTROPY : 0U);
    struct row_fault fault;

    if (reducing->reduced && reducing->wants == wants
        && reducing->transform.temperature == plan->transform.temperature
        && reducing->transform.softcap == plan->transform.softcap)
        return true;
    if (!reducing->kernel->reduce(&reducing->row, &plan->transform, wants, &reducing->stats,
                                  &fault))
        return row_fail(plan, reducing->index, &fault, reducing->err);
    reducing->reduced = true;
    reducing->wants = wants;
    reducing->transform = plan->transform;
    return true;
}

/* Rank and top K of a token. */
static void fill_order(const struct reducing *reducing, struct plan *plan, size_t token,
                       double logit)
{
    struct order order = {.wants_above = plan->rank != NULL,
                          .logit = logit,
                          .count = plan->best ? plan->best_count : 0,
                          .best = plan->best ? plan->best + token * plan->best_count : NULL};

    if (!plan->rank && !plan->best)
        return;
    reducing->kernel->order(&reducing->row, &plan->transform, &order);
    if (plan->rank)
        plan->rank[token] = 1 + order.above;
    for (size_t i = 0; i < order.count; i++)
        order.best[i].logit = -row_nll(&reducing->stats, &plan->transform, order.best[i].logit);
}

/* One token's entries.  The row is judged in any case; that an id is not in the vocabulary is told
 * elsewhere. */
static bool fill_token(struct reducing *reducing, struct plan *plan, size_t token)
{
    const size_t id = (size_t)plan->ids[token];
    double logit, nll;

    if (!reduce(reducing, plan))
        return false;
    if (id >= reducing->row.width)
        return true;
    logit = row_logit(&reducing->row, &plan->transform, id);
    nll = row_nll(&reducing->stats, &plan->transform, logit);
    plan->log_prob[token] = -nll;
    plan->token_loss[token] =
        loss_of(&plan->loss, &reducing->stats, &plan->transform, reducing->row.width, nll);
    plan->greedy[token] = id == reducing->stats.argmax ? ANSWER_YES : ANSWER_NO;
    if (plan->entropy)
        plan->entropy[token] = reducing->stats.entropy;
    fill_order(reducing, plan, token, logit);
    return true;
}

/* The token that row `index` is about, if the plan needs it. */
static bool token_of_row(const struct plan *plan, size_t index, size_t *token)
{
    *token = index + plan_shift(plan);
    return *token < plan->length && plan->needed[*token];
}

bool score_rows(struct plan *const *plans, size_t count, struct exchange *x, struct error *err)
{
    const struct output *output = &plans[0]->output;
    struct row_reader reader;
    struct reducing reducing = {.kernel = x->api->kernel, .err = err};
    size_t token;

    if (!row_reader_open(&reader, output, &x->arena, err))
        return false;
    for (size_t index = 0; index < output->rows; index++) {
        bool read = false;

        for (size_t i = 0; i < count; i++) {
            if (!token_of_row(plans[i], index, &token))
                continue;
            if (!read) {
                reducing.row = row_reader_read(&reader, index);
                reducing.index = index;
                reducing.reduced = false;
                read = true;
            }
            if (!fill_token(&reducing, plans[i], token))
                return false;
        }
        x->facts.rows += read;
    }
    if (x->facts.vocabulary < output->width)
        x->facts.vocabulary = output->width;
    return true;
}

/* Judge the entry of one needed token; a null at position 0 only unscores it. */
static bool fill_logprob(struct plan *plan, size_t token, size_t entry, double value, bool is_null,
                         struct error *err)
{
    if (is_null && token == 0) {
        plan->needed[0] = false;
        return true;
    }
    if (is_null)
        return member_fail(&plan->members, FIELD_logprobs, entry, ERR_OUT_OF_RANGE, err,
                           "null where a requested objective scores the token");
    if (!(value <= 0))
        return member_fail(&plan->members, FIELD_logprobs, entry, ERR_OUT_OF_RANGE, err,
                           "%g is not a log-probability: it must be at most 0", value);
    plan->log_prob[token] = value;
    plan->token_loss[token] = -value;
    plan->greedy[token] = ANSWER_UNKNOWN;
    return true;
}

bool score_logprobs(struct plan *plan, struct exchange *x, struct error *err)
{
    const size_t count = plan->output.rows;
    double *value = arena_new(&x->arena, double, count);
    bool *is_null = arena_new(&x->arena, bool, count);
    size_t entry = 0;

    if (!value || !is_null)
        return arena_fail(&x->arena, err);
    logprobs_read(plan->output.span->text, count, value, is_null);
    for (size_t i = 0; i < plan->length; i++) {
        if (plan->completion_only && plan->segment[i] != SEGMENT_COMPLETION)
            continue;
        if (plan->needed[i] && !fill_logprob(plan, i, entry, value[entry], is_null[entry], err))
            return false;
        entry++;
    }
    return true;
}
