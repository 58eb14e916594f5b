/* access.c - the metrics and the log line of a request.
 *
 * Neither holds anything that a client could use to fill them: paths only where there is such a
 * route, labels only from tables, text cut and escaped; never a body, a token, a key or a query. */
#include "server/access.h"

#include "server/clock.h"
#include "server/router.h"

#include <stdio.h>
#include <string.h>

/* How the request ended, whoever ended it. */
struct outcome {
    unsigned status;       /* 0: no answer got out */
    enum error_code error; /* ERR_NONE: a success */
    bool lost;             /* the client went away */
    double seconds;
};

static struct outcome judge(const struct call *call, unsigned status, bool late)
{
    struct outcome o = {.seconds = clock_seconds(clock_now() - call->start), .lost = call->lost};

    if (late) {
        o.error = ERR_TIMEOUT;
        o.status = call->answered ? call->x.reply.status : status_of(ERR_TIMEOUT);
    } else if (call->answered) {
        o.error = call->x.error.code;
        o.status = call->x.reply.status;
    } else {
        o.status = status;
        o.error = status >= 400 ? ERR_BAD_REQUEST : ERR_NONE;
    }
    return o;
}

/* ---- metrics ---- */

static void count_scores(struct metrics *m, const struct request_stats *f)
{
    metric_add(m, METRIC_logitd_sequences_scored_total, NULL, f->sequences);
    metric_add(m, METRIC_logitd_tokens_scored_total, NULL, f->tokens);
    metric_add(m, METRIC_logitd_rows_reduced_total, NULL, f->rows);
    metric_observe(m, METRIC_logitd_stage_duration_seconds, LABELS(STAGE_PARSE), f->parse_seconds);
    metric_observe(m, METRIC_logitd_stage_duration_seconds, LABELS(STAGE_SCORE), f->score_seconds);
    metric_observe(m, METRIC_logitd_stage_duration_seconds, LABELS(STAGE_WRITE), f->write_seconds);
    for (size_t i = 0; i < OBJECTIVE_COUNT; i++)
        metric_merge(m, METRIC_logitd_token_loss, LABELS(i), f->objective[i].bucket,
                     f->objective[i].token_loss_sum);
}

static void count(const struct call *call, const struct outcome *o)
{
    struct metrics *m = &call->server->metrics;
    const struct route *routes = m->routes;
    const size_t route = router_index(routes, call->x.request.route);
    const size_t method = label_method(call->x.request.route ? call->method : "other");

    metric_add(m, METRIC_logitd_http_requests_total, LABELS(route, method, label_code(o->status)),
               1);
    metric_observe(m, METRIC_logitd_http_request_duration_seconds,
                   LABELS(router_scoring_index(routes, call->x.request.route)), o->seconds);
    metric_add(m, METRIC_logitd_http_request_body_bytes_total, NULL, call->received);
    metric_add(m, METRIC_logitd_http_request_body_inflated_bytes_total, NULL,
               call->x.stats.inflated);
    metric_add(m, METRIC_logitd_work_total, NULL, call->x.work.used);
    if (call->answered && !o->lost)
        metric_add(m, METRIC_logitd_http_response_body_bytes_total, NULL, call->x.reply.length);
    metric_add(m, METRIC_logitd_nan_results_total, NULL, call->x.stats.nans);
    if (o->error != ERR_NONE)
        metric_add(m, METRIC_logitd_rejects_total, LABELS(o->error), 1);
    else if (call->x.stats.sequences > 0)
        count_scores(m, &call->x.stats);
}

/* ---- the log ---- */

static void tell_scores(struct log_line *line, const struct request_stats *f)
{
    static const char *const losses[] = {
#define OBJECTIVE(name) "logitd.loss." #name,
#include "core/objectives.def"
    };

    if (f->model[0] != '\0')
        log_line_string(line, "logitd.model", f->model);
    if (f->requests > 0) {
        log_line_count(line, "logitd.requests", f->requests);
        log_line_count(line, "logitd.request_failures", f->failures);
    }
    log_line_count(line, "logitd.sequences", f->sequences);
    log_line_count(line, "logitd.tokens", f->tokens);
    log_line_count(line, "logitd.vocabulary", f->vocabulary);
    for (size_t i = 0; i < OBJECTIVE_COUNT; i++) {
        const struct objective_stats *o = &f->objective[i];

        if (o->weight > 0)
            log_line_number(line, losses[i], o->loss_sum / o->weight);
    }
    log_line_number(line, "logitd.parse_seconds", f->parse_seconds);
    log_line_number(line, "logitd.score_seconds", f->score_seconds);
    log_line_number(line, "logitd.write_seconds", f->write_seconds);
}

static void tell_request(struct log_line *line, const struct call *call)
{
    const char *path = call->x.request.route ? call->x.request.route->path : "other";

    log_line_string(line, "http.request.method", call->method);
    log_line_string(line, "http.route", path);
    log_line_string(line, "url.path", path);
    log_line_count(line, "http.request.body.size", call->received);
    if (call->x.stats.inflated > 0)
        log_line_count(line, "logitd.inflated_bytes", call->x.stats.inflated);
    if (call->x.work.used > 0)
        log_line_count(line, "logitd.work", call->x.work.used);
    log_line_string(line, "client.address", call->client);
    log_line_string(line, "network.protocol.version", call->version);
    if (call->agent[0] != '\0')
        log_line_string(line, "user_agent.original", call->agent);
    if (call->trace_id[0] != '\0')
        log_line_string(line, "trace_id", call->trace_id);
    log_line_string(line, "request_id", call->request_id);
}

static void tell_outcome(struct log_line *line, const struct call *call, const struct outcome *o)
{
    if (o->status > 0)
        log_line_count(line, "http.response.status_code", o->status);
    log_line_count(line, "http.response.body.size", call->answered ? call->x.reply.length : 0);
    log_line_number(line, "http.server.request.duration", o->seconds);
    if (o->error != ERR_NONE)
        log_line_string(line, "error.type", error_slug(o->error));
    else if (o->lost)
        log_line_string(line, "error.type", "client_gone");
}

/* No answer should hold a NaN: a line of its own, that is not missed where few are kept. */
static void tell_nans(const struct call *call)
{
    struct log_line line;

    if (call->x.stats.nans == 0)
        return;
    log_open(&line, LOG_ERROR, "numbers of an answer are NaN: a fault of logitd");
    log_line_count(&line, "logitd.nan_results", call->x.stats.nans);
    log_line_string(&line, "http.route",
                    call->x.request.route ? call->x.request.route->path : "other");
    log_line_string(&line, "request_id", call->request_id);
    log_write(call->server->log, &line);
}

static enum log_level level_of(const struct call *call, const struct outcome *o)
{
    if (call->x.request.route && call->x.request.route->quiet)
        return LOG_DEBUG;
    return o->status >= 500 ? LOG_ERROR : o->error != ERR_NONE ? LOG_WARNING : LOG_INFO;
}

void access_record(const struct call *call, unsigned status, bool late)
{
    const struct outcome o = judge(call, status, late);
    const enum log_level level = level_of(call, &o);
    struct log_line line;

    count(call, &o);
    tell_nans(call);
    if (!log_wants(call->server->log, level))
        return;
    log_open(&line, level, "request");
    tell_request(&line, call);
    tell_outcome(&line, call, &o);
    if (call->x.stats.sequences > 0 || call->x.stats.requests > 0)
        tell_scores(&line, &call->x.stats);
    log_write(call->server->log, &line);
}
