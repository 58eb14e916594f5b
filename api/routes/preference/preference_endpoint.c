/* preference_endpoint.c - POST /v1/preference. */
#include "api/routes/preference/preference_endpoint.h"

#include "api/alignment/preference_lines.h"
#include "api/alignment/preference_reply.h"
#include "api/exchange/stopwatch.h"
#include "api/members/schemas.h"
#include "api/score/early_rows.h"
#include "api/score/json_or_lines.h"
#include "api/score/json_request.h"
#include "api/score/score.h"
#include "api/score/score_reply.h"

static const struct body_use use = {.layout = &body_layout_pairs, .decide = early_rows_decide};

static bool begin_document(struct exchange *x)
{
    return json_request_begin(x, &use, &schema_preference);
}

static bool answer_preference(struct planner *planner, struct strbuf *reply)
{
    struct exchange *x = planner->x;
    struct timespec watch = stopwatch_start();
    json_t *request = planner->body->tree;
    struct scores scores;
    struct cases cases;
    struct verdicts verdicts;
    const bool good = score_request(&scores, planner) && cases_make(&cases, &scores, request, x)
                      && verdicts_make(&verdicts, &cases, request, x);

    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    preference_reply_write(reply, &verdicts);
    score_reply_stats(&x->stats, &scores);
    x->stats.sequences = verdicts.cases.count; /* and not the outputs that were summed up */
    x->stats.write_seconds = stopwatch_lap(&watch);
    return !x->totals || preference_lines_add(x->totals, &verdicts, x);
}

static void finish_document(struct exchange *x)
{
    json_request_finish(x, answer_preference);
}

/* ---- lines ---- */

static void *make_totals(struct exchange *x)
{
    return preference_lines_make(x);
}

static void write_totals(struct strbuf *reply, void *totals, const struct request_stats *stats)
{
    (void)stats;
    preference_lines_write(reply, totals);
}

static const struct line_route route = {begin_document, json_request_feed, finish_document,
                                        make_totals, write_totals};

static bool begin_preference(struct exchange *x)
{
    return json_or_lines_begin(x, &route);
}

static bool feed_preference(struct exchange *x, const char *bytes, size_t length)
{
    return json_or_lines_feed(x, bytes, length, &route);
}

static void finish_preference(struct exchange *x)
{
    json_or_lines_finish(x, &route);
}

const struct endpoint endpoint_preference = {begin_preference, feed_preference, finish_preference};
