/* service.h - the real binary as a child process, and requests to it by libcurl.
 *
 * The program is $LOGITD (default build/logitd); its exit status tells what a sanitizer found. */
#ifndef TESTS_HTTP_SERVICE_H
#define TESTS_HTTP_SERVICE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct service {
    pid_t pid;
    char url[64];
    int errors; /* its stderr */
};

/* Start it on a free loopback port, with further arguments (NULL at the end, or NULL for none).
 * Aborts the test program where it does not start within a few seconds. */
void service_start(struct service *service, const char *const *arguments);

/* The same, with its stdout, the log, written to a file. */
void service_start_logging(struct service *service, const char *path, const char *const *arguments);

/* SIGTERM; its exit status, or -1 where it had to be killed. */
int service_stop(struct service *service);

/* The same without the signal: it must be ending already. */
int service_wait(struct service *service);

struct reply {
    long status; /* 0: no answer */
    char *body;  /* NUL-terminated */
    size_t length;
};

/* Carry out a request to a path that `curl` holds all else of, and which is cleaned up; a type of
 * NULL sets no Content-Type.  The caller frees reply->body. */
void service_perform(const struct service *service, const char *path, const char *type, CURL *curl,
                     struct reply *reply);

/* POST bytes to a path; as JSON where no type is given. */
void service_post_as(const struct service *service, const char *path, const char *type,
                     const char *body, size_t length, struct reply *reply);
void service_post(const struct service *service, const char *path, const char *body, size_t length,
                  struct reply *reply);
void service_get(const struct service *service, const char *path, struct reply *reply);

/* GET with one more header field ("": none); the reply's body begins with its head. */
void service_get_head(const struct service *service, const char *path, const char *header,
                      struct reply *reply);

/* The metrics, once they say what is awaited: what a request did is published once its answer is
 * out, which the client may see first.  Aborts where they never do. */
void service_metrics(const struct service *service, const char *awaited, struct reply *reply);

/* Whether a number of an answer so far came out as NaN, as the metrics say: a fault of ours.  The
 * answers are out, but the last one may not be counted yet: ask after another request. */
bool service_has_nan(const struct service *service);

/* The same as service_post() with any method and one more header field ("" for none; it may replace
 * the Content-Type, which is JSON). */
void service_ask(const struct service *service, const char *method, const char *path,
                 const char *header, const char *body, size_t length, struct reply *reply);

/* A whole file, NUL-terminated; aborts where it cannot be read.  The caller frees it. */
char *file_load(const char *path, size_t *length);

#endif
