/* cuts.h - whether an answer depends on how its request is cut, on what is kept, or on who reads
 * it.
 */
#ifndef TESTS_UNIT_CUTS_H
#define TESTS_UNIT_CUTS_H

#include "tests/unit/golden.h"
#include "tests/unit/post.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"

#include "api/json/readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nothing is kept; a row or two; everything. */
static const size_t budgets[] = {0, 40, PLENTY};

static inline void check_same(const struct exchange *a, const struct exchange *b, const char *body)
{
    ck_assert_msg(a->reply.status == b->reply.status && a->reply.length == b->reply.length
                      && memcmp(a->reply.body, b->reply.body, a->reply.length) == 0,
                  "%s\n%.*s\n%.*s", body, (int)a->reply.length, a->reply.body, (int)b->reply.length,
                  b->reply.body);
}

/* Every two pieces, and every byte alone. */
static inline void check_cuts(const char *body, const struct endpoint *endpoint,
                              const struct api *api)
{
    const size_t length = strlen(body);
    struct exchange whole, x;

    post_to(&whole, api, endpoint, body, length, 0, length);
    for (size_t first = 0; first < length; first++) {
        post_to(&x, api, endpoint, body, length, first, first == 0 ? 1 : length);
        check_same(&x, &whole, body);
        exchange_release(&x);
    }
    exchange_release(&whole);
}

/* With fewer rows kept the answer is the same, or says that it cannot be given. */
static inline void check_budgets(const char *body, const struct endpoint *endpoint)
{
    struct api api = plain_api(PLENTY);
    struct exchange whole, x;

    post_to(&whole, &api, endpoint, body, strlen(body), 0, PLENTY);
    for (size_t b = 0; b < COUNT(budgets); b++) {
        const struct reader *reader;

        api.kept_rows = budgets[b];
        for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++) {
            api.reader = reader;
            post_to(&x, &api, endpoint, body, strlen(body), 0, PLENTY);
            if (!reply_has(&x, "member_after_logits") && !reply_has(&x, "read twice"))
                check_same(&x, &whole, body);
            exchange_release(&x);
        }
        check_cuts(body, endpoint, &api);
    }
    exchange_release(&whole);
}

/* The request of a golden case, to an endpoint. */
static inline void check_golden(const struct golden_case *one, const struct endpoint *endpoint,
                                void (*check)(const char *body, const struct endpoint *endpoint))
{
    size_t length;
    char *body = golden_load(one->folder, "request.json", &length);

    ck_assert_msg(body != NULL, "%s", one->folder);
    check(body, endpoint);
    free(body);
}

/* Of a body without rows only how it is cut matters. */
static inline void check_only_cuts(const char *body, const struct endpoint *endpoint)
{
    const struct api api = plain_api(PLENTY);

    check_cuts(body, endpoint, &api);
}

#endif
