/* drive.c - bodies through POST /v1/score without a server, cut in many ways.
 *
 *   drive [--plain] [--random COUNT] SIZE... < bodies > verdicts
 *
 * A body is its length, a line end, and its bytes.  Each is fed whole, in pieces of every SIZE, and
 * COUNT times in pieces of random sizes, each piece in memory of its own, so that a sanitizer sees
 * who reads past it; with --plain it is also taken apart the plain way (tests/plain).  Of each body
 * comes a line "STATUS LENGTH" and the reply to it whole; "DIFFERS how" in place of it where not
 * all are the same. */
#include "tests/plain/compare.h"
#include "tests/unit/post.h"
#include "tests/unit/random.h"

#include "core/cpu.h"

#include "api/json/readers.h"

#include <stdio.h>
#include <stdlib.h>

#define SIZES 32

struct options {
    bool plain;
    size_t random, sizes;
    size_t size[SIZES];
};

/* How the pieces of a body are cut. */
struct pieces {
    size_t size;     /* 0: at random */
    uint64_t *state; /* of what is random */
};

static size_t next_size(const struct pieces *pieces)
{
    if (pieces->size > 0)
        return pieces->size;
    return 1 + random_below(pieces->state, random_below(pieces->state, 4) == 0 ? 200 : 6);
}

static bool feed_copy(struct exchange *x, const char *chunk, size_t length)
{
    char *copy = malloc(length);
    bool good;

    if (!copy)
        exit(2);
    memcpy(copy, chunk, length);
    good = endpoint_score.feed(x, copy, length);
    free(copy);
    return good;
}

static void answer(struct exchange *x, const struct api *api, const char *body, size_t length,
                   const struct pieces *pieces)
{
    bool good;
    size_t size;

    exchange_init(x, api);
    x->request.id = "drive";
    x->request.style = STYLE_NATIVE;
    good = endpoint_score.begin(x);
    for (size_t at = 0; good && at < length; at += size) {
        size = next_size(pieces);
        size = size < length - at ? size : length - at;
        good = feed_copy(x, body + at, size);
    }
    if (good)
        endpoint_score.finish(x);
    else
        exchange_fail(x);
}

/* Whether a body cut so is answered as it is whole. */
static bool same(const struct exchange *whole, const struct api *api, const char *body,
                 size_t length, const struct pieces *pieces)
{
    struct exchange x;
    bool same;

    answer(&x, api, body, length, pieces);
    same = x.reply.status == whole->reply.status && x.reply.length == whole->reply.length
           && memcmp(x.reply.body, whole->reply.body, x.reply.length) == 0;
    exchange_release(&x);
    return same;
}

/* NULL, or how the verdicts differ. */
static const char *compare(const struct options *options, const struct exchange *whole,
                           const struct api *api, const char *body, size_t length, uint64_t *state)
{
    static char what[64];

    for (size_t i = 0; i < options->sizes; i++) {
        snprintf(what, sizeof what, "in pieces of %zu", options->size[i]);
        if (!same(whole, api, body, length, &(struct pieces){options->size[i], NULL}))
            return what;
    }
    for (size_t i = 0; i < options->random; i++)
        if (!same(whole, api, body, length, &(struct pieces){0, state}))
            return "in pieces of random sizes";
    return options->plain ? plain_compare(body, length, api->reader, (struct cut){0, 0, *state})
                          : NULL;
}

/* What the plain way says has two lines. */
static void print_line(const char *difference)
{
    printf("DIFFERS ");
    for (; *difference; difference++)
        putchar(*difference == '\n' ? '|' : *difference);
    printf("\n");
}

static void run(const struct options *options, const char *body, size_t length, size_t index)
{
    struct api api = plain_api(PLENTY);
    const struct reader *reader = reader_at(cpu_features(), index % 3);
    uint64_t state = index + 1;
    struct exchange whole;
    const char *difference;

    api.reader = reader ? reader : api.reader;
    answer(&whole, &api, body, length, &(struct pieces){length + 1, NULL});
    difference = compare(options, &whole, &api, body, length, &state);
    if (difference) {
        print_line(difference);
    } else {
        printf("%u %zu\n", whole.reply.status, whole.reply.length);
        fwrite(whole.reply.body, 1, whole.reply.length, stdout);
    }
    exchange_release(&whole);
}

static void read_options(struct options *options, char **arguments)
{
    for (; *arguments; arguments++) {
        if (strcmp(*arguments, "--plain") == 0)
            options->plain = true;
        else if (strcmp(*arguments, "--random") == 0 && arguments[1])
            options->random = strtoul(*++arguments, NULL, 10);
        else if (options->sizes < SIZES)
            options->size[options->sizes++] = strtoul(*arguments, NULL, 10);
    }
}

int main(int count, char **arguments)
{
    struct options options = {0};
    size_t length;

    (void)count;
    read_options(&options, arguments + 1);
    api_start();
    for (size_t index = 0; scanf("%zu", &length) == 1; index++) {
        char *body = malloc(length + 1);

        if (!body || getchar() != '\n' || fread(body, 1, length, stdin) != length)
            return 2;
        run(&options, body, length, index);
        free(body);
    }
    return feof(stdin) ? 0 : 2;
}
