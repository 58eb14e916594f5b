/* candidates.c - what is told of the ids that `candidates` asks about. */
#include "api/score/candidates.h"

#include "core/row_ranks.h"

#include "api/base/json_writer.h"
#include "api/plan/plan_candidates.h"

/* Each logit of the row is compared with some of the candidates. */
static uint64_t work_of(size_t width, size_t count)
{
    uint64_t each = WORK_COMPARISON;

    for (; count > 1; count /= 2)
        each += WORK_COMPARISON;
    return width * each;
}

bool candidates_fill(struct scored *scored, size_t token, const struct row *row,
                     const struct row_stats *stats, struct work *work, struct error *err)
{
    const json_t *ids = plan_candidates_at(&scored->plan, token);
    const size_t count = json_array_size(ids);
    struct candidate_score *candidate;
    double logit[ROW_RANKS_MAX];
    size_t above[ROW_RANKS_MAX];

    if (count == 0)
        return true;
    if (!work_charge(work, work_of(row->width, count), err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const size_t id = (size_t)json_integer_value(json_array_get(ids, i));

        if (id >= row->width)
            return true; /* plan_candidates_check() reports it */
        logit[i] = row_logit(row, id);
    }
    row_ranks(row, logit, count, above);
    candidate = scored->result.candidate + scored->result.candidate_at[token];
    for (size_t i = 0; i < count; i++)
        candidate[i] = (struct candidate_score){
            0 - row_nll(stats, &scored->plan.transform, logit[i]), 1 + above[i]};
    return true;
}

static void put_token(struct strbuf *text, const json_t *ids,
                      const struct candidate_score *candidate)
{
    strbuf_puts(text, "[");
    for (size_t i = 0; i < json_array_size(ids); i++) {
        strbuf_puts(text, i == 0 ? "[" : ",[");
        strbuf_integer(text, json_integer_value(json_array_get(ids, i)));
        strbuf_puts(text, ",");
        strbuf_number(text, candidate[i].log_prob);
        strbuf_puts(text, ",");
        strbuf_count(text, candidate[i].rank);
        strbuf_puts(text, "]");
    }
    strbuf_puts(text, "]");
}

void candidates_put(struct strbuf *text, const struct scored *scored)
{
    const struct result *result = &scored->result;

    put_name(text, "candidates");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < scored->plan.length; i++) {
        const json_t *ids = scored->plan.needed[i] ? plan_candidates_at(&scored->plan, i) : NULL;

        strbuf_puts(text, i == 0 ? "" : ",");
        if (ids)
            put_token(text, ids, result->candidate + result->candidate_at[i]);
        else
            strbuf_puts(text, "null");
    }
    strbuf_puts(text, "]");
}
