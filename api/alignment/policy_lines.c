/* policy_lines.c - the totals of lines of requests to POST /v1/policy. */
#include "api/alignment/policy_lines.h"

#include "api/alignment/kept_keys.h"
#include "api/alignment/policy_reply.h"
#include "api/base/arena_error.h"
#include "api/base/json_writer.h"
#include "api/exchange/exchange.h"

#include <string.h>

/* What a line means by a key. */
struct meaning {
    struct policy_setting setting;
    struct policy_terms terms;
};

struct policy_lines {
    struct exchange *x;        /* the whole request */
    struct batch_sequence *of; /* arrays have entries for y alone */
    size_t count, capacity;
    size_t longest; /* tokens of y of a sequence, the most */
    struct kept_keys keys;
    bool begun; /* a line was added */
    struct policy_terms terms;
    bool mixed_corrections, mixed_rejections; /* lines ask for different ones */
    bool entropy, kl;
};

struct policy_lines *policy_lines_make(struct exchange *x)
{
    struct policy_lines *lines = arena_new(&x->arena, struct policy_lines, 1);

    if (!lines) {
        arena_fail(&x->arena, &x->error);
        return NULL;
    }
    lines->x = x;
    lines->keys.arena = &x->arena;
    return lines;
}

/* ---- sequences ---- */

/* The entries of y, alone.  NULL with *lack set: memory is used up; NULL is copied as it is. */
static double *copy_y(const struct batch_sequence *from, const double *values, struct arena *arena,
                      bool *lack)
{
    double *copy = values ? arena_new(arena, double, from->tokens) : NULL;
    size_t count = 0;

    *lack |= values && !copy;
    for (size_t i = 0; copy && i < from->length; i++)
        if (from->in_y[i])
            copy[count++] = values[i];
    return copy;
}

static bool keep_sequence(struct batch_sequence *kept, const struct batch_sequence *from,
                          struct arena *arena)
{
    bool lack = false;

    *kept = (struct batch_sequence){.length = from->tokens,
                                    .has_advantages = from->has_advantages,
                                    .advantage = from->advantage};
    for (enum policy_source source = 0; source < SOURCE_COUNT; source++)
        kept->log_prob[source] = copy_y(from, from->log_prob[source], arena, &lack);
    for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++)
        kept->kl[ratio] = copy_y(from, from->kl[ratio], arena, &lack);
    kept->entropy = copy_y(from, from->entropy, arena, &lack);
    kept->advantages = copy_y(from, from->advantages, arena, &lack);
    return !lack;
}

static bool keep_sequences(struct policy_lines *lines, const struct policy_batch *batch)
{
    struct arena *arena = &lines->x->arena;
    struct batch_sequence *of =
        kept_grow(arena, lines->of, &lines->capacity, lines->count + batch->count, sizeof *of);

    if (!of)
        return false;
    lines->of = of;
    for (size_t i = 0; i < batch->count; i++) {
        if (!keep_sequence(&of[lines->count], &batch->of[i], arena))
            return false;
        if (lines->longest < batch->of[i].tokens)
            lines->longest = batch->of[i].tokens;
        lines->count++;
    }
    return true;
}

/* ---- what lines ask ---- */

static bool same_bounds(const struct ratio_bounds *a, const struct ratio_bounds *b)
{
    return a->ratio == b->ratio && a->level == b->level && a->low == b->low && a->high == b->high;
}

static bool same_correction(const struct policy_terms *a, const struct policy_terms *b)
{
    return a->corrects == b->corrects
           && (!a->corrects
               || (same_bounds(&a->correction.bounds, &b->correction.bounds)
                   && a->correction.mode == b->correction.mode
                   && a->correction.normalize == b->correction.normalize));
}

static bool same_rejection(const struct policy_terms *a, const struct policy_terms *b)
{
    return a->rejects == b->rejects && (!a->rejects || same_bounds(&a->rejection, &b->rejection));
}

static bool same_setting(const struct policy_setting *a, const struct policy_setting *b)
{
    return a->objective == b->objective && a->bounds.low == b->bounds.low
           && a->bounds.high == b->bounds.high && a->bounds.dual == b->bounds.dual
           && a->kl_coef == b->kl_coef && a->estimator == b->estimator
           && a->aggregation == b->aggregation && a->norm == b->norm;
}

static bool same_meaning(const void *one, const void *other)
{
    const struct meaning *a = one, *b = other;

    return same_setting(&a->setting, &b->setting) && same_correction(&a->terms, &b->terms)
           && same_rejection(&a->terms, &b->terms);
}

static void note_terms(struct policy_lines *lines, const struct policy_options *options)
{
    const struct policy_terms *terms = &options->terms;

    if (!lines->begun)
        lines->terms = *terms;
    lines->begun = true;
    lines->mixed_corrections |= !same_correction(&lines->terms, terms);
    lines->mixed_rejections |= !same_rejection(&lines->terms, terms);
    lines->entropy |= options->entropy;
    lines->kl |= options->kl;
}

bool policy_lines_add(struct policy_lines *lines, const struct policy_report *report,
                      struct exchange *x)
{
    const struct policy_options *options = report->options;
    const struct kept_run run = {lines->count, report->batch->count};

    if (!work_charge_each(&x->work, lines->keys.count + 1, options->asked.count, &x->error))
        return false;
    if (!keep_sequences(lines, report->batch))
        return arena_fail(&lines->x->arena, &x->error);
    note_terms(lines, options);
    for (size_t i = 0; i < options->asked.count; i++) {
        const struct asked_objective *asked = &options->asked.of[i];
        const struct meaning value = {options->setting[i], options->terms};
        const struct kept_meaning meaning = {&value, sizeof value, same_meaning};

        if (!kept_keys_add(&lines->keys, asked->key, asked->key_length, &meaning, run))
            return arena_fail(&lines->x->arena, &x->error);
    }
    return true;
}

/* ---- the last line ---- */

/* Write the totals of a key. */
static bool put_key(struct strbuf *text, const struct policy_lines *lines,
                    const struct kept_key *key, struct exchange *x)
{
    const struct meaning *meaning = key->meaning;
    struct policy_setting setting = meaning->setting;
    struct policy_options options = {
        .asked.count = 1, .setting = &setting, .terms = meaning->terms, .losses_alone = true};
    struct policy_batch batch = {0};
    struct policy_report report;

    batch.of = kept_key_pick(key, lines->of, sizeof *batch.of, &batch.count, &x->arena);
    if (!batch.of)
        return arena_fail(&x->arena, &x->error);
    policy_batch_add_up(&batch);
    if (!policy_report_make(&report, &batch, &options, x))
        return false;
    policy_reply_loss(text, &setting, &report.loss[0]);
    return true;
}

/* The same, in an exchange of its own, which gives its memory back. */
static bool put_key_apart(struct strbuf *text, const struct policy_lines *lines,
                          const struct kept_key *key)
{
    struct exchange *x = lines->x, apart;
    bool good;

    exchange_init(&apart, x->api);
    arena_nest(&apart.arena, &x->arena);
    work_nest(&apart.work, &x->work);
    good = put_key(text, lines, key, &apart);
    if (!good)
        x->error = apart.error;
    exchange_release(&apart);
    return good;
}

static bool put_keys(struct strbuf *text, const struct policy_lines *lines)
{
    put_name(text, "objectives");
    strbuf_puts(text, "{");
    for (size_t i = 0; i < lines->keys.count; i++) {
        const struct kept_key *key = &lines->keys.of[i];

        strbuf_puts(text, i > 0 ? "," : "");
        strbuf_string(text, key->key, key->length);
        strbuf_puts(text, ":");
        if (key->mixed)
            strbuf_puts(text, "null");
        else if (!put_key_apart(text, lines, key))
            return false;
    }
    strbuf_puts(text, "}");
    return true;
}

/* Let all entries of the sequences be of y. */
static bool fill_y(struct policy_lines *lines)
{
    bool *in_y = arena_new(&lines->x->arena, bool, lines->longest);

    if (!in_y)
        return arena_fail(&lines->x->arena, &lines->x->error);
    memset(in_y, true, lines->longest);
    for (size_t i = 0; i < lines->count; i++)
        lines->of[i].in_y = in_y;
    return true;
}

void policy_lines_write(struct strbuf *text, struct policy_lines *lines)
{
    struct policy_options options = {
        .terms = lines->terms, .entropy = lines->entropy, .kl = lines->kl};
    struct policy_batch batch = {.of = lines->of, .count = lines->count};
    struct policy_report report;

    options.terms.corrects &= !lines->mixed_corrections && !lines->mixed_rejections;
    options.terms.rejects &= !lines->mixed_rejections;
    if (!fill_y(lines))
        return;
    policy_batch_add_up(&batch);
    if (!policy_report_make(&report, &batch, &options, lines->x))
        return;
    policy_reply_ratios(text, &report);
    if (!put_keys(text, lines))
        return;
    policy_reply_terms(text, &report);
    if (lines->mixed_corrections || (lines->terms.corrects && lines->mixed_rejections))
        put_null(text, "correction");
    if (lines->mixed_rejections)
        put_null(text, "rejection");
}
