/* service.c - the real binary as a child process. */
#include "tests/http/service.h"

#include <curl/curl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_ARGUMENTS 16
#define START_MS 20000
#define STOP_MS 40000

static void give_up(const char *why)
{
    fprintf(stderr, "service: %s\n", why);
    abort();
}

/* In the child: become the program. */
static void become(const char *const *arguments, const char *output, int errors)
{
    const char *program = getenv("LOGITD") ? getenv("LOGITD") : "build/logitd";
    char *argv[MOST_ARGUMENTS + 4] = {(char *)(uintptr_t)program, (char *)(uintptr_t) "--port",
                                      (char *)(uintptr_t) "0"};

    for (size_t i = 0; arguments && arguments[i] && i < MOST_ARGUMENTS; i++)
        argv[3 + i] = (char *)(uintptr_t)arguments[i];
    if (!freopen(output, "w", stdout) || dup2(errors, STDERR_FILENO) < 0)
        _exit(127);
    execv(program, argv);
    _exit(127);
}

/* The first line on stderr: "listening on URL". */
static void read_url(struct service *service)
{
    char line[256];
    size_t length = 0;
    struct pollfd ready = {service->errors, POLLIN, 0};

    while (length < sizeof line - 1) {
        if (poll(&ready, 1, START_MS) <= 0 || read(service->errors, line + length, 1) != 1)
            give_up("the server did not say where it listens");
        if (line[length] == '\n')
            break;
        length++;
    }
    line[length] = '\0';
    if (sscanf(line, "listening on %63s", service->url) != 1)
        give_up(line);
}

void service_start_logging(struct service *service, const char *path, const char *const *arguments)
{
    int ends[2];

    if (pipe(ends) != 0)
        give_up("no pipe");
    service->pid = fork();
    if (service->pid == 0)
        become(arguments, path, ends[1]);
    close(ends[1]);
    service->errors = ends[0];
    read_url(service);
}

void service_start(struct service *service, const char *const *arguments)
{
    service_start_logging(service, "/dev/null", arguments);
}

/* What the server said besides, for people who look at a failed test. */
static void show_errors(int errors)
{
    char text[4096];
    ssize_t length;
    struct pollfd ready = {errors, POLLIN, 0};

    while (poll(&ready, 1, 0) > 0 && (length = read(errors, text, sizeof text)) > 0)
        fwrite(text, 1, (size_t)length, stderr);
    close(errors);
}

int service_wait(struct service *service)
{
    int status = 0;

    for (int waited = 0; waitpid(service->pid, &status, WNOHANG) == 0; waited += 10) {
        if (waited > STOP_MS) {
            kill(service->pid, SIGKILL);
            waitpid(service->pid, &status, 0);
            break;
        }
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    show_errors(service->errors);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int service_stop(struct service *service)
{
    kill(service->pid, SIGTERM);
    return service_wait(service);
}

static size_t keep(char *bytes, size_t size, size_t count, void *context)
{
    struct reply *reply = context;
    char *body = realloc(reply->body, reply->length + size * count + 1);

    if (!body)
        return 0;
    memcpy(body + reply->length, bytes, size * count);
    reply->body = body;
    reply->length += size * count;
    body[reply->length] = '\0';
    return size * count;
}

/* `header` is "Name: value", or "". */
static void perform(const struct service *service, const char *path, const char *type,
                    const char *header, CURL *curl, struct reply *reply)
{
    struct curl_slist *headers = NULL;
    char url[256], content_type[256];

    snprintf(content_type, sizeof content_type, "Content-Type: %s", type ? type : "");
    if (type && strncmp(header, "Content-Type:", 13) != 0)
        headers = curl_slist_append(headers, content_type);
    if (header[0] != '\0')
        headers = curl_slist_append(headers, header);
    *reply = (struct reply){0, calloc(1, 1), 0};
    snprintf(url, sizeof url, "%s%s", service->url, path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}

void service_perform(const struct service *service, const char *path, const char *type, CURL *curl,
                     struct reply *reply)
{
    perform(service, path, type, "", curl, reply);
}

static void post(CURL *curl, const char *body, size_t length)
{
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
}

void service_ask(const struct service *service, const char *method, const char *path,
                 const char *header, const char *body, size_t length, struct reply *reply)
{
    CURL *curl = curl_easy_init();

    if (strcmp(method, "GET") != 0) {
        post(curl, body, length);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    }
    perform(service, path, "application/json", header, curl, reply);
}

void service_post_as(const struct service *service, const char *path, const char *type,
                     const char *body, size_t length, struct reply *reply)
{
    CURL *curl = curl_easy_init();

    post(curl, body, length);
    service_perform(service, path, type, curl, reply);
}

void service_post(const struct service *service, const char *path, const char *body, size_t length,
                  struct reply *reply)
{
    service_post_as(service, path, "application/json", body, length, reply);
}

void service_get(const struct service *service, const char *path, struct reply *reply)
{
    service_perform(service, path, NULL, curl_easy_init(), reply);
}

void service_get_head(const struct service *service, const char *path, const char *header,
                      struct reply *reply)
{
    CURL *curl = curl_easy_init();

    curl_easy_setopt(curl, CURLOPT_HEADER, 1L);
    perform(service, path, NULL, header, curl, reply);
}

void service_metrics(const struct service *service, const char *awaited, struct reply *reply)
{
    for (int tries = 0; tries < 6000; tries++) { /* a sanitizer on a busy machine takes its time */
        service_get(service, "/metrics", reply);
        if (reply->status != 200 || strstr(reply->body, awaited))
            return;
        free(reply->body);
        usleep(10000);
    }
    give_up(awaited);
}

bool service_has_nan(const struct service *service)
{
    static const char none[] = "\nlogitd_nan_results_total 0\n";
    struct reply reply;
    bool found;

    service_get(service, "/metrics", &reply);
    if (reply.status != 200 || !strstr(reply.body, "\nlogitd_nan_results_total "))
        give_up("there are no metrics");
    found = !strstr(reply.body, none);
    free(reply.body);
    return found;
}

char *file_load(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    long size;

    if (file && fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
        rewind(file);
        bytes = malloc((size_t)size + 1);
        *length = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
    }
    if (!bytes)
        give_up(path);
    fclose(file);
    bytes[*length] = '\0';
    return bytes;
}
