/* test_coding.c - compressed bodies: what they become, for every cut; what is refused; bombs. */
#include "tests/unit/echo.h"
#include "tests/unit/post.h"
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "api/exchange/body_decompress.h"
#include "api/exchange/content_codings.h"

#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

#define HELLO "hello, hello, hello"

/* Bytes in hexadecimal, made by Python's gzip and zlib or by hand from RFC 1950, 1951, 1952 and
 * 8878; what they become (NULL: 400), or why not. */
#define GZIP "1f8b08000000000002 03cb48cdc9c9d751c840a2009fa1ca0913000000"
#define GZIP_EMPTY "1f8b080000000000020303000000000000000000"
#define GZIP_FULL                                                                                  \
    "1f8b081e010203040003 0300616263 6e616d6500 636f6d6d656e7400 4c6e"                             \
    "cb48cdc9c9d751c840a200 9fa1ca0913000000"
#define ZLIB "789ccb48cdc9c9d751c840a200442806d5"
#define RAW "cb48cdc9c9d751c840a200"
#define ZSTD "28b52ffd 04 58 6d0000 3868656c6c6f2c200100 e28a1175 f3988e"
#define ZSTD_FIVE "28b52ffd 20 05 290000 68656c6c6f" /* one raw block, no checksum */
#define ZSTD_RUN "28b52ffd 20 05 2b0000 61"          /* one repeated byte */
#define SKIPPED "502a4d18 03000000 616263"

static const struct {
    const char *encoding, *bytes, *plain, *why;
} bodies[] = {
#include "tests/unit/data/coded.def"
};

static unsigned digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static size_t from_hex(const char *hex, unsigned char *out)
{
    size_t digits = 0;

    for (; *hex; hex++)
        if (*hex != ' ') {
            out[digits / 2] =
                (unsigned char)(digits % 2 == 0 ? digit(*hex) << 4 : out[digits / 2] | digit(*hex));
            digits++;
        }
    return digits / 2;
}

static void check_body(size_t i, const struct exchange *x)
{
    if (bodies[i].plain)
        ck_assert_msg(x->reply.status == 200 && x->reply.length == strlen(bodies[i].plain)
                          && memcmp(x->reply.body, bodies[i].plain, x->reply.length) == 0,
                      "row %zu: %.*s", i, (int)x->reply.length, x->reply.body);
    else
        ck_assert_msg(x->reply.status == 400 && reply_has(x, "\"code\":\"bad_encoding\"")
                          && reply_has(x, "Content-Encoding") && reply_has(x, bodies[i].why),
                      "row %zu: %.*s", i, (int)x->reply.length, x->reply.body);
}

/* Every two pieces, and every byte alone. */
START_TEST(bodies_become_plain_for_every_cut)
{
    const struct api api = plain_api(PLENTY);
    unsigned char bytes[256];
    struct exchange x;

    for (size_t i = 0; i < COUNT(bodies); i++) {
        const size_t length = from_hex(bodies[i].bytes, bytes);

        for (size_t first = 0; first <= length; first++) {
            echo_post(&x, &api, bodies[i].encoding, bytes, length, first, first == 0 ? 1 : length);
            check_body(i, &x);
            exchange_release(&x);
        }
    }
}
END_TEST

/* ---- damage ---- */

static const struct {
    const char *encoding, *bytes;
} streams[] = {{"gzip", GZIP},   {"gzip", GZIP_FULL}, {"deflate", ZLIB},
               {"deflate", RAW}, {"zstd", ZSTD},      {"zstd", ZSTD_FIVE}};

START_TEST(no_part_of_a_stream_is_a_stream)
{
    const struct api api = plain_api(PLENTY);
    unsigned char bytes[256];
    struct exchange x;

    for (size_t i = 0; i < COUNT(streams); i++) {
        const size_t length = from_hex(streams[i].bytes, bytes);

        for (size_t cut = 0; cut < length; cut++) {
            echo_post(&x, &api, streams[i].encoding, bytes, cut, 0, PLENTY);
            ck_assert_msg(x.reply.status == 400 && reply_has(&x, "ends early"),
                          "%s, %zu bytes: %.*s", streams[i].encoding, cut, (int)x.reply.length,
                          x.reply.body);
            exchange_release(&x);
        }
    }
}
END_TEST

/* Where there is a checksum, a changed bit is found or changes nothing (a time in the header). */
START_TEST(changed_bits_are_found)
{
    const struct api api = plain_api(PLENTY);
    unsigned char bytes[256];
    struct exchange x;
    size_t found = 0;

    for (size_t i = 0; i < COUNT(streams); i++) {
        const size_t length = from_hex(streams[i].bytes, bytes);
        const bool summed = i != 3 && i != 5;

        for (size_t bit = 0; bit < 8 * length; bit++) {
            bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
            echo_post(&x, &api, streams[i].encoding, bytes, length, 0, PLENTY);
            ck_assert(x.reply.status == 200 || reply_has(&x, "bad_encoding"));
            ck_assert_msg(!summed || x.reply.status != 200
                              || (x.reply.length == strlen(HELLO)
                                  && memcmp(x.reply.body, HELLO, x.reply.length) == 0),
                          "stream %zu, bit %zu: %.*s", i, bit, (int)x.reply.length, x.reply.body);
            found += x.reply.status != 200;
            bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
            exchange_release(&x);
        }
    }
    ck_assert_uint_ge(found, 1000); /* of 1,168: all but what a header says and nobody asks */
}
END_TEST

/* ---- what is not supported ---- */

static const char *const unsupported[] = {
    "br",         "compress",     "gzip, gzip", "gzip,identity", "gzip;q=1",
    "zstd, gzip", "gzip deflate", ",",          "gzipx",         "gzi",
};

START_TEST(other_codings_are_415)
{
    const struct api api = plain_api(PLENTY);
    struct exchange x;
    char known[64];

    coding_list(known, sizeof known);
    ck_assert_str_eq(known, "gzip, deflate, zstd");
    for (size_t i = 0; i < COUNT(unsupported); i++) {
        echo_post(&x, &api, unsupported[i], "", 0, 0, 1);
        ck_assert_msg(x.reply.status == 415 && reply_has(&x, unsupported[i])
                          && reply_has(&x, known),
                      "%s: %.*s", unsupported[i], (int)x.reply.length, x.reply.body);
        exchange_release(&x);
    }
}
END_TEST

/* ---- long bodies ---- */

#define LONG ((size_t)1 << 20)

/* Text that compresses as numbers do. */
static void write_numbers(char *out, size_t length)
{
    uint64_t state = 7;
    char number[32];

    for (size_t at = 0; at < length;) {
        const size_t digits = (size_t)sprintf(number, "%.6g,", random_normal(&state) * 4);

        memcpy(out + at, number, digits < length - at ? digits : length - at);
        at += digits;
    }
}

/* Compress; bits choose zlib's format (15 zlib, -15 raw, 31 gzip; 0 is zstd). */
static size_t compress_as(int bits, int level, const void *text, size_t length, void *out,
                          size_t size)
{
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)text,
                       .avail_in = (unsigned)length,
                       .next_out = out,
                       .avail_out = (unsigned)size};

    if (bits == 0)
        return ZSTD_compress(out, size, text, length, level);
    ck_assert_int_eq(deflateInit2(&stream, level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return size - stream.avail_out;
}

static const struct {
    const char *encoding;
    int bits, level;
    size_t memory; /* that it may take, whatever the body */
} longs[] = {
    {"gzip", 31, 6, 160 << 10},     {"gzip", 31, 1, 160 << 10}, {"deflate", 15, 9, 160 << 10},
    {"deflate", -15, 6, 160 << 10}, {"zstd", 0, 3, 4 << 20},    {"zstd", 0, 19, 10 << 20},
};

START_TEST(long_bodies_in_bounded_memory)
{
    static const size_t steps[] = {1, 7, 4096, 32768, LONG};
    const struct api api = plain_api(PLENTY);
    char *text = malloc(LONG), *packed = malloc(LONG);
    struct exchange x;

    write_numbers(text, LONG);
    for (size_t i = 0; i < COUNT(longs); i++) {
        const size_t length = compress_as(longs[i].bits, longs[i].level, text, LONG, packed, LONG);

        for (size_t s = 0; s < COUNT(steps); s++) {
            echo_post(&x, &api, longs[i].encoding, packed, length, 0, steps[s]);
            ck_assert_msg(x.reply.status == 200 && echo.length == LONG
                              && memcmp(echo.data, text, LONG) == 0,
                          "%s", longs[i].encoding);
            ck_assert_msg(echo.memory < longs[i].memory, "%s: %zu bytes", longs[i].encoding,
                          echo.memory);
            ck_assert_uint_eq(x.stats.inflated, LONG);
            exchange_release(&x);
        }
    }
    free(text);
    free(packed);
}
END_TEST

/* ---- bombs ---- */

#define BOMB ((size_t)16 << 20)

/* Whether a body is cut off with 413, naming the flag, after `most` bytes or few more. */
static void check_bomb(const struct api *api, const char *encoding, const void *body, size_t length,
                       const char *flag, size_t most)
{
    struct exchange x;

    for (size_t step = 1000; step <= BOMB; step *= 40) {
        echo_post(&x, api, encoding, body, length, 0, step);
        ck_assert_msg(x.reply.status == 413 && reply_has(&x, flag) && reply_has(&x, "decompressed"),
                      "%s: %.*s", encoding, (int)x.reply.length, x.reply.body);
        ck_assert_msg(echo.length <= most, "%s: %zu bytes got through", encoding, echo.length);
        ck_assert_uint_lt(echo.memory, 1 << 20);
        exchange_release(&x);
    }
}

/* A frame of `count` blocks, each one byte 128 Ki times, in 4 bytes. */
static size_t write_runs(unsigned char *out, size_t count)
{
    size_t length = from_hex("28b52ffd 00 38", out); /* a window of 128 KiB */

    for (size_t i = 0; i < count; i++) {
        const uint32_t block = (uint32_t)(128 << 10 << 3 | 1 << 1 | (i + 1 == count));

        out[length++] = (unsigned char)block;
        out[length++] = (unsigned char)(block >> 8);
        out[length++] = (unsigned char)(block >> 16);
        out[length++] = ' ';
    }
    return length;
}

START_TEST(bombs_are_413_in_constant_memory)
{
    struct api ratio = plain_api(PLENTY), size = plain_api(PLENTY);
    char *blank = malloc(BOMB), *packed = malloc(BOMB / 100);
    size_t length;

    ratio.max_inflation = 100;
    size.max_body = 10 << 20;
    memset(blank, ' ', BOMB);
    for (int bits = -15; bits <= 31; bits += 46) {
        const char *encoding = bits == 31 ? "gzip" : "deflate";

        length = compress_as(bits, 6, blank, BOMB, packed, BOMB / 100);
        check_bomb(&ratio, encoding, packed, length, "--max-inflation", DECOMPRESS_TRUSTED);
        check_bomb(&size, encoding, packed, length, "--max-body", 10 << 20);
    }
    length = write_runs((unsigned char *)packed, BOMB / (128 << 10));
    check_bomb(&ratio, "zstd", packed, length, "--max-inflation", DECOMPRESS_TRUSTED);
    check_bomb(&size, "zstd", packed, length, "--max-body", 10 << 20);
    free(blank);
    free(packed);
}
END_TEST

/* The limits themselves are allowed. */
START_TEST(limits_are_inclusive)
{
    struct api api = plain_api(PLENTY);
    unsigned char bytes[64], runs[256];
    struct exchange x;

    api.max_body = strlen(HELLO);
    api.max_inflation = 1;
    echo_post(&x, &api, "gzip", bytes, from_hex(GZIP, bytes), 0, PLENTY);
    ck_assert_uint_eq(x.reply.status, 200);
    exchange_release(&x);
    api.max_body--;
    echo_post(&x, &api, "gzip", bytes, from_hex(GZIP, bytes), 0, PLENTY);
    ck_assert_uint_eq(x.reply.status, 413);
    exchange_release(&x);
    api.max_body = 0; /* 4 MiB of any ratio */
    echo_post(&x, &api, "zstd", runs, write_runs(runs, 32), 0, PLENTY);
    ck_assert_uint_eq(x.reply.status, 200);
    ck_assert_uint_eq(echo.length, DECOMPRESS_TRUSTED);
    exchange_release(&x);
    echo_post(&x, &api, "zstd", runs, write_runs(runs, 33), 0, PLENTY);
    ck_assert_uint_eq(x.reply.status, 413);
    exchange_release(&x);
    for (int over = 0; over < 2;
         over++) { /* 138 bytes make 138 times as much and a little, or 139 */
        api.max_inflation = over == 1 ? 31116 : 31343;
        echo_post(&x, &api, "zstd", runs, write_runs(runs, 33), 0, PLENTY);
        ck_assert_uint_eq(x.reply.status, over == 1 ? 413 : 200);
        exchange_release(&x);
    }
}
END_TEST

/* What is still to come out when the last byte is in, comes. */
START_TEST(what_the_last_byte_makes_comes_out)
{
    const struct api api = plain_api(PLENTY);
    static char blank[CODING_OUT + 1500];
    unsigned char packed[1024];
    struct exchange x;

    memset(blank, ' ', sizeof blank);
    for (size_t length = CODING_OUT - 100; length < sizeof blank; length += 7)
        for (int bits = -15; bits <= 0; bits += 15) {
            const size_t size = compress_as(bits, 9, blank, length, packed, sizeof packed);

            echo_post(&x, &api, bits == 0 ? "zstd" : "deflate", packed, size, 0, PLENTY);
            ck_assert_msg(x.reply.status == 200 && echo.length == length, "%zu: %.*s", length,
                          (int)x.reply.length, x.reply.body);
            exchange_release(&x);
        }
}
END_TEST

/* Windows that grow and shrink from frame to frame are given back. */
START_TEST(windows_do_not_pile_up)
{
    static unsigned char bytes[64 << 10];
    const struct api api = plain_api(PLENTY);
    struct exchange x;
    size_t length = 0;

    for (size_t i = 0; i < 400; i++)
        length += from_hex(i % 200 == 199 ? "28b52ffd 00 68 290000 68656c6c6f"
                                          : "28b52ffd 00 00 290000 68656c6c6f",
                           bytes + length);
    for (unsigned window = 0; window <= 0x68; window++) {
        const size_t start = length;

        length += from_hex("28b52ffd 00 00 290000 68656c6c6f", bytes + length);
        bytes[start + 5] = (unsigned char)window;
    }
    echo_post(&x, &api, "zstd", bytes, length, 0, 999);
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    ck_assert_uint_lt(echo.memory, 9 << 20);
    exchange_release(&x);
}
END_TEST

/* ---- memory ---- */

/* With ever more memory there is an error that says so, and at last an answer; nothing is left. */
START_TEST(missing_memory_is_an_error)
{
    struct budget budget = {.limit = PLENTY};
    unsigned char bytes[256];
    struct exchange x;

    for (size_t i = 0; i < COUNT(streams); i++) {
        const size_t length = from_hex(streams[i].bytes, bytes);
        size_t failed[2] = {0, 0}, worked = 0;

        for (size_t memory = 0; memory < 4 << 20; memory += memory / 32 + 1024) {
            for (int shared = 0; shared < 2; shared++) {
                struct api api = plain_api(shared ? PLENTY : memory);

                budget.limit = shared ? memory : PLENTY;
                api.budget = &budget;
                echo_post(&x, &api, streams[i].encoding, bytes, length, 0, PLENTY);
                ck_assert_uint_eq(x.reply.status != 200,
                                  x.error.code == (shared ? ERR_NO_MEMORY : ERR_TOO_LARGE));
                failed[shared] += x.reply.status != 200;
                worked += x.reply.status == 200;
                exchange_release(&x);
                ck_assert_uint_eq(atomic_load(&budget.used), 0);
            }
        }
        ck_assert_uint_ge(failed[0], 40);
        ck_assert_uint_ge(worked, 25);
        ck_assert_uint_eq(failed[0], failed[1]);
    }
}
END_TEST

/* ---- a real endpoint ---- */

/* A compressed request is answered as the plain one, errors with their places, too. */
static const char *const requests[] = {"{\"tokens\":[0,1],\"logits\":[[0,1]]}",
                                       "{\"tokens\":[0,1],\"logits\":[[0,1],[2]]}",
                                       "{\"tokens\":[0,1],\"logits\":[[0,1}", "{\"tokens\":[0,1],"};

START_TEST(requests_are_scored_as_plain_ones)
{
    static const struct route score = {
        .method = "POST", .path = "/v1/score", .endpoint = &endpoint_score};
    const struct api api = plain_api(PLENTY);
    unsigned char packed[256];
    struct exchange plain, x;

    for (size_t n = 0; n < 2 * COUNT(requests); n++) {
        const size_t i = n / 2;
        const char *type = n % 2 == 0 ? NULL : "application/x-ndjson";
        const size_t length =
            compress_as(31, 6, requests[i], strlen(requests[i]), packed, sizeof packed);
        bool good;

        post_as(&plain, &api, type, requests[i], strlen(requests[i]), 0, PLENTY);
        exchange_init(&x, &api);
        x.request.id = "test";
        x.request.route = &score;
        x.request.content_encoding = "gzip";
        x.request.content_type = type;
        x.request.content_length = length;
        ck_assert(exchange_begin(&x));
        ck_assert_uint_eq(x.request.content_length, REQUEST_LENGTH_UNKNOWN);
        good = exchange_feed(&x, (const char *)packed, length);
        if (good)
            exchange_finish(&x);
        else
            exchange_fail(&x);
        ck_assert_uint_eq(x.reply.status, plain.reply.status);
        ck_assert_uint_eq(x.reply.length, plain.reply.length);
        ck_assert_mem_eq(x.reply.body, plain.reply.body, x.reply.length);
        ck_assert(x.reply.status != 200 || x.stats.inflated == strlen(requests[i]));
        exchange_release(&x);
        exchange_release(&plain);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bodies_become_plain_for_every_cut,
                                  no_part_of_a_stream_is_a_stream,
                                  changed_bits_are_found,
                                  other_codings_are_415,
                                  long_bodies_in_bounded_memory,
                                  bombs_are_413_in_constant_memory,
                                  limits_are_inclusive,
                                  what_the_last_byte_makes_comes_out,
                                  windows_do_not_pile_up,
                                  missing_memory_is_an_error,
                                  requests_are_scored_as_plain_ones,
                                  NULL};

    api_start();
    return suite_main("coding", tests);
}
