/* test_packing.c - answers that go out compressed: when, as what, and that they read back. */
#include "tests/unit/echo.h"
#include "tests/unit/post.h"
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "api/exchange/reply_compress.h"
#include "api/exchange/wish.h"

#include <stdio.h>
#include <zlib.h>

static const struct {
    const char *accept;
    enum reply_coding coding;
} wishes[] = {
    {NULL, REPLY_PLAIN},
    {"", REPLY_PLAIN},
    {"gzip", REPLY_GZIP},
    {"x-gzip", REPLY_GZIP},
    {"GZIP", REPLY_GZIP},
    {"deflate", REPLY_DEFLATE},
    {"deflate, gzip", REPLY_GZIP}, /* a tie */
    {"deflate;q=1, gzip;q=0.9", REPLY_DEFLATE},
    {"gzip;q=0", REPLY_PLAIN},
    {"gzip;q=0.000", REPLY_PLAIN},
    {"gzip;q=0.001", REPLY_GZIP},
    {"gzip;q=0, deflate", REPLY_DEFLATE},
    {"gzip;q=1.000", REPLY_GZIP},
    {"gzip;Q=0.5", REPLY_GZIP},
    {" \tgzip ; q=0.5 ,br", REPLY_GZIP},
    {"br, zstd", REPLY_PLAIN},
    {"*", REPLY_GZIP},
    {"*;q=0", REPLY_PLAIN},
    {"gzip;q=0, *", REPLY_DEFLATE},
    {"*;q=0, deflate", REPLY_DEFLATE},
    {"identity", REPLY_PLAIN},
    {"identity, gzip", REPLY_GZIP}, /* a tie, and it is worth it */
    {"identity, gzip;q=0.5", REPLY_PLAIN},
    {"identity;q=0.5, gzip", REPLY_GZIP},
    {"identity;q=0, *;q=0.1", REPLY_GZIP},
    {"gzip, deflate, br, zstd", REPLY_GZIP},
    {"gzip, gzip;q=0", REPLY_PLAIN}, /* the last one holds */
    {",,gzip,", REPLY_GZIP},
    /* What is no weight is no wish. */
    {"gzip;q=", REPLY_PLAIN},
    {"gzip;q=2", REPLY_PLAIN},
    {"gzip;q=1.001", REPLY_PLAIN},
    {"gzip;q=0.5000", REPLY_PLAIN},
    {"gzip;q=.5", REPLY_PLAIN},
    {"gzip;q=0,5", REPLY_PLAIN},
    {"gzip;q=-1", REPLY_PLAIN},
    {"gzip;q=0.x", REPLY_PLAIN},
    {"gzip;level=9", REPLY_PLAIN},
    {"gzipped", REPLY_PLAIN},
    {"gz ip", REPLY_PLAIN},
    {";", REPLY_PLAIN},
    {";q=1", REPLY_PLAIN},
};

/* The weight of text/html. */
static const struct {
    const char *accept;
    int weight;
} types[] = {
    {NULL, 1000},
    {"", 0},
    {"text/html", 1000},
    {"TEXT/HTML;q=0.3", 300},
    {"text/html;level=1;q=0.25", 250},
    {"text/html;q=0.5;level=1", 500},
    {"*/*;q=0.1", 100},
    {"text/*;q=0.2, */*;q=0.9", 200},
    {"*/*;q=0.9, text/html;q=0.4, text/*;q=0.2", 400},
    {"application/json", 0},
    {"text/htm", 0},
    {"text/html5", 0},
    {"text/plain, text/*;q=0", 0},
    {"text/html;q=2", 0}, /* what is no weight is no wish */
    {"text/html;q=2, */*;q=0.5", 500},
};

START_TEST(media_types_are_weighed)
{
    for (size_t i = 0; i < COUNT(types); i++)
        ck_assert_msg(wish_of_type(types[i].accept, "text/html") == types[i].weight, "%s",
                      types[i].accept);
}
END_TEST

START_TEST(wishes_are_read)
{
    for (size_t i = 0; i < COUNT(wishes); i++)
        ck_assert_msg(reply_compress_choose(wishes[i].accept) == wishes[i].coding, "%s",
                      wishes[i].accept);
}
END_TEST

/* Answer with `length` bytes of text, or of noise. */
static void ask(struct exchange *x, const struct api *api, const char *accept, size_t length,
                bool noise)
{
    char *body = malloc(length + 1);
    uint64_t state = 1;

    for (size_t i = 0; i < length; i++)
        body[i] = (char)(noise ? random_bits(&state) >> 8 : ' ' + random_below(&state, 4));
    echo.compressible = true;
    echo_post(x, api, NULL, body, length, 0, length);
    x->request.accept_encoding = accept;
    exchange_finish(x);
    free(body);
}

static void check_plain(const struct exchange *x)
{
    ck_assert_ptr_null(x->reply.encoding);
    ck_assert_ptr_eq(x->reply.body, echo.data);
    ck_assert_uint_eq(x->reply.length, echo.length);
}

static void check_packed(const struct exchange *x, const char *encoding, int bits)
{
    unsigned char *plain = malloc(echo.length);
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)x->reply.body,
                       .avail_in = (unsigned)x->reply.length,
                       .next_out = plain,
                       .avail_out = (unsigned)echo.length};

    ck_assert_ptr_nonnull(x->reply.encoding);
    ck_assert_str_eq(x->reply.encoding, encoding);
    ck_assert_uint_lt(x->reply.length, echo.length / 2);
    inflateInit2(&stream, bits);
    ck_assert_int_eq(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    ck_assert_uint_eq(stream.avail_in + stream.avail_out, 0);
    ck_assert_mem_eq(plain, echo.data, echo.length);
    free(plain);
}

START_TEST(replies_read_back)
{
    const struct api api = plain_api(PLENTY);
    struct exchange x;

    for (size_t length = REPLY_COMPRESS_FLOOR; length < ECHO_ROOM; length *= 5) {
        ask(&x, &api, "gzip", length, false);
        check_packed(&x, "gzip", 31);
        exchange_release(&x);
        ask(&x, &api, "deflate", length, false);
        check_packed(&x, "deflate", 15);
        exchange_release(&x);
    }
}
END_TEST

START_TEST(what_is_not_worth_it_goes_as_it_is)
{
    const struct api api = plain_api(PLENTY);
    struct exchange x;

    ask(&x, &api, "gzip", REPLY_COMPRESS_FLOOR - 1, false);
    check_plain(&x);
    exchange_release(&x);
    ask(&x, &api, "gzip", 100000, true);
    check_plain(&x);
    exchange_release(&x);
    ask(&x, &api, "br", 100000, false);
    check_plain(&x);
    exchange_release(&x);
}
END_TEST

START_TEST(without_memory_it_goes_as_it_is)
{
    struct budget budget = {.limit = PLENTY};
    struct exchange x;
    size_t plain = 0, packed = 0;

    for (size_t memory = 0; memory < 600 << 10; memory += 7 << 10) {
        struct api api = plain_api(memory);

        api.budget = &budget;
        ask(&x, &api, "gzip", 100000, false);
        ck_assert_uint_eq(x.reply.status, 200);
        *(x.reply.encoding ? &packed : &plain) += 1;
        exchange_release(&x);
        ck_assert_uint_eq(atomic_load(&budget.used), 0);
    }
    ck_assert_uint_gt(plain, 40);
    ck_assert_uint_gt(packed, 25);
}
END_TEST

/* Errors, and endpoints that did not ask for it. */
START_TEST(only_where_it_is_allowed)
{
    const struct api api = plain_api(PLENTY);
    struct exchange x;

    ask(&x, &api, NULL, 100000, false);
    check_plain(&x);
    x.request.accept_encoding = "gzip";
    x.reply.compressible = false;
    exchange_finish(&x);
    check_plain(&x);
    x.reply.compressible = true;
    x.reply.status = 500;
    reply_compress(&x);
    check_plain(&x);
    exchange_release(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {wishes_are_read,
                                  media_types_are_weighed,
                                  replies_read_back,
                                  what_is_not_worth_it_goes_as_it_is,
                                  without_memory_it_goes_as_it_is,
                                  only_where_it_is_allowed,
                                  NULL};

    return suite_main("coding", tests);
}
