/* fuzz.h - what fuzzers of requests have in common. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "tests/unit/post.h"

#include "core/cpu.h"
#include "core/kernels.h"

#include "api/json/readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    api_start();
    return 0;
}

static inline void fuzz_fail(const struct exchange *a, const struct exchange *b)
{
    fprintf(stderr, "%u %.*s\n%u %.*s\n", a->reply.status, (int)a->reply.length, a->reply.body,
            b->reply.status, (int)b->reply.length, b->reply.body);
    abort();
}

/* An answer or an error, never both and never neither; an error begins as its route's do.  No
 * number comes out as NaN. */
static inline void fuzz_check(const struct exchange *x, const char *error)
{
    const bool good = x->reply.status == 200;

    if (!x->reply.body || x->reply.length == 0 || x->stats.nans > 0
        || good != (x->error.code == ERR_NONE)
        || good == (strncmp(x->reply.body, error, strlen(error)) == 0))
        fuzz_fail(x, x);
}

/* Two that must have been answered with the same bytes. */
static inline void fuzz_same(const struct exchange *a, const struct exchange *b)
{
    if (a->reply.length != b->reply.length
        || memcmp(a->reply.body, b->reply.body, a->reply.length) != 0)
        fuzz_fail(a, b);
}

#define FUZZ_CHOICES 4 /* bytes of the input before the body, which choose how it is sent */

/* How a body is sent another time: with a reader, a kernel, so many bytes of rows kept. */
static inline struct api fuzz_api(const uint8_t *choices)
{
    const struct reader *reader = reader_at(cpu_features(), choices[0] % 4);
    const struct kernel *kernel = kernel_at(cpu_features(), choices[1] % 4);
    struct api api = plain_api(PLENTY);

    api.reader = reader ? reader : api.reader;
    api.kernel = kernel ? kernel : api.kernel;
    api.kept_rows = choices[2];
    return api;
}

/* Any bytes as a request to an endpoint that takes JSON: the same answer for every cut, reader,
 * kernel and number of kept rows (but that rows which are gone can make an error of an answer). */
static inline int fuzz_request(const uint8_t *data, size_t size, const struct endpoint *endpoint,
                               const char *error)
{
    static struct exchange a, b;
    const struct api plain = plain_api(PLENTY);
    const char *body = (const char *)data + FUZZ_CHOICES;
    struct api api;

    if (size < FUZZ_CHOICES)
        return 0;
    api = fuzz_api(data);
    post_to(&a, &plain, endpoint, body, size - FUZZ_CHOICES, 0, PLENTY);
    post_to(&b, &api, endpoint, body, size - FUZZ_CHOICES, 0, data[3] + 1U);
    fuzz_check(&a, error);
    fuzz_check(&b, error);
    if (!reply_has(&b, "member_after_logits") && !reply_has(&b, "read twice"))
        fuzz_same(&a, &b);
    exchange_release(&a);
    exchange_release(&b);
    return 0;
}

/* The same bytes twice, as lines of requests to an endpoint that takes NDJSON: the same answer for
 * every cut, and all memory comes back. */
static inline int fuzz_lines(const uint8_t *data, size_t size, const struct endpoint *endpoint)
{
    static struct exchange a, b;
    struct budget budget = {.limit = 4 * PLENTY};
    struct api api = plain_api(PLENTY);
    const size_t length = size < FUZZ_CHOICES ? 0 : size - FUZZ_CHOICES;
    char *body = malloc(2 * length + 1);

    api.budget = &budget;
    memcpy(body, data + size - length, length);
    body[length] = '\n';
    memcpy(body + length + 1, data + size - length, length);
    post_with(&a, &api, endpoint, "application/x-ndjson", body, 2 * length + 1, 0, PLENTY);
    post_with(&b, &api, endpoint, "application/x-ndjson", body, 2 * length + 1, 0, data[0] + 1U);
    fuzz_same(&a, &b);
    if (!a.reply.body || a.stats.nans > 0)
        fuzz_fail(&a, &b);
    exchange_release(&a);
    exchange_release(&b);
    free(body);
    if (atomic_load(&budget.used) != 0)
        abort();
    return 0;
}

#endif
