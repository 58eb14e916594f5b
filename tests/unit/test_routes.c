/* test_routes.c - targets, heads and routes: what is refused before any body is read. */
#include "tests/unit/suite.h"

#include "api/exchange/url_pattern.h"
#include "server/head.h"
#include "server/request_target.h"
#include "server/router.h"
#include "server/routes.h"

#include <stdio.h>
#include <string.h>

/* ---- targets ---- */

static const struct {
    const char *target, *path; /* NULL: refused */
} targets[] = {
    {"/", "/"},
    {"/v1/score", "/v1/score"},
    {"/v1/score?a=b", "/v1/score"},
    {"/a?b?c", "/a"},
    {"/v1%2fscore", "/v1%2fscore"}, /* never decoded: another path than /v1/score */
    {"http://host/livez", "/livez"},
    {"HTTPS://host:1/livez?x", "/livez"},
    {"http://host", NULL},
    {"ftp://host/livez", NULL},
    {"", NULL},
    {"*", NULL},
    {"livez", NULL},
    {"host:80", NULL},
    {"/livez%00", NULL},
    {"/livez%0", NULL},
    {"/livez%", NULL},
    {"/livez%g1", NULL},
    {"/livez?%00", NULL},
    {"/livez#x", NULL},
    {"/livez?x#y", NULL},
    {"/li vez", NULL},
    {"/livez\x01", NULL},
    {"/livez\x7f", NULL},
    {"/livez\x80", NULL},
    {"/livez\xff", NULL},
};

START_TEST(targets_are_cut_or_refused)
{
    for (size_t i = 0; i < COUNT(targets); i++) {
        char text[64];
        struct error err = {0};
        const char *path;

        strncpy(text, targets[i].target, sizeof text - 1);
        text[sizeof text - 1] = '\0';
        path = request_target_path(text, &err);
        ck_assert_msg((path != NULL) == (targets[i].path != NULL), "%s", targets[i].target);
        if (path)
            ck_assert_str_eq(path, targets[i].path);
        else
            ck_assert_int_eq(err.code, ERR_BAD_REQUEST);
    }
}
END_TEST

START_TEST(long_targets_are_414)
{
    char text[TARGET_MAX + 2];
    struct error err = {0};

    memset(text, 'a', sizeof text);
    text[0] = '/';
    text[TARGET_MAX] = '\0';
    ck_assert_ptr_nonnull(request_target_path(text, &err));
    text[TARGET_MAX] = 'a';
    text[TARGET_MAX + 1] = '\0';
    ck_assert_ptr_null(request_target_path(text, &err));
    ck_assert_int_eq(err.code, ERR_URI_TOO_LONG);
}
END_TEST

/* ---- heads ---- */

struct head_case {
    const char *method, *version;
    const char *fields[10]; /* name, value, name, value ... */
    enum error_code code;
    uint64_t length;
};

/* clang-format off */
#define HOST "Host", "a"
static const struct head_case heads[] = {
    {"GET", "HTTP/1.1", {HOST}, ERR_NONE, 0},
    {"GET", "HTTP/1.0", {NULL}, ERR_NONE, 0},
    {"POST", "HTTP/1.1", {HOST, "Content-Length", "5"}, ERR_NONE, 5},
    {"POST", "HTTP/1.1", {HOST, "content-length", "18446744073709551614"}, ERR_NONE, UINT64_MAX - 1},
    {"POST", "HTTP/1.1", {HOST, "Transfer-Encoding", "chunked"}, ERR_NONE, UINT64_MAX},
    {"POST", "HTTP/1.1", {HOST, "Transfer-Encoding", "Chunked"}, ERR_NONE, UINT64_MAX},
    {"POST", "HTTP/1.1", {HOST, "Expect", "100-Continue"}, ERR_NONE, 0},
    {"GET", "HTTP/1.1", {"Host", "[::1]:80"}, ERR_NONE, 0},
    {"GET", "HTTP/1.1", {"Host", ""}, ERR_NONE, 0},
    {"GET", "HTTP/1.1", {HOST, "X", "tab\there, \xc3\xa9"}, ERR_NONE, 0},
    {"POST", "HTTP/1.1", {HOST, "Content-Length", "5", "Transfer-Encoding", "chunked"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Content-Length", "5", "Content-Length", "5"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Content-Length", "18446744073709551615"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Content-Length", "18446744073709551616"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Content-Length", ""}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Content-Length", "+5"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Content-Length", "5,5"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Content-Length", "0x5"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Transfer-Encoding", "gzip, chunked"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Transfer-Encoding", "identity"}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Transfer-Encoding", "chunked "}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.1", {HOST, "Transfer-Encoding", ""}, ERR_BAD_REQUEST, 0},
    {"POST", "HTTP/1.0", {HOST, "Transfer-Encoding", "chunked"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {NULL}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "host", "a"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {"Host", "a b"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {"Host", "a/b"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {"Host", "a@b"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "X Y", "1"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "X ", "1"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "", "1"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "X(", "1"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "X\xe9", "1"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "X", "a\rb"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "X", "a\x7f"}, ERR_BAD_REQUEST, 0},
    {"G(T", "HTTP/1.1", {HOST}, ERR_BAD_REQUEST, 0},
    {"", "HTTP/1.1", {HOST}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.2", {HOST}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/2.0", {HOST}, ERR_BAD_REQUEST, 0},
    {"GET", "http/1.1", {HOST}, ERR_BAD_REQUEST, 0},
    {"GET", "", {HOST}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "Expect", "200-ok"}, ERR_EXPECTATION, 0},
    {"GET", "HTTP/1.1", {HOST, "Authorization", "a", "authorization", "b"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "X-API-Key", "a", "X-Api-Key", "b"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "Content-Type", "a/b", "Content-Type", "a/b"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "Content-Encoding", "gzip", "Content-Encoding", "gzip"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "Expect", "100-continue", "Expect", "100-continue"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "Inference-Header-Content-Length", "5", "Inference-Header-Content-Length", "5"}, ERR_BAD_REQUEST, 0},
    {"GET", "HTTP/1.1", {HOST, "X", "a", "X", "b"}, ERR_NONE, 0},
};
/* clang-format on */

static void make(struct head *head, const struct head_case *row)
{
    memset(head, 0, sizeof *head);
    head->method = row->method;
    head->version = row->version;
    for (size_t i = 0; i + 1 < COUNT(row->fields) && row->fields[i]; i += 2)
        head->field[head->count++] = (struct field){.name = row->fields[i],
                                                    .name_length = strlen(row->fields[i]),
                                                    .value = row->fields[i + 1],
                                                    .value_length = strlen(row->fields[i + 1])};
}

START_TEST(heads_are_audited)
{
    for (size_t i = 0; i < COUNT(heads); i++) {
        struct head head;
        struct framing framing;
        struct error err = {0};

        make(&head, &heads[i]);
        ck_assert_msg(head_audit(&head, &framing, &err) == (heads[i].code == ERR_NONE),
                      "row %zu: %s", i, err.detail);
        ck_assert_msg(err.code == heads[i].code, "row %zu: %s", i, err.detail);
        if (err.code == ERR_NONE)
            ck_assert_uint_eq(framing.length, heads[i].length);
    }
}
END_TEST

START_TEST(a_nul_in_a_value_is_refused)
{
    struct head head;
    struct framing framing;
    struct error err = {0};

    make(&head, &heads[0]);
    head.field[head.count++] =
        (struct field){.name = "X", .name_length = 1, .value = "a\0b", .value_length = 3};
    ck_assert(!head_audit(&head, &framing, &err));
}
END_TEST

START_TEST(too_many_fields_are_refused)
{
    struct head head;
    struct framing framing;
    struct error err = {0};

    make(&head, &heads[0]);
    while (head.count < HEAD_FIELDS)
        head.field[head.count++] =
            (struct field){.name = "X", .name_length = 1, .value = "", .value_length = 0};
    ck_assert(head_audit(&head, &framing, &err));
    head.overflow = true;
    ck_assert(!head_audit(&head, &framing, &err) && err.code == ERR_BAD_REQUEST);
}
END_TEST

START_TEST(long_heads_are_431)
{
    struct head head;
    struct framing framing;
    struct error err = {0};

    make(&head, &heads[0]);
    head.size = HEAD_MAX;
    ck_assert(head_audit(&head, &framing, &err));
    head.size++;
    ck_assert(!head_audit(&head, &framing, &err) && err.code == ERR_HEAD_TOO_LARGE);
}
END_TEST

/* ---- routes ---- */

static const struct {
    const char *method, *path, *found, *allow;
    enum error_code code;
} finds[] = {
    {"POST", "/v1/score", "/v1/score", "POST, OPTIONS", ERR_NONE},
    {"OPTIONS", "/v1/score", "/v1/score", "POST, OPTIONS", ERR_NONE},
    {"GET", "/v1/score", NULL, "POST, OPTIONS", ERR_BAD_METHOD},
    {"HEAD", "/v1/score", NULL, "POST, OPTIONS", ERR_BAD_METHOD},
    {"GET", "/livez", "/livez", "GET, HEAD, OPTIONS", ERR_NONE},
    {"HEAD", "/livez", "/livez", "GET, HEAD, OPTIONS", ERR_NONE},
    {"get", "/livez", NULL, "GET, HEAD, OPTIONS", ERR_BAD_METHOD},
    {"DELETE", "/metrics", NULL, "GET, HEAD, OPTIONS", ERR_BAD_METHOD},
    {"GET", "/livez/", NULL, "", ERR_NOT_FOUND},
    {"GET", "/Livez", NULL, "", ERR_NOT_FOUND},
    {"OPTIONS", "/none", NULL, "", ERR_NOT_FOUND},
    {"GET", "/v2/models/stats", "/v2/models/stats", "GET, HEAD, OPTIONS", ERR_NONE},
    {"POST", "/v2/models/stats", NULL, "GET, HEAD, OPTIONS", ERR_BAD_METHOD},
    {"GET", "/v2/models/x", "/v2/models/{name}", "GET, HEAD, OPTIONS", ERR_NONE},
    {"GET", "/v2/models/", NULL, "", ERR_NOT_FOUND},
    {"POST", "/v2/models/x/infer", "/v2/models/{name}/infer", "POST, OPTIONS", ERR_NONE},
    {"OPTIONS", "/v2/models/x/infer", "/v2/models/{name}/infer", "POST, OPTIONS", ERR_NONE},
    {"GET", "/v2/models/x/infer", NULL, "POST, OPTIONS", ERR_BAD_METHOD},
    {"GET", "/v2/models/x/y", NULL, "", ERR_NOT_FOUND},
    {"POST", "/v2/models/x/versions/1/infer", "/v2/models/{name}/versions/{version}/infer",
     "POST, OPTIONS", ERR_NONE},
    {"GET", "/v2/models/x/versions/", NULL, "", ERR_NOT_FOUND},
};

START_TEST(routes_are_found)
{
    for (size_t i = 0; i < COUNT(finds); i++) {
        struct error err = {0};
        const struct route *route = router_find(routes, finds[i].method, finds[i].path, &err);
        char allow[ALLOW_SIZE];

        router_allow(routes, finds[i].path, allow);
        ck_assert_str_eq(allow, finds[i].allow);
        ck_assert_int_eq(err.code, finds[i].code);
        ck_assert_msg((route != NULL) == (finds[i].found != NULL), "%s", finds[i].path);
        if (route)
            ck_assert_str_eq(route->path, finds[i].found);
    }
}
END_TEST

/* ---- patterns ---- */

static const struct {
    const char *pattern, *path;
    bool matches;
    const char *segment; /* {x}; NULL: there is none */
} patterns[] = {
    {"/", "/", true, NULL},
    {"/a", "/a", true, NULL},
    {"/a", "/a/", false, NULL},
    {"/a/", "/a/", true, NULL},
    {"/a/", "/a", false, NULL},
    {"/a", "/b", false, NULL},
    {"/a", "/ab", false, NULL},
    {"/ab", "/a", false, NULL},
    {"/a", "/a/b", false, NULL},
    {"/a/{x}", "/a/b", true, "b"},
    {"/a/{x}", "/a/%62", true, "%62"}, /* never decoded */
    {"/a/{x}", "/a/", false, NULL},
    {"/a/{x}", "/a", false, NULL},
    {"/a/{x}", "/a/b/c", false, "b"},
    {"/a/{x}/c", "/a/bb/c", true, "bb"},
    {"/a/{x}/c", "/a/b/d", false, "b"},
    {"/a/{y}/{x}", "/a/b/c", true, "c"},
    {"/a/{xx}/{x}", "/a/b/c", true, "c"},
    {"/a/{x}/c", "/a//c", false, NULL},
    {"/a/{x}", "/a/{x}", true, "{x}"},
};

START_TEST(patterns_match)
{
    for (size_t i = 0; i < COUNT(patterns); i++) {
        const char *wanted = patterns[i].segment, *segment;
        size_t length;

        ck_assert_msg(url_pattern_matches(patterns[i].pattern, patterns[i].path)
                          == patterns[i].matches,
                      "%s %s", patterns[i].pattern, patterns[i].path);
        segment = url_pattern_segment(patterns[i].pattern, patterns[i].path, "x", &length);
        ck_assert_msg((segment != NULL) == (wanted != NULL), "%s", patterns[i].path);
        ck_assert_uint_eq(length, wanted ? strlen(wanted) : 0);
        ck_assert(!wanted || memcmp(segment, wanted, length) == 0);
    }
}
END_TEST

static const struct {
    const char *path;
    enum error_style style;
} families[] = {
    {"/v2", STYLE_OIP},
    {"/v2/", STYLE_OIP},
    {"/v2?a", STYLE_OIP},
    {"/v2#a", STYLE_OIP},
    {"/v2/health/live", STYLE_OIP},
    {"/v2/no/such", STYLE_OIP},
    {"/v20", STYLE_NATIVE},
    {"/v", STYLE_NATIVE},
    {"", STYLE_NATIVE},
    {"/", STYLE_NATIVE},
    {"/v1/score", STYLE_NATIVE},
    {"/v1/completions", STYLE_OPENAI},
    {"/v1/completions/x", STYLE_OPENAI},
    {"/v1/models/gpt-2", STYLE_OPENAI},
    {"/v1/completion", STYLE_NATIVE},
};

/* [path, the route that was probably meant; NULL: any, so the index is told] */
static const struct {
    const char *path, *near;
} nearest[] = {
    {"/v1/scor", "/v1/score"},
    {"/v1/score/", "/v1/score"},
    {"/V1/SCORE", "/v1/score"},
    {"/score", "/v1/score"},
    {"/v1", "/v1/score"},
    {"/v1/", "/v1/score"},
    {"/v1/chat/completions", "/v1/completions"},
    {"/v2/models/", "/v1/models"},
    {"/v2/models/score/infr", "/v2/models/score/infer"},
    {"/v2/models/score/versions/1/stat", "/v2/models/score/versions/1/stats"},
    {"/openapi", "/openapi.json"},
    {"/docs/", "/docs"},
    {"/api/docs", "/docs"},
    {"/health", "/v2/health/live"},
    {"/ready", "/readyz"},
    {"/xyzzy", NULL},
    {"/v3", NULL},
    {"//", NULL},
};

START_TEST(missing_routes_name_the_nearest)
{
    for (size_t i = 0; i < COUNT(nearest); i++) {
        struct error err = {0};
        char text[160];

        if (nearest[i].near)
            snprintf(text, sizeof text, "did you mean %s? /openapi.json", nearest[i].near);
        else
            snprintf(text, sizeof text, "GET / and /openapi.json list all");
        ck_assert_ptr_null(router_find(routes, "GET", nearest[i].path, &err));
        ck_assert_msg(strstr(err.detail, text) != NULL, "%s: %s", nearest[i].path, err.detail);
    }
}
END_TEST

/* Also where there is no such route, and both ways to tell agree where there is. */
START_TEST(families_are_told_by_the_path)
{
    for (size_t i = 0; i < COUNT(families); i++)
        ck_assert_msg(route_style(families[i].path) == families[i].style, "%s", families[i].path);
    for (const struct route *r = routes; r->path; r++)
        ck_assert_msg(route_style(r->path) == r->style, "%s", r->path);
}
END_TEST

/* The page has nothing that is not in the program. */
static bool is_of_page(const char *path)
{
    return !strcmp(path, "/") || !strcmp(path, "/docs") || path_is_under(path, "/web");
}

START_TEST(only_probes_and_the_page_are_open)
{
    for (const struct route *r = routes; r->path; r++)
        ck_assert_int_eq(r->open, is_of_page(r->path) || !strcmp(r->path, "/livez")
                                      || !strcmp(r->path, "/readyz") || strstr(r->path, "/health/")
                                      || strstr(r->path, "/ready"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {targets_are_cut_or_refused,
                                  long_targets_are_414,
                                  heads_are_audited,
                                  a_nul_in_a_value_is_refused,
                                  too_many_fields_are_refused,
                                  long_heads_are_431,
                                  routes_are_found,
                                  missing_routes_name_the_nearest,
                                  patterns_match,
                                  families_are_told_by_the_path,
                                  only_probes_and_the_page_are_open,
                                  NULL};

    return suite_main("routes", tests);
}
