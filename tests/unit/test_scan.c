/* test_scan.c - bodies taken apart as they arrive, against the plain way, however they are cut. */
#include "tests/plain/compare.h"
#include "tests/unit/suite.h"
#include "tests/unit/texts.h"

#include "core/cpu.h"

#include "api/body/body_scanner.h"
#include "api/json/readers.h"

#include <dirent.h>
#include <stdio.h>

/* All rows are kept. */
static const struct body_use kept = {.layout = &body_layout_sequences};

static void check(const char *body, size_t length, struct cut cut)
{
    const struct reader *reader;

    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++) {
        const char *difference = plain_compare(body, length, reader, cut);

        ck_assert_msg(!difference, "%s, cut at %zu and every %zu: %s\n%.*s", reader->name,
                      cut.first, cut.step, difference, length < 2000 ? (int)length : 2000, body);
    }
}

/* In one piece, in two cut anywhere, and byte by byte. */
static void check_cuts(const char *body, size_t length)
{
    check(body, length, (struct cut){0, length + 1, 1});
    check(body, length, (struct cut){0, 1, 1});
    for (size_t first = 1; first < length; first++)
        check(body, length, (struct cut){first, length, 1});
}

static const struct {
    const char *body;
    enum error_code code;
    const char *pointer;
} faults[] = {
#include "tests/unit/data/faults.def"
};

/* The plain way is right about what is wrong, and the other agrees. */
START_TEST(faults_are_told_with_their_place)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        const struct api api = {
            .reader = &reader_portable, .request_memory = 1 << 20, .kept_rows = 1 << 20};
        struct exchange *x = malloc(sizeof *x);
        struct body_scanner *scan;

        exchange_init(x, &api);
        scan = arena_new(&x->arena, struct body_scanner, 1);
        body_scanner_init(scan, &kept, x);
        if (body_scanner_feed(scan, faults[i].body, strlen(faults[i].body)))
            ck_assert_msg(!body_scanner_end(scan), "%s", faults[i].body);
        ck_assert_msg(x->error.code == faults[i].code, "%s: %s", faults[i].body,
                      error_slug(x->error.code));
        ck_assert_msg(strcmp(x->error.pointer, faults[i].pointer) == 0, "%s: %s", faults[i].body,
                      x->error.pointer);
        exchange_release(x);
        free(x);
        check_cuts(faults[i].body, strlen(faults[i].body));
    }
}
END_TEST

/* Among numbers, too, the words say what was probably meant; they are the same at any cut. */
static const struct {
    const char *body, *pointer, *words;
} hints[] = {
    {"{\"logits\":[[1,2],\n[1,2,]]}", "/logits/1/2", "byte 23, line 2, column 6: a comma too many"},
    {"{\"logits\":[[1,2],]}", "/logits/1", "byte 17, line 1, column 18: a comma too many"},
    {"{\"logprobs\":[None,-1]}", "/logprobs/0", "Python's None is null"},
    {"{\"logits\":[[1,inf]]}", "/logits/0/1", "infinity is written Infinity"},
    {"{\"logits\":[[1,-inf]]}", "/logits/0/1", "infinity is written -Infinity"},
    {"{\"logits\":[[1 2]]}", "/logits/0/0", "a comma is missing"},
    {"{\"logits\":[[1,2],(1,2)]}", "/logits/1", "JSON has no tuples: arrays stand in [ and ]"},
    {"{\"logits\":[[1,2.]]}", "/logits/0/1", "unexpected '2' where a number must stand"},
    {"{\"logprobs\":['a']}", "/logprobs/0", "double quotes"},
    {"{\"logprobs\":[-1,-2", "/logprobs/1", "the text ends early"},
};

START_TEST(hints_are_given_among_numbers)
{
    for (size_t i = 0; i < COUNT(hints); i++)
        for (size_t step = 1; step <= 64; step *= 2) {
            const struct api api = {
                .reader = &reader_portable, .request_memory = 1 << 20, .kept_rows = 1 << 20};
            const size_t length = strlen(hints[i].body);
            struct exchange *x = malloc(sizeof *x);
            struct body_scanner *scan = calloc(1, sizeof *scan);
            bool good = true;

            exchange_init(x, &api);
            body_scanner_init(scan, &kept, x);
            for (size_t at = 0; good && at < length; at += step)
                good = body_scanner_feed(scan, hints[i].body + at,
                                         step < length - at ? step : length - at);
            ck_assert(!good || !body_scanner_end(scan));
            ck_assert_msg(x->error.code == ERR_BAD_JSON && strstr(x->error.detail, hints[i].words)
                              && strcmp(x->error.pointer, hints[i].pointer) == 0,
                          "%s by %zu: %s %s", hints[i].body, step, x->error.pointer,
                          x->error.detail);
            exchange_release(x);
            free(scan);
            free(x);
        }
}
END_TEST

static const char *const bodies[] = {
    "{\"tokens\":[1,2,3],\"windows\":[{\"start\":0,\"end\":2,\"logits\":[[1,2]]},{\"start\":1,"
    "\"end\":3,"
    "\"logprobs\":[null,-1]},{\"logits\":{\"data\":\"AA==\"}}]}",
    "{\"sequences\":[{\"windows\":[{\"logits\":[[1,2]]},{\"logits\":[[3,4e0],[5]]}]},{\"logits\":[["
    "6]]},"
    "{\"windows\":[{\"outputs\":{\"a\":[NaN,1e400]}},[{\"logits\":[[7]]}],{\"windows\":[{"
    "\"logits\":[8]}]}]}],"
    "\"windows\":[{\"logprobs\":[-1]}]}",
    "{\"windows\":{\"logits\":[[1]]},\"sequences\":{\"windows\":[{\"logits\":[[1]]}]},\"a\":{"
    "\"windows\":[{"
    "\"logits\":[[x]]}]}}",
    "{\"windows\":[{\"logits\":[[1,2],[3,]]}]}",
    "{\"windows\":[{\"logits\":[[1]],\"logits\":[[2]]}]}",
    "{\"logprobs\":[-1] [-2]}",
    "{\"logprobs\":[-1] [-2,}",
    "{\"sequences\":[{\"logits\":[[1]]\n[[2]]}]}",
    "{\"logits\":{\"data\":\"AA==\" \"AA==\"}}",
    "{\"tokens\":[1],\"logits\":[[1,2],[3,4]],\"sequences\":[{\"logprobs\":[-1]},"
    "{\"logits\":{\"dtype\":\"f32\",\"shape\":[1,1],\"data\":\"AA\\/AAA==\"}}]}",
    "{\"logits\":{\"data\":\"AA\\u0041A\\nA\\\"=\\\\=\",\"dtype\":\"f32\"},\"id\":\"x\\\"y\\\\\"}",
    " { \"logits\" : [ [ 1 , 2.5e0 ] , [ -0.0 , NaN ] , [ Infinity , -Infinity ] ] } ",
    "{\"dtype\":\"f64\",\"logits\":[[1.00000000000000011,1e400,-1e-400,123456789012345678901]]}",
    "{\"sequences\":[{\"dtype\":\"f64\",\"logits\":[[0.1]]},{\"logits\":[[0.1]]}],\"logits\":[[0.1]"
    "]}",
    "{\"logprobs\":[null,-1.5,\"-Infinity\",-Infinity,-1e-5,NaN,0]}",
    "{\"logits\":[[1,2],[3],[]]}",
    "{\"logits\":[]}",
    "{\"token\":30,\"logprobs\":[null,-0]e308}",
    "{\"outputs\":[-Infinity(]}",
    "{\"outputs\":{-Infinity:1}}",
    "{\"outputs\":[88888888888888888888888888,1e400,NaN]}",
    "{\"\\u006cogits\":[[1,2],[3,4]],\"a\":{\"logits\":[1,[2]]},\"logprobs\":{\"b\":[-1]}}",
    "{\"sequences\":{\"logits\":[[1]]},\"logits\":[[1]]}",
    "{\"logits\":[[1]],\"model\":\"\xc3\xa9\\ud83d\\ude00\"}",
    "{\"outputs\":{\"\\u0000\":[\"\\uD83D\\uDE00\\ud83d\",\"\\\\u0000\\u0000\"],\"n\":[NaN,1e400]}"
    "}",
    "{\"outputs\":{\"\\ud83d\":1,\"\\ufffd\":2,\"\\uDE00\":3},\"\\u0061\":\"\\u0062\"}",
    "{\"sequences\":[{\"outputs\":[{\"\\udE00\":\"\\ud83d\\ud83d\\ude00\"}]},{\"id\":\"\\u0001\"}]"
    "}",
};

START_TEST(cuts_change_nothing)
{
    for (size_t i = 0; i < COUNT(bodies); i++)
        check_cuts(bodies[i], strlen(bodies[i]));
}
END_TEST

/* A NUL anywhere is an error, at its place. */
START_TEST(nul_is_refused)
{
    for (size_t i = 0; i < COUNT(bodies); i++) {
        const size_t length = strlen(bodies[i]);
        char body[512];

        for (size_t at = 0; at < length; at++) {
            memcpy(body, bodies[i], length);
            body[at] = '\0';
            check(body, length, (struct cut){at, length, 1});
        }
    }
}
END_TEST

/* ... in the body, whatever piece it is in: in a number, a text, and encoded data. */
START_TEST(the_place_of_a_nul_is_told)
{
    static const char good[] =
        "{\"tokens\":[0,1],\"model\":\"ab\",\"logits\":{\"data\":\"AAAAAAAA\"}}";
    static const char *const places[] = {"1]", "b\"", "AAAAAAAA", "A\"}"};

    for (size_t i = 0; i < COUNT(places); i++) {
        const struct api api = {
            .reader = &reader_portable, .request_memory = 1 << 20, .kept_rows = 1 << 20};
        const size_t place = (size_t)(strstr(good, places[i]) - good);
        struct exchange *x = malloc(sizeof *x);
        struct body_scanner *scan = calloc(1, sizeof *scan);
        char body[sizeof good], said[64];

        exchange_init(x, &api);
        body_scanner_init(scan, &kept, x);
        memcpy(body, good, sizeof good);
        body[place] = '\0';
        ck_assert(body_scanner_feed(scan, body, 5)
                  && !body_scanner_feed(scan, body + 5, sizeof good - 6));
        snprintf(said, sizeof said, "at byte %zu, line 1, column %zu: a NUL", place, place + 1);
        ck_assert_msg(x->error.code == ERR_BAD_JSON && strstr(x->error.detail, said), "%zu: %s",
                      place, x->error.detail);
        exchange_release(x);
        free(scan);
        free(x);
    }
}
END_TEST

/* One byte of a good body replaced by any of those that mean something. */
START_TEST(mutations_are_judged_alike)
{
    static const char bytes[] = "{}[]\",:\\0-.eENItfnu \n\x01\xff";
    uint64_t state = 5;

    for (size_t n = 0; n < times(20000); n++) {
        char body[512];
        const char *good = bodies[n % COUNT(bodies)];
        const size_t length = strlen(good);

        memcpy(body, good, length);
        for (size_t changes = 1 + random_below(&state, 2); changes > 0; changes--)
            body[random_below(&state, length)] = bytes[random_below(&state, sizeof bytes - 1)];
        check(body, length, (struct cut){random_below(&state, length), length, 1});
    }
}
END_TEST

/* Rows of numbers of every kind, in pieces of any size. */
START_TEST(rows_are_read_alike)
{
    char *body = malloc((size_t)3 * 300 * NUMBER_MOST);
    uint64_t state = 9;

    for (size_t n = 0; n < times(10) * NUMBER_KINDS; n++) {
        const enum number_kind kind = (enum number_kind)(n % NUMBER_KINDS);
        const size_t width = 1 + random_below(&state, 300);
        size_t length =
            (size_t)sprintf(body, "{%s\"logits\":[[", n % 3 ? "" : "\"dtype\":\"f64\",");

        for (size_t i = 0; i < 3 * width; i++) {
            length += write_space(body + length, kind, &state);
            length += write_number(body + length, kind, &state);
            length += write_space(body + length, kind, &state);
            length += (size_t)sprintf(body + length, "%s", (i + 1) % width ? "," : "],[");
        }
        length += (size_t)sprintf(body + length - 2, "]}") - 2;
        check(body, length, (struct cut){0, 0, n + 1});
        check(body, length, (struct cut){0, length, 1});
        check(body, length, (struct cut){0, 1, 1});
    }
    free(body);
}
END_TEST

/* What jansson's tree of a hostile body may take is the request's limit. */
START_TEST(memory_is_limited)
{
    const struct api api = {.reader = &reader_portable, .request_memory = 1 << 20};
    static const char *const units[] = {"{},", "\"a\",", "[[]],", "\"a longer text\","};

    for (size_t i = 0; i < COUNT(units); i++) {
        struct exchange *x = malloc(sizeof *x);
        struct body_scanner *scan;
        bool good;

        exchange_init(x, &api);
        scan = arena_new(&x->arena, struct body_scanner, 1);
        body_scanner_init(scan, &kept, x);
        good = body_scanner_feed(scan, "{\"a\":[", 6);
        for (size_t n = 0; good && n < 200000; n++)
            good = body_scanner_feed(scan, units[i], strlen(units[i]));
        ck_assert(!good || !body_scanner_end(scan));
        ck_assert_int_eq(x->error.code, ERR_TOO_LARGE);
        ck_assert_uint_le(x->arena.used, 1 << 20);
        exchange_release(x);
        free(x);
    }
}
END_TEST

/* With every amount of memory up to enough, an encoded tensor is taken in, or is too large. */
START_TEST(encoded_tensors_fit_or_are_too_large)
{
    static const char body[] = "{\"logits\":{\"data\":\"\"},\"sequences\":[{\"logits\":"
                               "{\"data\":\"AAAAAA==\"}}]}";
    bool good = false;

    for (size_t memory = 0; !good; memory += 16) {
        const struct api api = {
            .reader = &reader_portable, .request_memory = memory, .kept_rows = 1 << 20};
        struct exchange *x = malloc(sizeof *x);
        struct body_scanner *scan = calloc(1, sizeof *scan);

        exchange_init(x, &api);
        body_scanner_init(scan, &kept, x);
        good = body_scanner_feed(scan, body, strlen(body)) && body_scanner_end(scan);
        ck_assert_int_eq(x->error.code, good ? ERR_NONE : ERR_TOO_LARGE);
        exchange_release(x);
        free(scan);
        free(x);
    }
}
END_TEST

/* JSONTestSuite, where it is: LOGITD_JSONTESTSUITE or beside the project.  Its texts stand as the
 * whole body, as a member, and as numbers. */
static void check_suite_file(const char *folder, const char *name)
{
    char path[512], *body = malloc(1 << 20);
    FILE *file;
    size_t length, head;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    length = fread(body, 1, 1 << 18, file);
    fclose(file);
    check(body, length, (struct cut){0, length + 1, 1});
    check(body, length, (struct cut){0, 7, 1});
    for (int logits = 0; logits < 2; logits++) {
        memmove(body + 10, body, length);
        head = (size_t)sprintf(body, logits ? "{\"logits\":" : "{     \"a\":") - 10;
        memcpy(body + 10 + length, "}", 1);
        check(body, 10 + head + length + 1, (struct cut){0, 5, 1});
        memmove(body, body + 10, length);
    }
    free(body);
}

START_TEST(json_test_suite_is_judged_alike)
{
    const char *given = getenv("LOGITD_JSONTESTSUITE");
    const char *folder = given ? given : "../shared/data/jsontestsuite/test_parsing";
    DIR *directory = opendir(folder);
    size_t files = 0;

    if (!directory) {
        printf("SKIP the JSONTestSuite is not here (LOGITD_JSONTESTSUITE)\n");
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        if (strstr(entry->d_name, ".json")) {
            check_suite_file(folder, entry->d_name);
            files++;
        }
    closedir(directory);
    ck_assert_uint_gt(files, 300);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {faults_are_told_with_their_place,
                                  hints_are_given_among_numbers,
                                  cuts_change_nothing,
                                  nul_is_refused,
                                  the_place_of_a_nul_is_told,
                                  mutations_are_judged_alike,
                                  rows_are_read_alike,
                                  memory_is_limited,
                                  encoded_tensors_fit_or_are_too_large,
                                  json_test_suite_is_judged_alike,
                                  NULL};

    dom_start();
    return suite_main("scan", tests);
}
