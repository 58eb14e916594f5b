/* test_log.c - lines are always JSON, and the log never waits. */
#include "tests/unit/suite.h"

#include "server/clock.h"
#include "server/log.h"
#include "server/request_id.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct {
    const char *text, *json;
} texts[] = {
    {"", "{\"a\":\"\"}\n"},
    {"plain", "{\"a\":\"plain\"}\n"},
    {"\"\\/", "{\"a\":\"\\\"\\\\/\"}\n"},
    {"\x01\n\t\x1f\x7f", "{\"a\":\"\\u0001\\u000a\\u0009\\u001f\\u007f\"}\n"},
    {"\xc3\xa9\xf0\x9f\x98\x80", "{\"a\":\"\xc3\xa9\xf0\x9f\x98\x80\"}\n"},
    {"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa", "{\"a\":\"\\u2028\\u2029\xe2\x80\xaa\"}\n"},
    {"\xc2\x80\xc2\x85\xc2\x9b\xc2\xa0", "{\"a\":\"\\u0080\\u0085\\u009b\xc2\xa0\"}\n"},
    {"\x80", "{\"a\":\"\\ufffd\"}\n"},
    {"\xc3", "{\"a\":\"\\ufffd\"}\n"},                                  /* cut */
    {"\xc0\xaf", "{\"a\":\"\\ufffd\\ufffd\"}\n"},                       /* overlong */
    {"\xe0\x80\x80", "{\"a\":\"\\ufffd\\ufffd\\ufffd\"}\n"},            /* overlong */
    {"\xed\xa0\x80", "{\"a\":\"\\ufffd\\ufffd\\ufffd\"}\n"},            /* surrogate */
    {"\xf4\x90\x80\x80", "{\"a\":\"\\ufffd\\ufffd\\ufffd\\ufffd\"}\n"}, /* past U+10FFFF */
    {"\xff\x41", "{\"a\":\"\\ufffdA\"}\n"},
};

START_TEST(texts_are_escaped)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct log_line line;

        log_line_open(&line);
        log_line_string(&line, "a", texts[i].text);
        log_line_close(&line);
        ck_assert_msg(line.length == strlen(texts[i].json)
                          && memcmp(line.text, texts[i].json, line.length) == 0,
                      "row %zu: %.*s", i, (int)line.length, line.text);
    }
}
END_TEST

START_TEST(numbers_are_json)
{
    static const char expected[] = "{\"a\":18446744073709551615,\"b\":0.5,\"c\":\"Infinity\","
                                   "\"d\":\"-Infinity\",\"e\":null,\"f\":0.123456789}\n";
    struct log_line line;

    log_line_open(&line);
    log_line_count(&line, "a", UINT64_MAX);
    log_line_number(&line, "b", 0.5);
    log_line_number(&line, "c", (double)INFINITY);
    log_line_number(&line, "d", -(double)INFINITY);
    log_line_number(&line, "e", (double)NAN);
    log_line_number(&line, "f", 0.12345678912);
    log_line_close(&line);
    ck_assert_uint_eq(line.length, strlen(expected));
    ck_assert_int_eq(memcmp(line.text, expected, line.length), 0);
}
END_TEST

START_TEST(what_does_not_fit_is_left_out)
{
    for (size_t size = sizeof((struct log_line *)0)->text - 40; size < 8192; size++) {
        static char text[8192];
        struct log_line line;
        json_t *document;

        memset(text, 'x', sizeof text);
        log_line_open(&line);
        log_line_count(&line, "first", 1);
        log_line_text(&line, "long", text, size);
        log_line_count(&line, "last", 2);
        log_line_close(&line);
        ck_assert_uint_le(line.length, sizeof line.text);
        document = json_loadb(line.text, line.length, 0, NULL);
        ck_assert_ptr_nonnull(document);
        ck_assert_int_eq(json_integer_value(json_object_get(document, "first")), 1);
        json_decref(document);
    }
}
END_TEST

/* Nobody reads the pipe: lines are dropped, the caller never waits, and neither does the end. */
START_TEST(a_full_pipe_stops_nobody)
{
    int ends[2];
    struct log *log;
    const uint64_t start = clock_now();

    ck_assert_int_eq(pipe(ends), 0);
    log = log_new(ends[1], LOG_INFO);
    ck_assert_ptr_nonnull(log);
    for (int i = 0; i < 30000; i++)
        log_event(log, LOG_INFO, "line %d, long enough to fill the ring before the end", i);
    ck_assert_uint_gt(log_dropped(log), 0);
    log_free(log, SECOND);
    ck_assert_uint_lt(clock_now() - start, 20 * SECOND);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

static size_t count_lines(int fd)
{
    static char text[1 << 16];
    size_t lines = 0;

    for (ssize_t got = read(fd, text, sizeof text); got > 0; got = read(fd, text, sizeof text)) {
        for (ssize_t i = 0; i < got; i++)
            lines += text[i] == '\n';
    }
    return lines;
}

START_TEST(levels_and_order_are_kept)
{
    int ends[2];
    struct log *log;

    ck_assert_int_eq(pipe(ends), 0);
    log = log_new(ends[1], LOG_WARNING);
    log_event(log, LOG_DEBUG, "no");
    log_event(log, LOG_INFO, "no");
    log_event(log, LOG_WARNING, "yes");
    log_event(log, LOG_ERROR, "yes");
    log_seldom(log, LOG_ERROR, "yes");
    log_seldom(log, LOG_ERROR, "no, in the same second");
    log_free(log, SECOND);
    close(ends[1]);
    ck_assert_uint_eq(count_lines(ends[0]), 3);
    close(ends[0]);
}
END_TEST

/* What was written to a file, from its beginning. */
static char *read_back(int fd, size_t *length)
{
    const off_t end = lseek(fd, 0, SEEK_END);
    char *text = malloc((size_t)end + 1);

    ck_assert_ptr_nonnull(text);
    ck_assert_int_eq(pread(fd, text, (size_t)end, 0), end);
    text[end] = '\0';
    *length = (size_t)end;
    return text;
}

/* Several times what the ring holds: no line is lost, broken or out of order where it wraps. */
START_TEST(lines_are_whole_around_the_ring)
{
    char path[] = "/tmp/logitd-log-XXXXXX", said[32];
    const int fd = mkstemp(path);
    struct log *log = log_new(fd, LOG_INFO);
    const size_t count = 3 * LOG_RING_SIZE / 400;
    size_t length;
    char *text, *line;

    unlink(path);
    for (size_t i = 0; i < count; i++) {
        log_event(log, LOG_INFO, "line %zu. %0*d", i, (int)(200 + i % 61), 0);
        if (i % 500 == 499)
            clock_sleep(20 * MILLISECOND);
    }
    ck_assert_uint_eq(log_dropped(log), 0);
    log_free(log, SECOND);
    line = text = read_back(fd, &length);
    for (size_t i = 0; i < count; i++) {
        char *end = strchr(line, '\n');
        json_t *document;

        ck_assert_ptr_nonnull(end);
        document = json_loadb(line, (size_t)(end - line), 0, NULL);
        ck_assert_msg(document != NULL, "%.*s", (int)(end - line), line);
        snprintf(said, sizeof said, "line %zu. ", i);
        ck_assert(strncmp(json_string_value(json_object_get(document, "body")), said, strlen(said))
                  == 0);
        json_decref(document);
        line = end + 1;
    }
    ck_assert_ptr_eq(line, text + length);
    free(text);
    close(fd);
}
END_TEST

/* Of a second, one line comes, which says how many before it did not; and time goes on. */
START_TEST(seldom_lines_tell_what_was_left_out)
{
    static const size_t left_out[] = {0, 2, 0};
    char path[] = "/tmp/logitd-log-XXXXXX";
    const int fd = mkstemp(path);
    struct log *log = log_new(fd, LOG_INFO);
    char *text, *line, first[32] = "";
    size_t length;

    unlink(path);
    for (size_t i = 0; i < COUNT(left_out); i++) {
        if (i > 0)
            clock_sleep(SECOND + 50 * MILLISECOND);
        for (size_t n = 0; n < (i == 0 ? 3 : 1); n++)
            log_seldom(log, LOG_INFO, "x");
    }
    log_free(log, SECOND);
    line = text = read_back(fd, &length);
    for (size_t i = 0; i < COUNT(left_out); i++, line = strchr(line, '\n') + 1) {
        json_t *document = json_loadb(line, strcspn(line, "\n"), 0, NULL);
        const char *stamp = json_string_value(json_object_get(document, "timestamp"));

        ck_assert_int_eq(json_integer_value(json_object_get(document, "logitd.lines_left_out")),
                         (json_int_t)left_out[i]);
        ck_assert(stamp && strlen(stamp) == strlen("2026-01-01T00:00:00.000000Z"));
        ck_assert_int_lt(strncmp(first, stamp, 19), 0); /* another second */
        snprintf(first, sizeof first, "%s", stamp);
        json_decref(document);
    }
    ck_assert_ptr_eq(line, text + length);
    free(text);
    close(fd);
}
END_TEST

static const struct {
    const char *header, *id; /* "": none */
} traces[] = {
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c"},
    {"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
     "0af7651916cd43dd8448eb211c80319c"},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x", ""},
    {"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", ""},
    {"00-00000000000000000000000000000000-b7ad6b7169203331-01", ""},
    {"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", ""},
    {"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", ""},
    {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", ""},
    {"", ""},
};

START_TEST(ids_are_taken_or_made)
{
    char id[129], other[129], trace[33], longest[130] = "";

    request_id_take(id, "a.B:9_-");
    ck_assert_str_eq(id, "a.B:9_-");
    request_id_take(id, "not/this");
    request_id_take(other, NULL);
    ck_assert_uint_eq(strlen(id), 36);
    ck_assert(id[14] == '7' && strchr("89ab", id[19])); /* RFC 9562: version and variant */
    ck_assert_str_ne(id, other);
    other[8] = '\0'; /* the highest 32 of 48 bits of milliseconds */
    ck_assert_int_lt(labs((long)(strtoull(other, NULL, 16) - (uint64_t)time(NULL) * 1000 / 65536)),
                     2);
    memset(longest, 'x', 129);
    request_id_take(id, longest);
    ck_assert_uint_eq(strlen(id), 36);
    request_id_take(id, longest + 1);
    ck_assert_str_eq(id, longest + 1);
    for (size_t i = 0; i < COUNT(traces); i++) {
        trace_id_take(trace, traces[i].header);
        ck_assert_str_eq(trace, traces[i].id);
    }
    trace_id_take(trace, NULL);
    ck_assert_str_eq(trace, "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {texts_are_escaped,
                                  numbers_are_json,
                                  what_does_not_fit_is_left_out,
                                  a_full_pipe_stops_nobody,
                                  levels_and_order_are_kept,
                                  lines_are_whole_around_the_ring,
                                  seldom_lines_tell_what_was_left_out,
                                  ids_are_taken_or_made,
                                  NULL};

    return suite_main("log", tests);
}
