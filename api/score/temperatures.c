/* temperatures.c - objectives at several temperatures. */
#include "api/score/temperatures.h"

#include "core/measure.h"

#include "api/base/arena_error.h"
#include "api/base/json_writer.h"

/* The sums of a sequence at one of the different temperatures of its list. */
static const struct sequence_sums *sums_at(const struct scored *scored, size_t index)
{
    return index == 0 ? &scored->result.sums : &scored->result.further_sums[index - 1];
}

/* The column of a further temperature is a sequence without weights or other losses. */
static bool sum_up(struct scored *scored, struct arena *arena)
{
    const struct plan *plan = &scored->plan;
    const size_t further = temperature_list_further(plan->temperatures);
    struct result *result = &scored->result;
    struct sequence sequence = {.length = plan->length,
                                .segment = plan->segment,
                                .scored = plan->needed,
                                .greedy = result->greedy};

    if (further == 0)
        return true;
    result->further_sums = arena_new(arena, struct sequence_sums, further);
    for (size_t i = 0; result->further_sums && i < further; i++) {
        sequence.log_prob = result->further + i * result->stride;
        sequence_sum(&sequence, &result->further_sums[i]);
    }
    return result->further_sums != NULL;
}

/* ---- sums over sequences ---- */

void temperature_totals_clear(struct temperature_totals *totals, struct arena *arena)
{
    totals->arena = arena;
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        totals->of[id].any = false;
        totals->of[id].list.count = 0;
    }
}

/* Take the list of the first sequence. */
static bool begin(struct temperature_total *total, const struct temperature_list *list,
                  struct arena *arena)
{
    total->any = true;
    if (!list)
        return true;
    total->list = *list;
    total->sums = arena_grow(arena, NULL, 0, list->count_different * sizeof *total->sums);
    for (size_t i = 0; total->sums && i < list->count_different; i++)
        totals_clear(&total->sums[i]);
    return total->sums != NULL;
}

static bool add(struct temperature_total *total, const struct scored *scored, enum objective_id id,
                struct arena *arena)
{
    const struct temperature_list *list = scored->plan.temperatures;

    if (!total->any && !begin(total, list, arena))
        return false;
    if (!list || !temperature_list_is_same(&total->list, list))
        total->list.count = 0;
    for (size_t i = 0; total->list.count > 0 && i < list->count_different; i++)
        totals_add(&total->sums[i], objective_at(id), sums_at(scored, i));
    return true;
}

/* Add all sequences of a request. */
static bool add_all(struct temperature_totals *totals, const struct scores *scores)
{
    for (size_t i = 0; i < scores->count; i++)
        for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
            if ((scores->sequences[i]->plan.objectives >> id & 1)
                && !add(&totals->of[id], scores->sequences[i], id, totals->arena))
                return false;
    return true;
}

bool temperatures_make(struct scores *scores, struct temperature_totals *totals, struct exchange *x)
{
    bool any = false;

    for (size_t i = 0; i < scores->count; i++) {
        any |= scores->sequences[i]->plan.temperatures != NULL;
        if (!sum_up(scores->sequences[i], &x->arena))
            return arena_fail(&x->arena, &x->error);
    }
    if (totals && !add_all(totals, scores))
        return arena_fail(totals->arena, &x->error);
    if (!any)
        return true;
    scores->temperatures = arena_new(&x->arena, struct temperature_totals, 1);
    if (!scores->temperatures)
        return arena_fail(&x->arena, &x->error);
    temperature_totals_clear(scores->temperatures, &x->arena);
    return add_all(scores->temperatures, scores) || arena_fail(&x->arena, &x->error);
}

/* ---- writing the answer ---- */

static void put_entry(struct strbuf *text, double temperature, const struct tally *tally)
{
    const double tokens = (double)tally->tokens;
    double value = 0;
    bool known;

    put_number(text, "temperature", temperature);
    put_number(text, "log_prob", scaled_double(tally->log_prob));
    known = measure_on(SCALE_MEAN, tally->log_prob, tokens, &value);
    put_number_or_null(text, "loss", known, 0 - value);
    known = tally_perplexity(tally, &value);
    put_number_or_null(text, "perplexity", known, value);
}

void temperatures_put(struct strbuf *text, const struct scored *scored, enum objective_id id)
{
    const struct temperature_list *list = scored->plan.temperatures;

    if (!list)
        return;
    put_name(text, "by_temperature");
    for (size_t i = 0; i < list->count; i++) {
        const struct tally tally = objective_tally(objective_at(id), sums_at(scored, list->of[i]));

        strbuf_puts(text, i == 0 ? "[{" : ",{");
        put_entry(text, list->different[list->of[i]], &tally);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "]");
}

void temperatures_put_total(struct strbuf *text, const struct temperature_totals *totals,
                            enum objective_id id)
{
    const struct temperature_total *total = &totals->of[id];

    if (!total->any || total->list.count == 0)
        return;
    put_name(text, "by_temperature");
    for (size_t i = 0; i < total->list.count; i++) {
        const struct total at = totals_value(&total->sums[total->list.of[i]]);

        strbuf_puts(text, i == 0 ? "[{" : ",{");
        put_entry(text, total->list.different[total->list.of[i]], &at.tally);
        strbuf_puts(text, "}");
    }
    strbuf_puts(text, "]");
}
