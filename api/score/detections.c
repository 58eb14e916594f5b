/* detections.c - the member `measures`. */
#include "api/score/detections.h"

#include "core/detection.h"

#include "api/base/arena_error.h"
#include "api/exchange/zlib_size.h"
#include "api/plan/plan_measures.h"

#include <math.h>

/* The measuring of one sequence.  The lists have room for all its tokens. */
struct measuring {
    const struct scored *scored;
    const json_t *asked;
    struct exchange *x;
    double *value, *deviation, *mean;
    bool *wanted;
};

static const json_t *asked_of(const struct scored *scored)
{
    return member_of(&scored->plan.path, FIELD_measures).value;
}

/* Copy the entries of an objective's tokens. */
static size_t pick(const struct scored *scored, enum objective_id id, const double *column,
                   double *out)
{
    size_t count = 0;

    for (size_t i = 0; i < scored->plan.length; i++)
        if (scored_has(scored, objective_at(id), i))
            out[count++] = column[i];
    return count;
}

static bool charge_sort(const struct measuring *measuring, size_t count)
{
    uint64_t each = WORK_SORT;

    for (size_t left = count; left > 1; left /= 2)
        each += WORK_SORT;
    return work_charge_each(&measuring->x->work, count, each, &measuring->x->error);
}

/* The means of the lowest of measuring->value, for a list of shares. */
static bool find_lowest(const struct measuring *measuring, size_t count, const json_t *shares,
                        double **lowest)
{
    const size_t size = json_array_size(shares);
    struct arena *arena = &measuring->x->arena;

    *lowest = arena_new(arena, double, size);
    if (!*lowest)
        return arena_fail(arena, &measuring->x->error);
    if (count == 0)
        return true;
    if (!charge_sort(measuring, count))
        return false;
    for (size_t i = 0; i < count; i++)
        measuring->wanted[i] = false;
    for (size_t i = 0; i < size; i++)
        measuring->wanted[lowest_count(count, json_number_value(json_array_get(shares, i))) - 1] =
            true;
    lowest_means(measuring->value, count, measuring->wanted, measuring->mean);
    for (size_t i = 0; i < size; i++)
        (*lowest)[i] =
            measuring->mean[lowest_count(count, json_number_value(json_array_get(shares, i))) - 1];
    return true;
}

/* How many bytes zlib makes of the text of an objective. */
static bool measure_text(const struct measuring *measuring, enum objective_id id, size_t *bytes)
{
    const struct sequence_path *path = &measuring->scored->plan.path;
    const enum field field = plan_measures_text(&measuring->scored->plan, id);
    const enum field fields[] = {field == FIELD_COUNT ? FIELD_prompt_text : field,
                                 FIELD_completion_text};
    const size_t count = field == FIELD_COUNT ? 2 : 1;
    struct zlib_text texts[2];

    for (size_t i = 0; i < count; i++) {
        const json_t *text = member_of(path, fields[i]).value;

        texts[i] = (struct zlib_text){json_string_value(text), json_string_length(text)};
        if (!work_charge_each(&measuring->x->work, texts[i].length, WORK_DEFLATE,
                              &measuring->x->error))
            return false;
    }
    *bytes = zlib_size(texts, count, &measuring->x->arena);
    return *bytes > 0 || arena_fail(&measuring->x->arena, &measuring->x->error);
}

static bool measure(const struct measuring *measuring, enum objective_id id,
                    struct detection *detection)
{
    const struct result *result = &measuring->scored->result;
    const json_t *lowest = json_object_get(measuring->asked, "min_k");
    const json_t *standard = json_object_get(measuring->asked, "min_k_plus_plus");
    size_t count;

    if (json_is_true(json_object_get(measuring->asked, "zlib_ratio"))
        && !measure_text(measuring, id, &detection->zlib_bytes))
        return false;
    count = pick(measuring->scored, id, result->log_prob, measuring->value);
    detection->tokens = count;
    if (lowest && !find_lowest(measuring, count, lowest, &detection->lowest))
        return false;
    if (!result->number[NUMBER_excess])
        return true;
    pick(measuring->scored, id, result->number[NUMBER_excess], measuring->value);
    pick(measuring->scored, id, result->number[NUMBER_deviation], measuring->deviation);
    detection->has_discrepancy =
        discrepancy(measuring->value, measuring->deviation, count, &detection->discrepancy);
    for (size_t i = 0; i < count; i++)
        measuring->value[i] = standard_score(measuring->value[i], measuring->deviation[i]);
    return !standard || find_lowest(measuring, count, standard, &detection->lowest_standard);
}

static bool measure_all(struct scored *scored, struct exchange *x)
{
    const size_t length = scored->plan.length;
    struct measuring measuring = {.scored = scored, .asked = asked_of(scored), .x = x};
    struct detection *detection = arena_new(&x->arena, struct detection, OBJECTIVE_COUNT);

    measuring.value = arena_new(&x->arena, double, length);
    measuring.deviation = arena_new(&x->arena, double, length);
    measuring.mean = arena_new(&x->arena, double, length);
    measuring.wanted = arena_new(&x->arena, bool, length);
    if (!detection || !measuring.value || !measuring.deviation || !measuring.mean
        || !measuring.wanted)
        return arena_fail(&x->arena, &x->error);
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        if ((scored->plan.objectives >> id & 1) && !measure(&measuring, id, &detection[id]))
            return false;
    scored->result.detection = detection;
    return true;
}

bool detections_make(const struct scores *scores, struct exchange *x)
{
    for (size_t i = 0; i < scores->count; i++)
        if (asked_of(scores->sequences[i]) && !measure_all(scores->sequences[i], x))
            return false;
    return true;
}

/* ---- writing the answer ---- */

static void put_lowest(struct strbuf *text, const char *name, const struct detection *detection,
                       const double *lowest, size_t count)
{
    put_name(text, name);
    strbuf_puts(text, "[");
    for (size_t i = 0; i < count; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        strbuf_number_or_null(text, detection->tokens > 0, lowest[i]);
    }
    strbuf_puts(text, "]");
}

static void put_zlib(struct strbuf *text, const struct tally *tally, size_t bytes)
{
    const struct scaled size = {(double)bytes, 0}, tokens = {(double)tally->tokens, 0};
    double ratio = 0;

    if (tally->tokens > 0)
        ratio = 0 - scaled_double(scaled_over(scaled_over(tally->log_prob, tokens), size));
    put_number_or_null(text, "zlib_ratio", tally->tokens > 0, ratio);
    put_count(text, "zlib_bytes", bytes);
}

void detections_put(struct strbuf *text, const struct scored *scored, enum objective_id id)
{
    const struct tally tally = scored_tally(scored, id);
    const struct detection *detection;
    const json_t *asked;

    if (!scored->result.detection)
        return;
    asked = asked_of(scored);
    detection = &scored->result.detection[id];
    put_name(text, "measures");
    strbuf_puts(text, "{");
    if (detection->lowest)
        put_lowest(text, "min_k", detection, detection->lowest,
                   json_array_size(json_object_get(asked, "min_k")));
    if (detection->lowest_standard)
        put_lowest(text, "min_k_plus_plus", detection, detection->lowest_standard,
                   json_array_size(json_object_get(asked, "min_k_plus_plus")));
    if (detection->zlib_bytes > 0)
        put_zlib(text, &tally, detection->zlib_bytes);
    if (json_is_true(json_object_get(asked, "fast_detect_gpt")))
        put_number_or_null(text, "fast_detect_gpt", detection->has_discrepancy,
                           detection->discrepancy);
    strbuf_puts(text, "}");
}
