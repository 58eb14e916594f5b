/* policy_report.c - what POST /v1/policy computes. */
#include "api/alignment/policy_report.h"

#include "api/alignment/policy_rows.h"
#include "api/base/arena_error.h"

/* What the functions below share. */
struct making {
    struct policy_report *report;
    struct policy_batch *batch;
    const struct policy_options *options;
    struct correction_sequence *correction; /* of each sequence */
    double *scratch;                        /* for all tokens of y, or all sequences */
    struct exchange *x;
};

static void *allocate(const struct making *making, size_t count, size_t size)
{
    void *memory = arena_alloc(&making->x->arena, count, size);

    if (!memory)
        arena_fail(&making->x->arena, &making->x->error);
    return memory;
}

static size_t most(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* ---- work ---- */

static uint64_t log2_of(size_t count)
{
    uint64_t bits = 1;

    for (; count > 1; count /= 2)
        bits++;
    return bits;
}

/* Charge each token for its ratios and its losses, and each number that is sorted. */
static bool charge(const struct making *making)
{
    const struct policy_batch *batch = making->batch;
    const uint64_t sorted = WORK_SORT * log2_of(batch->tokens);
    uint64_t each = making->options->asked.count * WORK_LOSS;

    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++)
        each += WORK_RATIO + TOKEN_SPREAD_COUNT * sorted;
    each +=
        making->options->terms.corrects || making->options->terms.rejects ? WORK_RATIO + sorted : 0;
    return work_charge_each(&making->x->work, batch->tokens + batch->count, each,
                            &making->x->error);
}

/* ---- ratios ---- */

/* Whether some sequence has both sides. */
static bool has_ratio(const struct policy_batch *batch, enum policy_ratio ratio)
{
    bool has = false;

    for (size_t i = 0; i < batch->count; i++)
        has |= batch->of[i].has[ratio];
    return has;
}

static bool make_ratio(const struct making *making, enum policy_ratio ratio,
                       struct ratio_scratch *scratch)
{
    const size_t count = making->batch->count;
    struct ratio_view *views = allocate(making, count, sizeof *views);
    struct sequence_ratio *each = allocate(making, count, sizeof *each);
    struct ratio_totals *totals = allocate(making, 1, sizeof *totals);
    struct ratio_sums sums;

    if (!views || !each || !totals)
        return false;
    ratio_sums_clear(&sums);
    for (size_t i = 0; i < count; i++) { /* all empty, where the ratio is not given */
        struct batch_sequence *sequence = &making->batch->of[i];

        views[i] = sequence->view[ratio];
        each[i] = ratio_sums_add(&sums, &views[i], scratch->logs, scratch->changes);
        sequence->ratio[ratio] = each[i];
    }
    if (making->options->losses_alone)
        return true;
    ratio_totals_of(totals, &sums, views, each, count, scratch);
    making->report->ratio[ratio] = totals;
    return true;
}

static bool make_ratios(const struct making *making)
{
    struct ratio_scratch scratch = {
        allocate(making, making->batch->tokens, sizeof *scratch.logs),
        allocate(making, making->batch->tokens, sizeof *scratch.changes), making->scratch};

    if (!scratch.logs || !scratch.changes)
        return false;
    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++)
        if (has_ratio(making->batch, ratio) && !make_ratio(making, ratio, &scratch))
            return false;
    arena_free(&making->x->arena, scratch.logs);
    arena_free(&making->x->arena, scratch.changes);
    return true;
}

/* ---- correction and rejection ---- */

/* Lay a ratio over the sequences. */
static void lay(const struct making *making, enum policy_ratio ratio)
{
    for (size_t i = 0; i < making->batch->count; i++) {
        making->correction[i].view = making->batch->of[i].view[ratio];
        making->correction[i].ratio = &making->batch->of[i].ratio[ratio];
    }
}

static bool reject(const struct making *making)
{
    struct policy_report *report = making->report;

    lay(making, making->options->terms.rejection.ratio);
    for (size_t i = 0; i < making->batch->count; i++) {
        struct sequence_report *of = &report->of[i];

        of->rejects = allocate(making, making->batch->of[i].length, sizeof *of->rejects);
        if (!of->rejects)
            return false;
        making->correction[i].rejected = of->rejects;
        of->rejected = correction_reject(&making->options->terms.rejection, &making->correction[i]);
        report->rejected_tokens += of->rejected;
        report->rejected_sequences += of->rejected > 0;
    }
    return true;
}

static void correct(const struct making *making)
{
    const struct correction *correction = &making->options->terms.correction;
    struct policy_report *report = making->report;
    const size_t count = making->batch->count;

    lay(making, correction->bounds.ratio);
    report->weighed = making->correction;
    report->weigher =
        (struct weigher){correction, correction_mean(correction, making->correction, count)};
    for (size_t i = 0; i < count; i++)
        report->of[i].weight = weigher_mean(&report->weigher, &making->correction[i]);
    correction_totals_of(&report->correction, &report->weigher, making->correction, count,
                         making->scratch);
}

/* ---- losses ---- */

static struct policy_sequence sequence_of(const struct making *making, size_t index)
{
    const struct batch_sequence *of = &making->batch->of[index];
    const struct sequence_report *report = &making->report->of[index];
    struct policy_sequence sequence = {
        .length = of->length,
        .in_y = of->in_y,
        .advantage = of->advantages,
        .advantage_of_all = of->advantage,
        .weigher = making->options->terms.corrects ? &making->report->weigher : NULL,
        .weighed = &making->correction[index],
        .rejected = report->rejects,
        .ratio_all = &of->ratio[RATIO_current_old]};

    memcpy(sequence.log_prob, of->log_prob, sizeof sequence.log_prob);
    return sequence;
}

static bool make_loss(const struct making *making, size_t objective)
{
    const struct policy_setting *setting = &making->options->setting[objective];
    struct policy_sums sums = {0};

    for (size_t i = 0; i < making->batch->count; i++) {
        const struct policy_sequence sequence = sequence_of(making, i);
        struct sequence_report *of = &making->report->of[i];
        double *losses = NULL;

        if (making->options->token_losses) {
            losses = allocate(making, sequence.length, sizeof *losses);
            if (!losses)
                return false;
            of->losses[objective] = losses;
        }
        of->loss[objective] = policy_sums_add(&sums, setting, &sequence, losses);
    }
    making->report->loss[objective] = policy_loss_of(&sums, setting);
    return true;
}

static bool make_losses(const struct making *making)
{
    const size_t count = making->options->asked.count;

    making->report->loss = allocate(making, count, sizeof *making->report->loss);
    if (!making->report->loss)
        return false;
    for (size_t i = 0; i < making->batch->count; i++) {
        struct sequence_report *of = &making->report->of[i];

        of->loss = allocate(making, count, sizeof *of->loss);
        of->losses = allocate(making, count, sizeof *of->losses);
        if (!of->loss || !of->losses)
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!make_loss(making, i))
            return false;
    return true;
}

/* ---- details ---- */

/* The spread of so many numbers of the scratch. */
static void set_spread(struct spread *spread, const struct making *making, size_t count)
{
    *spread = spread_of(making->scratch, count);
    spread_percentiles(spread, making->scratch);
}

static void spread_entropy(const struct making *making)
{
    size_t count = 0;

    for (size_t i = 0; i < making->batch->count; i++) {
        const struct batch_sequence *sequence = &making->batch->of[i];

        for (size_t token = 0; sequence->entropy && token < sequence->length; token++)
            if (sequence->in_y[token])
                making->scratch[count++] = sequence->entropy[token];
    }
    set_spread(&making->report->entropy, making, count);
}

/* Set the spread of the divergences of a ratio, if some sequence has them. */
static bool spread_kl(const struct making *making, enum policy_ratio ratio)
{
    struct spread *spread;
    size_t count = 0;
    bool has = false;

    for (size_t i = 0; i < making->batch->count; i++) {
        const struct batch_sequence *sequence = &making->batch->of[i];

        has |= sequence->kl[ratio] != NULL;
        for (size_t token = 0; sequence->kl[ratio] && token < sequence->length; token++)
            if (sequence->in_y[token])
                making->scratch[count++] = sequence->kl[ratio][token];
    }
    if (!has)
        return true;
    spread = making->report->kl[ratio] = allocate(making, 1, sizeof *spread);
    if (!spread)
        return false;
    set_spread(spread, making, count);
    return true;
}

static bool make_details(const struct making *making)
{
    if (making->options->entropy)
        spread_entropy(making);
    if (!making->options->kl)
        return true;
    if (!policy_rows_compare(making->batch, making->x))
        return false;
    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++)
        if (!spread_kl(making, ratio))
            return false;
    return true;
}

bool policy_report_make(struct policy_report *report, struct policy_batch *batch,
                        const struct policy_options *options, struct exchange *x)
{
    struct making making = {.report = report, .batch = batch, .options = options, .x = x};

    *report = (struct policy_report){.batch = batch, .options = options};
    report->of = allocate(&making, batch->count, sizeof *report->of);
    making.correction = allocate(&making, batch->count, sizeof *making.correction);
    making.scratch = allocate(&making, most(batch->tokens, batch->count), sizeof *making.scratch);
    if (!report->of || !making.correction || !making.scratch || !charge(&making)
        || !make_ratios(&making) || (options->terms.rejects && !reject(&making)))
        return false;
    if (options->terms.corrects)
        correct(&making);
    return make_losses(&making) && make_details(&making);
}
