/* decoder_ndjson.c - application/x-ndjson: lines (score/lines.h) of requests to POST /v1/score.  A
 * line may also be an engine's answer, or a line of a batch, as it stands. */
#include "api/base/arena_error.h"
#include "api/members/schemas.h"
#include "api/routes/score/decoder.h"
#include "api/routes/score/score_answer.h"
#include "api/score/bare_answer.h"
#include "api/score/early_rows.h"
#include "api/score/lines.h"
#include "api/score/score_reply.h"
#include "api/score/temperatures.h"

/* A line may be an engine's answer, too. */
static const struct body_use line_use = {
    .layout = &body_layout_sequences, .decide = early_rows_decide, .knows = bare_answer_knows};

static bool begin_line(struct exchange *x)
{
    return json_request_begin(x, &line_use, &schema_score);
}

static void *make_totals(struct exchange *x)
{
    /* They need no zeroes, which would cost more than a short line does. */
    struct score_totals *totals = arena_grow(&x->arena, NULL, 0, sizeof *totals);

    if (!totals) {
        arena_fail(&x->arena, &x->error);
        return NULL;
    }
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        totals_clear(&totals->of[id]);
    temperature_totals_clear(&totals->temperatures, &x->arena);
    return totals;
}

static void write_totals(struct strbuf *reply, void *totals, const struct request_stats *stats)
{
    const struct score_totals *sums = totals;
    struct total total[OBJECTIVE_COUNT];

    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        total[id] = totals_value(&sums->of[id]);
    score_reply_totals(reply, total, stats->sequences, NULL, &sums->temperatures);
}

static void finish_line(struct exchange *x)
{
    answer_request(x, json_request_end(x));
}

static const struct line_route route = {begin_line, json_request_feed, finish_line, make_totals,
                                        write_totals};

static bool begin_ndjson(struct exchange *x)
{
    return lines_begin(x, &route);
}

const struct decoder decoder_ndjson = {
    .media_type = LINES_MEDIA_TYPE,
    .aliases = lines_aliases,
    .schema = "{'type':'string','description':'A ScoreRequest on each line, or the answer of an "
              "engine as it stands.'}",
    .help =
        "A request on each line, as in `application/json`, or an engine's answer as it stands, or "
        "a line of a batch: its `custom_id` is the `id`. A line is answered by a line: its "
        "answer, or an error with its `line`. The last line has the `totals` of all.",
    .begin = begin_ndjson,
    .feed = lines_feed,
    .finish = lines_finish};
