/* server.c - make and release what the process shares. */
#include "server/server.h"

#include "core/cpu.h"
#include "core/kernels.h"
#include "server/console.h"
#include "server/process.h"

#include "api/json/readers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- kernel and reader ---- */

/* ", NAME" behind what is listed. */
static void list(char out[256], const char *name)
{
    const size_t length = strlen(out);

    snprintf(out + length, 256 - length, ", %s", name);
}

static const struct kernel *choose_kernel(const char *name)
{
    const struct kernel *kernel = kernel_find(cpu_features(), name);
    char names[256] = "auto";

    if (kernel)
        return kernel;
    for (size_t i = 0; kernel_at(cpu_features(), i); i++)
        list(names, kernel_at(cpu_features(), i)->name);
    console_error("--kernel: \"%s\" %s; this CPU runs %s", name,
                  kernel_exists(name) ? "does not run on this CPU" : "is not a kernel", names);
    return NULL;
}

static const struct reader *choose_reader(const char *name)
{
    const struct reader *reader = reader_find(cpu_features(), name);
    char names[256] = "auto";

    if (reader)
        return reader;
    for (size_t i = 0; reader_at(cpu_features(), i); i++)
        list(names, reader_at(cpu_features(), i)->name);
    console_error("--reader: \"%s\" %s; this CPU runs %s", name,
                  reader_exists(name) ? "does not run on this CPU" : "is not a reader", names);
    return NULL;
}

/* ---- the parts ---- */

static struct connection_limits limits_of(const struct config *config)
{
    return (struct connection_limits){.head = config->head_timeout,
                                      .idle = config->idle_timeout,
                                      .grace = config->body_grace,
                                      .rate = config->min_body_rate,
                                      .connections = (size_t)config->max_connections,
                                      .client_connections =
                                          (size_t)config->max_connections_per_client};
}

/* Long requests wait for processors, not for each other: so there are many more threads than CPUs.
 */
#define WORKERS_EACH 16

static size_t workers(const struct config *config)
{
    return config->workers > 0 ? (size_t)config->workers : (size_t)WORKERS_EACH * process_cpus();
}

static void prepare_memory(struct server *server)
{
    struct config *config = &server->config;

    if (config->max_memory == 0)
        config->max_memory = memory_default(process_memory());
    memory_init(&server->memory, (size_t)config->max_memory, (size_t)config->max_connections);
    admission_init(&server->admission, &server->memory.requests, (size_t)config->max_queued,
                   config->queue_time);
}

static void prepare_api(struct server *server, const struct kernel *kernel,
                        const struct reader *reader, const struct route *routes)
{
    const struct config *config = &server->config;

    server->api = (struct api){.kernel = kernel,
                               .reader = reader,
                               .no_page = config->no_page,
                               .needs_key = *config->api_key_file != '\0',
                               .budget = &server->memory.requests,
                               .operators = &server->memory.operators,
                               .request_memory = (size_t)config->max_request_memory,
                               .max_work = config->max_work,
                               .kept_rows = (size_t)config->max_kept_rows,
                               .max_body = config->max_body,
                               .max_inflation = config->max_inflation,
                               .routes = routes,
                               .infer_stats = &server->infer_stats};
}

static bool prepare_keys(struct server *server)
{
    char error[AUTH_ERROR_SIZE];

    if (auth_open(&server->auth, server->config.api_key_file, error))
        return true;
    console_error("%s", error);
    return false;
}

static bool prepare_log(struct server *server)
{
    server->log = log_new(STDOUT_FILENO, (enum log_level)server->config.log_level);
    if (server->log)
        return true;
    console_error("cannot start the thread that writes the log: %s", strerror(errno));
    return false;
}

static bool prepare_metrics(struct server *server)
{
    if (metrics_init(&server->metrics, server->api.routes, server->api.kernel->name))
        return true;
    console_error("cannot start: there is no memory for the metrics");
    return false;
}

static bool prepare_connections(struct server *server)
{
    if (connections_init(&server->connections, &server->api, server->log,
                         limits_of(&server->config)))
        return true;
    console_error("cannot start: there is no memory for %llu connections",
                  (unsigned long long)server->config.max_connections);
    return false;
}

bool server_prepare(struct server *server, const struct config *config, const struct route *routes)
{
    const struct kernel *kernel = choose_kernel(config->kernel);
    const struct reader *reader = kernel ? choose_reader(config->reader) : NULL;

    if (!reader)
        return false;
    *server = (struct server){.config = *config};
    if (server->config.threads == 0)
        server->config.threads = process_cpus();
    prepare_memory(server);
    prepare_api(server, kernel, reader, routes);
    if (!prepare_keys(server) || !prepare_log(server) || !prepare_metrics(server))
        return false;
    executor_init(&server->executor, workers(config));
    lingering_close_init(&server->parted);
    return prepare_connections(server);
}

void server_release(struct server *server)
{
    connections_release(&server->connections);
    lingering_close_end(&server->parted);
    metrics_release(&server->metrics);
    auth_close(&server->auth);
    log_free(server->log, SERVER_LOG_FLUSH);
    admission_release(&server->admission);
    memory_release(&server->memory);
}
