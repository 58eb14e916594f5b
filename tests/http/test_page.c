/* test_page.c - the page from the real binary: what it is sent as, to whom, and that it can be
 * turned off. */
#include "tests/http/service.h"
#include "tests/unit/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct service service, without, locked;

/* The value of a header field of a reply, or "". */
static void value_of(const struct reply *reply, const char *name, char *out, size_t size)
{
    const char *at = strstr(reply->body, name), *end = at ? strstr(at, "\r\n") : NULL;

    *out = '\0';
    if (end)
        snprintf(out, size, "%.*s", (int)(end - at) - (int)strlen(name), at + strlen(name));
}

#define PAGE "Content-Type: text/html; charset=utf-8\r\n"
#define LINKS "{\"name\":\"logitd\""
#define BROWSER "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

static const struct {
    const struct service *service;
    const char *path, *field;
    long status;
    const char *has; /* in the head or the body */
} replies[] = {
    {&service, "/", "", 200, PAGE},
    {&service, "/", BROWSER, 200, PAGE},
    {&service, "/", "Accept: application/json", 200, LINKS},
    {&service, "/", "Accept: application/json, text/html;q=0.9", 200, LINKS},
    {&service, "/", "Accept: application/*, text/*;q=0.5", 200, LINKS},
    {&service, "/", "Accept: application/json;q=0.5, text/*", 200, PAGE},
    {&service, "/", "Accept: application/json, text/html", 200, PAGE},
    {&service, "/", "Accept:", 200, PAGE},
    {&service, "/", "Accept: application/json, text/plain, */*", 200, LINKS},
    {&service, "/", "Accept: text/html, */*", 200, PAGE},
    {&service, "/", "Accept: application/json;q=0, */*", 200, PAGE},
    {&service, "/", "Accept: text/html;q=0, */*", 200, LINKS},
    {&service, "/?utm_source=mail", "", 200, PAGE},
    {&service, "/docs?reload", "", 200, PAGE},
    {&service, "/web/style.css?v=2", "", 200, "Content-Type: text/css; charset=utf-8\r\n"},
    {&service, "/web/%2e%2e/style.css", "", 404, "there is no such route"},
    {&service, "/web/..%2fstyle.css", "", 404, "the page has no such file"},
    {&service, "/", "Accept-Encoding: gzip;q=0", 200, PAGE},
    {&service, "/", "If-None-Match:  * ", 304, "ETag: \""},
    {&service, "/", "Accept-Encoding: gzip", 200, "Content-Encoding: gzip\r\n"},
    {&service, "/", "Accept-Encoding: deflate", 200, PAGE},
    {&service, "/", "If-None-Match: *", 304, "ETag: \""},
    {&service, "/", "If-None-Match: \"another\"", 200, PAGE},
    {&service, "/docs", "", 200, PAGE},
    {&service, "/web/index.html", "", 200, PAGE},
    {&service, "/web/style.css", "", 200, "Content-Type: text/css; charset=utf-8\r\n"},
    {&service, "/web/js/main.js", "", 200, "Content-Type: text/javascript; charset=utf-8\r\n"},
    {&service, "/web/nothing.js", "", 404, "the page has no such file"},
    {&service, "/web/js", "", 404, "the page has no such file"},
    {&service, "/web/js/main.js/x", "", 404, "there is no such route"},
    {&service, "/v1/scores", "", 404, "did you mean /v1/score? /openapi.json"},
    {&service, "/nothing", "", 404, "GET / and /openapi.json list all"},
    {&service, "/v1/score", "", 405, "takes POST, OPTIONS"},
    {&without, "/", "", 404, "--no-page"},
    {&without, "/docs", "", 404, "--no-page"},
    {&without, "/web/index.html", "", 404, "--no-page"},
    {&without, "/", "Accept: application/json", 200, LINKS},
    {&locked, "/", "", 200, PAGE},
    {&locked, "/", "Accept: application/json", 200, "\"needs_key\":true"},
    {&service, "/", "Accept: application/json", 200, "\"needs_key\":false"},
    {&locked, "/web/js/main.js", "", 200, "nosniff"},
    {&locked, "/v1/objectives", "", 401, "X-API-Key"},
};

START_TEST(replies_are_as_asked)
{
    struct reply reply;

    service_get_head(replies[_i].service, replies[_i].path, replies[_i].field, &reply);
    ck_assert_msg(reply.status == replies[_i].status && strstr(reply.body, replies[_i].has),
                  "%s %s: %ld %s", replies[_i].path, replies[_i].field, reply.status, reply.body);
    free(reply.body);
}
END_TEST

/* Nothing but what the program holds is loaded or run. */
START_TEST(the_policy_is_strict)
{
    struct reply reply;
    char policy[512];

    service_get_head(&service, "/", "", &reply);
    value_of(&reply, "Content-Security-Policy: ", policy, sizeof policy);
    ck_assert_ptr_nonnull(strstr(policy, "default-src 'none'"));
    ck_assert_ptr_nonnull(strstr(policy, "script-src 'self'"));
    ck_assert_ptr_null(strstr(policy, "unsafe"));
    ck_assert_ptr_null(strstr(policy, "http"));
    free(reply.body);
}
END_TEST

/* Each coding has a tag of its own, which is known again. */
START_TEST(tags_are_known_again)
{
    static const char *const codings[] = {"Accept-Encoding: gzip", "Accept-Encoding: identity"};
    char tag[2][128], field[512];

    for (int i = 0; i < 2; i++) {
        struct reply reply;

        service_get_head(&service, "/docs", codings[i], &reply);
        value_of(&reply, "ETag: ", tag[i], sizeof tag[i]);
        ck_assert_uint_gt(strlen(tag[i]), 2);
        free(reply.body);
    }
    ck_assert_str_ne(tag[0], tag[1]);
    for (int i = 0; i < 2; i++) {
        struct reply reply;

        snprintf(field, sizeof field, "If-None-Match: \"x\", W/%s", tag[i]);
        service_get_head(&service, "/docs", field, &reply); /* as the plain text */
        ck_assert_int_eq(reply.status, i == 0 ? 200 : 304);
        free(reply.body);
    }
}
END_TEST

/* The index names each route that the documents do; but none that is turned off. */
START_TEST(the_index_links_every_route)
{
    static const char *const paths[] = {"/v1/score", "/v1/rank", "/openapi.json",
                                        "/metrics",  "/docs",    "/v2/models/{name}/infer"};
    struct reply reply;
    char text[64];

    service_get_head(&service, "/", "Accept: application/json", &reply);
    for (size_t i = 0; i < COUNT(paths); i++) {
        snprintf(text, sizeof text, "\"path\":\"%s\"", paths[i]);
        ck_assert_msg(strstr(reply.body, text) != NULL, "%s", text);
    }
    free(reply.body);
    service_get_head(&without, "/", "Accept: application/json", &reply);
    ck_assert(strstr(reply.body, "\"path\":\"/\"") && !strstr(reply.body, "/docs"));
    free(reply.body);
}
END_TEST

START_TEST(servers_end_well)
{
    ck_assert_int_eq(service_stop(&service), 0);
    ck_assert_int_eq(service_stop(&without), 0);
    ck_assert_int_eq(service_stop(&locked), 0);
}
END_TEST

static void write_key(char *path)
{
    const int file = mkstemp(path);

    if (file < 0 || dprintf(file, "a-key-that-is-long-enough-0123456789\n") < 0)
        abort();
    close(file);
}

int main(void)
{
    static char path[] = "/tmp/logitd-keys-XXXXXX";
    const struct loop loops[] = {{replies_are_as_asked, COUNT(replies)}, {NULL, 0}};
    const TTest *const tests[] = {the_policy_is_strict, tags_are_known_again,
                                  the_index_links_every_route, servers_end_well, NULL};
    int failed;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    write_key(path);
    service_start(&service, NULL);
    service_start(&without, (const char *const[]){"--no-page", NULL});
    service_start(&locked, (const char *const[]){"--api-key-file", path, NULL});
    failed = suite_run("page", loops, tests);
    remove(path);
    return failed;
}
