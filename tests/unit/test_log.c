/* test_log.c - lines are always JSON, and the log never waits. */
#include "tests/unit/suite.h"

#include "server/clock.h"
#include "server/ids.h"
#include "server/log.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
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
        struct line line;

        line_open(&line);
        line_string(&line, "a", texts[i].text);
        line_close(&line);
        ck_assert_msg(line.length == strlen(texts[i].json)
                          && memcmp(line.text, texts[i].json, line.length) == 0,
                      "row %zu: %.*s", i, (int)line.length, line.text);
    }
}
END_TEST

START_TEST(numbers_are_json)
{
    static const char expected[] = "{\"a\":18446744073709551615,\"b\":0.5,\"c\":\"Infinity\","
                                   "\"d\":\"-Infinity\",\"e\":null}\n";
    struct line line;

    line_open(&line);
    line_count(&line, "a", UINT64_MAX);
    line_number(&line, "b", 0.5);
    line_number(&line, "c", (double)INFINITY);
    line_number(&line, "d", -(double)INFINITY);
    line_number(&line, "e", (double)NAN);
    line_close(&line);
    ck_assert_uint_eq(line.length, strlen(expected));
    ck_assert_int_eq(memcmp(line.text, expected, line.length), 0);
}
END_TEST

START_TEST(what_does_not_fit_is_left_out)
{
    for (size_t size = sizeof((struct line *)0)->text - 40; size < 8192; size += 7) {
        static char text[8192];
        struct line line;
        json_t *document;

        memset(text, 'x', sizeof text);
        line_open(&line);
        line_count(&line, "first", 1);
        line_text(&line, "long", text, size);
        line_count(&line, "last", 2);
        line_close(&line);
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
                                  ids_are_taken_or_made,
                                  NULL};

    return suite_main("log", tests);
}
