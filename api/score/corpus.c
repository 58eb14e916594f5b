/* corpus.c - a request as a corpus of documents. */
#include "api/score/corpus.h"

#include "core/moments.h"

#include "api/base/arena_error.h"
#include "api/score/bootstrap_options.h"

#include <math.h>

/* ---- what is requested ---- */

/* Whether the request asks for measures of a corpus. */
static bool is_asked(const struct scores *scores, const json_t *request)
{
    if (json_is_true(field_value(request, FIELD_statistics))
        || field_value(request, FIELD_bootstrap))
        return true;
    for (size_t i = 0; i < scores->count; i++)
        for (enum segment segment = 0; segment < SEGMENT_COUNT; segment++)
            if (scores->sequences[i]->plan.sizes[segment].known != 0)
                return true;
    return false;
}

/* ---- computing the measures ---- */

/* The working memory of corpus_make(): documents, bootstrap replicates, and numbers of them. */
struct measuring {
    const struct scores *scores;
    struct corpus *corpus;
    struct document_set documents;
    struct document *replicates;
    double *scratch, *values; /* one number for each replicate, and for each document */
};

#define LARGE 0x1p900
#define FEWER 64 /* binary digits: the sum of 2^64 documents is a double */

/* The exponent of the documents of an objective. */
static int exponent_of(const struct scores *scores, enum objective_id id)
{
    for (size_t i = 0; i < scores->count; i++) {
        const struct scaled log_prob = scored_tally(scores->sequences[i], id).log_prob;

        if (!isinf(log_prob.value) && (log_prob.exponent > 0 || fabs(log_prob.value) > LARGE))
            return FEWER;
    }
    return 0;
}

static struct document document_of(const struct scored *scored, enum objective_id id, int exponent)
{
    const struct tally tally = scored_tally(scored, id);
    const struct text_sizes *sizes = text_sizes_of(scored->plan.sizes, objective_at(id));
    struct document document = {
        .log_prob = scaled_shift(tally.log_prob.value, tally.log_prob.exponent - exponent)};

    for (enum unit unit = UNIT_CHARACTERS; unit < UNIT_COUNT; unit++)
        document.size[unit] = (double)sizes->of[unit];
    document.size[UNIT_DOCUMENTS] = 1;
    document.size[UNIT_TOKENS] = (double)tally.tokens;
    return document;
}

static void collect(struct measuring *measuring, enum objective_id id)
{
    const unsigned always = 1U << UNIT_DOCUMENTS | 1U << UNIT_TOKENS;
    struct corpus_objective *objective = &measuring->corpus->objective[id];
    struct document_set *documents = &measuring->documents;

    documents->count = 0;
    documents->exponent = exponent_of(measuring->scores, id);
    objective->known = ~0U;
    for (size_t i = 0; i < measuring->scores->count; i++) {
        const struct scored *scored = measuring->scores->sequences[i];
        const struct text_sizes *sizes = text_sizes_of(scored->plan.sizes, objective_at(id));

        if (!(scored->plan.objectives >> id & 1))
            continue;
        documents->of[documents->count++] = document_of(scored, id, documents->exponent);
        objective->units |= sizes->known | always;
        objective->known &= sizes->known | always;
        for (enum unit unit = 0; unit < UNIT_COUNT; unit++)
            objective->size[unit] += sizes->of[unit];
    }
    objective->documents = documents->count;
}

static bool in_objective(const struct scored *scored, enum objective_id id, size_t token)
{
    return (scored->plan.objectives >> id & 1) && scored->plan.needed[token]
           && objective_at(id)->selects(scored->plan.segment[token]);
}

/* The standard error of the mean over all tokens of an objective, as if they were independent. */
static bool independent_error(const struct scores *scores, enum objective_id id, double *error)
{
    struct moments moments;
    struct scaled value;

    moments_clear(&moments);
    for (size_t i = 0; i < scores->count; i++)
        for (size_t token = 0; token < scores->sequences[i]->plan.length; token++)
            if (in_objective(scores->sequences[i], id, token))
                moments_add(&moments, scores->sequences[i]->result.log_prob[token]);
    return moments_error(&moments, &value) && scaled_fits(value, error);
}

/* The measures of an objective whose documents are collected, and their errors. */
static void measure_values(struct corpus_objective *objective, const struct measuring *measuring,
                           struct scaled log_prob)
{
    struct scaled error[UNIT_COUNT];
    bool has_error[UNIT_COUNT];

    for (enum unit unit = 0; unit < UNIT_COUNT; unit++)
        has_error[unit] = (objective->known >> unit & 1)
                          && measure_ratio_error(unit, &measuring->documents, &error[unit]);
    for (enum measure i = 0; i < MEASURE_COUNT; i++) {
        struct corpus_measure *m = &objective->measure[i];
        const enum unit unit = measure_info(i)->unit;

        if (!(objective->known >> unit & 1))
            continue;
        m->has_value = measure_of(i, log_prob, (double)objective->size[unit], &m->value);
        m->has_error =
            m->has_value && has_error[unit] && measure_error(i, error[unit], m->value, &m->error);
    }
}

/* Their intervals. */
static void measure_intervals(struct corpus_objective *objective, const struct measuring *measuring)
{
    const struct bootstrap *bootstrap = &measuring->corpus->bootstrap;

    measure_resample(bootstrap, &measuring->documents, measuring->replicates);
    for (enum measure i = 0; i < MEASURE_COUNT; i++) {
        struct corpus_measure *m = &objective->measure[i];

        if (objective->known >> measure_info(i)->unit & 1)
            m->has_interval =
                measure_bootstrap(i, bootstrap, measuring->replicates,
                                  measuring->documents.exponent, measuring->scratch, &m->bootstrap);
    }
}

static void measure(const struct measuring *measuring, enum objective_id id)
{
    struct corpus_objective *objective = &measuring->corpus->objective[id];
    const struct tally *tally = &measuring->scores->total[id].tally;

    objective->size[UNIT_DOCUMENTS] = objective->documents;
    objective->size[UNIT_TOKENS] = tally->tokens;
    objective->has_independent = independent_error(measuring->scores, id, &objective->independent);
    measure_values(objective, measuring, tally->log_prob);
    if (measuring->corpus->has_macro)
        macro_make(&objective->macro, measuring->scores, id, measuring->values);
    if (measuring->corpus->has_bootstrap)
        measure_intervals(objective, measuring);
}

static bool allocate(struct measuring *measuring, struct arena *arena)
{
    const struct corpus *corpus = measuring->corpus;
    const size_t samples = corpus->has_bootstrap ? corpus->bootstrap.samples : 0;

    measuring->documents.of = arena_new(arena, struct document, measuring->scores->count);
    measuring->replicates = arena_new(arena, struct document, samples);
    measuring->scratch = arena_new(arena, double, samples);
    measuring->values = arena_new(arena, double, measuring->scores->count);
    return measuring->documents.of && measuring->replicates && measuring->scratch
           && measuring->values;
}

bool corpus_make(struct corpus **corpus, const struct scores *scores, const json_t *request,
                 struct exchange *x)
{
    struct arena *arena = &x->arena;
    struct error *err = &x->error;
    const json_t *bootstrap = field_value(request, FIELD_bootstrap);
    struct measuring measuring = {.scores = scores};

    *corpus = NULL;
    if (!is_asked(scores, request))
        return true;
    *corpus = measuring.corpus = arena_new(arena, struct corpus, 1);
    if (!*corpus)
        return arena_fail(arena, err);
    (*corpus)->has_bootstrap = bootstrap != NULL;
    (*corpus)->has_macro = json_is_true(field_value(request, FIELD_statistics));
    (*corpus)->bootstrap = bootstrap_read(bootstrap);
    if (bootstrap && !bootstrap_check(&(*corpus)->bootstrap, scores->count, "sequences", err))
        return false;
    if (!allocate(&measuring, arena))
        return arena_fail(arena, err);
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        if (scores->total[id].sequences == 0)
            continue;
        if (bootstrap
            && !bootstrap_charge(&(*corpus)->bootstrap, scores->count, MEASURE_COUNT, &x->work,
                                 err))
            return false;
        collect(&measuring, id);
        measure(&measuring, id);
    }
    return true;
}

/* ---- writing the answer ---- */

/* Write the sizes of texts; null if only some documents have them. */
static void put_sizes(struct strbuf *text, unsigned units, unsigned known, const uint64_t *size)
{
    for (enum unit unit = UNIT_CHARACTERS; unit < UNIT_COUNT; unit++) {
        if (!(units >> unit & 1))
            continue;
        put_name(text, unit_name(unit));
        if (known >> unit & 1)
            strbuf_count(text, size[unit]);
        else
            strbuf_puts(text, "null");
    }
}

void corpus_put_sequence(struct strbuf *text, const struct scored *scored, enum objective_id id)
{
    const struct text_sizes *sizes = text_sizes_of(scored->plan.sizes, objective_at(id));
    const struct tally tally = scored_tally(scored, id);
    uint64_t size[UNIT_COUNT];

    for (enum unit unit = 0; unit < UNIT_COUNT; unit++)
        size[unit] = sizes->of[unit];
    put_sizes(text, sizes->known, sizes->known, size);
    for (enum measure i = 0; i < MEASURE_COUNT; i++) {
        const enum unit unit = measure_info(i)->unit;
        double value = 0;
        bool known;

        if (!(sizes->known >> unit & 1))
            continue;
        known = measure_of(i, tally.log_prob, (double)size[unit], &value);
        put_number_or_null(text, measure_info(i)->name, known, value);
    }
}

static void put_interval(struct strbuf *text, const char *name, const struct corpus_measure *m)
{
    put_name(text, name);
    if (!m->has_interval) {
        strbuf_puts(text, "null");
        return;
    }
    strbuf_puts(text, "[");
    strbuf_number(text, m->bootstrap.low);
    strbuf_puts(text, ",");
    strbuf_number(text, m->bootstrap.high);
    strbuf_puts(text, "]");
}

enum part { PART_VALUE, PART_ERROR, PART_BOOTSTRAP_ERROR, PART_INTERVAL };

/* Write one number (value, error or interval) for each measure. */
static void put_measures(struct strbuf *text, const struct corpus_objective *objective,
                         enum part part)
{
    for (enum measure i = 0; i < MEASURE_COUNT; i++) {
        const struct corpus_measure *m = &objective->measure[i];
        const char *name = measure_info(i)->name;

        if (!(objective->units >> measure_info(i)->unit & 1))
            continue;
        if (part == PART_VALUE)
            put_number_or_null(text, name, m->has_value, m->value);
        else if (part == PART_ERROR)
            put_number_or_null(text, name, m->has_error, m->error);
        else if (part == PART_BOOTSTRAP_ERROR)
            put_number_or_null(text, name, m->has_interval && m->bootstrap.has_error,
                               m->bootstrap.error);
        else
            put_interval(text, name, m);
    }
}

static void put_object(struct strbuf *text, const char *name,
                       const struct corpus_objective *objective, enum part part)
{
    put_name(text, name);
    strbuf_puts(text, "{");
    put_measures(text, objective, part);
    strbuf_puts(text, "}");
}

void corpus_put_totals(struct strbuf *text, const struct corpus *corpus, enum objective_id id)
{
    const struct corpus_objective *objective = &corpus->objective[id];

    put_count(text, unit_name(UNIT_DOCUMENTS), objective->documents);
    put_sizes(text, objective->units, objective->known, objective->size);
    put_measures(text, objective, PART_VALUE);
    put_name(text, "standard_error");
    strbuf_puts(text, "{");
    put_measures(text, objective, PART_ERROR);
    put_number_or_null(text, "token_mean_independent", objective->has_independent,
                       objective->independent);
    strbuf_puts(text, "}");
    if (corpus->has_macro)
        macro_put(text, &objective->macro);
    if (!corpus->has_bootstrap)
        return;
    put_name(text, "bootstrap");
    strbuf_puts(text, "{");
    put_count(text, "samples", corpus->bootstrap.samples);
    put_count(text, "seed", corpus->bootstrap.seed);
    put_number(text, "level", corpus->bootstrap.level);
    put_object(text, "standard_error", objective, PART_BOOTSTRAP_ERROR);
    put_object(text, "interval", objective, PART_INTERVAL);
    strbuf_puts(text, "}");
}
