/* policy_endpoint.c - POST /v1/policy. */
#include "api/routes/policy/policy_endpoint.h"

#include "api/alignment/policy_lines.h"
#include "api/alignment/policy_reply.h"
#include "api/alignment/policy_stream.h"
#include "api/exchange/stopwatch.h"
#include "api/members/schemas.h"
#include "api/score/json_or_lines.h"
#include "api/score/json_request.h"
#include "api/score/score.h"
#include "api/score/score_reply.h"

static const struct body_use use = {.layout = &body_layout_policies,
                                    .decide = policy_stream_decide};

static bool begin_document(struct exchange *x)
{
    return json_request_begin(x, &use, &schema_policy);
}

static bool answer_policy(struct planner *planner, struct strbuf *reply)
{
    struct exchange *x = planner->x;
    struct timespec watch = stopwatch_start();
    struct scores scores;
    struct policy_batch batch;
    struct policy_options options;
    struct policy_report report;
    const bool good = score_request(&scores, planner) && policy_batch_make(&batch, &scores, x)
                      && policy_options_read(&options, &batch, planner->body->tree, x)
                      && policy_report_make(&report, &batch, &options, x);

    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    policy_reply_write(reply, &report);
    score_reply_stats(&x->stats, &scores);
    x->stats.sequences = batch.count; /* not counted once for each output */
    x->stats.write_seconds = stopwatch_lap(&watch);
    return !x->totals || policy_lines_add(x->totals, &report, x);
}

static void finish_document(struct exchange *x)
{
    json_request_finish(x, answer_policy);
}

/* ---- lines ---- */

static void *make_totals(struct exchange *x)
{
    return policy_lines_make(x);
}

static void write_totals(struct strbuf *reply, void *totals, const struct request_stats *stats)
{
    (void)stats;
    policy_lines_write(reply, totals);
}

static const struct line_route route = {begin_document, json_request_feed, finish_document,
                                        make_totals, write_totals};

static bool begin_policy(struct exchange *x)
{
    return json_or_lines_begin(x, &route);
}

static bool feed_policy(struct exchange *x, const char *bytes, size_t length)
{
    return json_or_lines_feed(x, bytes, length, &route);
}

static void finish_policy(struct exchange *x)
{
    json_or_lines_finish(x, &route);
}

const struct endpoint endpoint_policy = {begin_policy, feed_policy, finish_policy};
