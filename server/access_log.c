/* access_log.c - the metrics and the log line of a request.
 *
 * A client cannot fill either with what it chooses: paths are those of routes, labels come from
 * tables, texts are cut and escaped.  No body, token, key or query is ever written. */
#include "server/access_log.h"

#include "api/exchange/status.h"
#include "server/clock.h"
#include "server/router.h"

/* How the request ended: by our reply, libmicrohttpd's, or the sweep. */
struct outcome {
    unsigned status;       /* 0: no answer got out */
    enum error_code error; /* ERR_NONE: a success */
    bool lost;             /* the client went away */
    double seconds;
};

static struct outcome judge(const struct access_entry *e)
{
    const struct exchange *x = e->exchange;
    struct outcome o = {.seconds = clock_seconds(clock_now() - e->start), .lost = e->lost};

    if (e->late) {
        o.error = ERR_TIMEOUT;
        o.status = e->answered ? x->reply.status : status_of(ERR_TIMEOUT);
    } else if (e->answered) {
        o.error = x->error.code;
        o.status = x->reply.status;
    } else {
        o.error = e->sent >= 400 ? ERR_BAD_REQUEST : ERR_NONE;
        o.status = e->sent;
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

static void count_bytes(struct metrics *m, const struct access_entry *e)
{
    const struct exchange *x = e->exchange;

    metric_add(m, METRIC_logitd_http_request_body_bytes_total, NULL, e->received);
    metric_add(m, METRIC_logitd_http_request_body_inflated_bytes_total, NULL, x->stats.inflated);
    if (e->answered && !e->lost)
        metric_add(m, METRIC_logitd_http_response_body_bytes_total, NULL, x->reply.length);
}

static void count(struct metrics *m, const struct access_entry *e, const struct outcome *o)
{
    const struct exchange *x = e->exchange;
    const size_t route = router_index(m->routes, x->request.route);
    const size_t method = label_method(x->request.route ? e->method : "other");

    metric_add(m, METRIC_logitd_http_requests_total, LABELS(route, method, label_code(o->status)),
               1);
    metric_observe(m, METRIC_logitd_http_request_duration_seconds,
                   LABELS(router_scoring_index(m->routes, x->request.route)), o->seconds);
    if (e->waited > 0)
        metric_observe(m, METRIC_logitd_queue_seconds, LABELS(0), clock_seconds(e->waited));
    count_bytes(m, e);
    metric_add(m, METRIC_logitd_work_total, NULL, x->work.used);
    metric_add(m, METRIC_logitd_nan_results_total, NULL, x->stats.nans);
    if (o->error != ERR_NONE)
        metric_add(m, METRIC_logitd_rejects_total, LABELS(o->error), 1);
    else if (x->stats.sequences > 0)
        count_scores(m, &x->stats);
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

static const char *path_of(const struct exchange *x)
{
    return x->request.route ? x->request.route->path : "other";
}

static void tell_request(struct log_line *line, const struct access_entry *e)
{
    const struct exchange *x = e->exchange;

    log_line_string(line, "http.request.method", e->method);
    log_line_string(line, "http.route", path_of(x));
    log_line_string(line, "url.path", path_of(x));
    log_line_count(line, "http.request.body.size", e->received);
    if (x->stats.inflated > 0)
        log_line_count(line, "logitd.inflated_bytes", x->stats.inflated);
    if (x->work.used > 0)
        log_line_count(line, "logitd.work", x->work.used);
    log_line_string(line, "client.address", e->client);
    log_line_string(line, "network.protocol.version", e->version);
    if (*e->agent != '\0')
        log_line_string(line, "user_agent.original", e->agent);
    if (*e->trace_id != '\0')
        log_line_string(line, "trace_id", e->trace_id);
    log_line_string(line, "request_id", x->request.id ? x->request.id : "");
}

static void tell_outcome(struct log_line *line, const struct access_entry *e,
                         const struct outcome *o)
{
    if (o->status > 0)
        log_line_count(line, "http.response.status_code", o->status);
    log_line_count(line, "http.response.body.size", e->answered ? e->exchange->reply.length : 0);
    log_line_number(line, "http.server.request.duration", o->seconds);
    if (o->error != ERR_NONE)
        log_line_string(line, "error.type", error_slug(o->error));
    else if (o->lost)
        log_line_string(line, "error.type", "client_gone");
}

/* No answer should hold a NaN.  A line of its own tells of one, so that it is read where only
 * errors are logged. */
static void tell_nans(struct log *log, const struct exchange *x)
{
    struct log_line line;

    if (x->stats.nans == 0)
        return;
    log_open(&line, LOG_ERROR, "numbers of an answer are NaN: a fault of logitd");
    log_line_count(&line, "logitd.nan_results", x->stats.nans);
    log_line_string(&line, "http.route", path_of(x));
    log_line_string(&line, "request_id", x->request.id ? x->request.id : "");
    log_write(log, &line);
}

static enum log_level level_of(const struct exchange *x, const struct outcome *o)
{
    if (x->request.route && x->request.route->probe)
        return LOG_DEBUG;
    return o->status >= 500 ? LOG_ERROR : o->error != ERR_NONE ? LOG_WARNING : LOG_INFO;
}

void access_log_record(struct metrics *metrics, struct log *log, const struct access_entry *entry)
{
    const struct outcome o = judge(entry);
    const struct request_stats *stats = &entry->exchange->stats;
    const enum log_level level = level_of(entry->exchange, &o);
    struct log_line line;

    count(metrics, entry, &o);
    tell_nans(log, entry->exchange);
    if (!log_wants(log, level))
        return;
    log_open(&line, level, "request");
    tell_request(&line, entry);
    tell_outcome(&line, entry, &o);
    if (stats->sequences > 0 || stats->requests > 0)
        tell_scores(&line, stats);
    log_write(log, &line);
}
