/* probes.c - liveness, readiness, metrics. */
#include "server/probes.h"

#include "api/base/arena_error.h"
#include "api/base/strbuf.h"
#include "api/routes/infer/infer_about.h"
#include "api/routes/infer/infer_model.h"

#include "server/process.h"
#include "server/server.h"

#include <stdio.h>
#include <string.h>

static void reply(struct exchange *x, const char *type, const char *text, size_t length)
{
    x->reply.status = 200;
    x->reply.type = type;
    x->reply.body = text;
    x->reply.length = length;
}

static void livez(struct exchange *x)
{
    static const char text[] = "{\"status\":\"alive\"}\n";

    reply(x, "application/json", text, sizeof text - 1);
}

static void readyz(struct exchange *x)
{
    static const char text[] = "{\"status\":\"ready\"}\n";

    if (atomic_load(&server_of(x)->phase) == PHASE_SERVING) {
        reply(x, "application/json", text, sizeof text - 1);
        return;
    }
    error_set(&x->error, ERR_DRAINING, "", "the server is shutting down; go elsewhere");
    exchange_fail(x);
}

/* ---- the same in the Open Inference Protocol ---- */

static void oip_live(struct exchange *x)
{
    static const char text[] = "{\"live\":true}\n";

    reply(x, "application/json", text, sizeof text - 1);
}

/* 503 while draining: the members `text`, and the error. */
static void refuse(struct exchange *x, const char *text)
{
    error_set(&x->error, ERR_DRAINING, "", "the server is shutting down; go elsewhere");
    exchange_fail(x);
    snprintf(x->problem, sizeof x->problem, "{%s,\"error\":\"%s\"}\n", text, x->error.detail);
    x->reply.length = strlen(x->problem);
}

static void oip_ready(struct exchange *x)
{
    static const char text[] = "{\"ready\":true,\"live\":true}\n";

    if (atomic_load(&server_of(x)->phase) == PHASE_SERVING)
        reply(x, "application/json", text, sizeof text - 1);
    else
        refuse(x, "\"ready\":false,\"live\":true");
}

static void oip_model_ready(struct exchange *x)
{
    const struct model *model = model_asked(x);
    char text[96];

    if (!model) {
        exchange_fail(x);
        return;
    }
    if (atomic_load(&server_of(x)->phase) != PHASE_SERVING) {
        snprintf(text, sizeof text, "\"name\":\"%s\",\"ready\":false", model->name);
        refuse(x, text);
        return;
    }
    snprintf(x->problem, sizeof x->problem, "{\"name\":\"%s\",\"ready\":true}\n", model->name);
    reply(x, "application/json", x->problem, strlen(x->problem));
}

/* ---- metrics ---- */

static void measure_process(struct metrics *m)
{
    const struct process_usage usage = process_measure();

    metric_set(m, METRIC_process_cpu_seconds_total, usage.cpu_seconds);
    metric_set(m, METRIC_process_open_fds, usage.open_files);
    metric_set(m, METRIC_process_max_fds, usage.most_files);
    metric_set(m, METRIC_process_threads, usage.threads);
    metric_set(m, METRIC_process_start_time_seconds, usage.start_time);
    metric_set(m, METRIC_process_virtual_memory_bytes, usage.virtual_bytes);
    metric_set(m, METRIC_process_resident_memory_bytes, usage.resident_bytes);
}

/* Refresh the gauges that other modules own. */
static void measure(struct server *server)
{
    struct metrics *m = &server->metrics;

    metric_set(m, METRIC_logitd_http_requests_in_flight, (double)atomic_load(&server->in_flight));
    metric_set(m, METRIC_logitd_connections, (double)atomic_load(&server->connections.count));
    metric_set(m, METRIC_logitd_queued, (double)admission_queued(&server->admission));
    metric_set(m, METRIC_logitd_memory_used_bytes, (double)memory_used(&server->memory));
    metric_set(m, METRIC_logitd_memory_limit_bytes, (double)server->memory.limit);
    metric_set(m, METRIC_logitd_log_lines_dropped_total, (double)log_dropped(server->log));
    metric_set(m, METRIC_logitd_ready, atomic_load(&server->phase) == PHASE_SERVING);
    metric_add(m, METRIC_logitd_rejects_total, LABELS(ERR_TIMEOUT),
               atomic_exchange(&server->connections.timeouts, 0));
    measure_process(m);
}

static void metrics(struct exchange *x)
{
    struct strbuf page = {.arena = &x->arena};

    measure(server_of(x));
    metrics_write(&server_of(x)->metrics, &page);
    if (!page.failed) {
        reply(x, METRICS_TYPE, page.data, page.length);
        return;
    }
    arena_fail(&x->arena, &x->error);
    exchange_fail(x);
}

const struct endpoint endpoint_livez = {.finish = livez};
const struct endpoint endpoint_readyz = {.finish = readyz};
const struct endpoint endpoint_metrics = {.finish = metrics};
const struct endpoint endpoint_oip_live = {.finish = oip_live};
const struct endpoint endpoint_oip_ready = {.finish = oip_ready};
const struct endpoint endpoint_oip_model_ready = {.finish = oip_model_ready};
