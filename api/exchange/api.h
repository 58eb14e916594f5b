/* api.h - the contract: bytes of a request in, bytes of a reply out.
 *
 * An exchange is one request and its answer.  Whoever serves (server/, a test, a fuzzer) zeroes
 * one, calls exchange_init(), fills in the head, and then drives the route's endpoint by
 * exchange_begin(), exchange_feed() and exchange_finish():
 *
 *     begin   once, when the head is in (may refuse before any of the body is read)
 *     feed    for each piece of the body; a compressed one comes decompressed
 *     finish  once, when the body is in: fills in the reply
 *
 * When one of the first two returns false, exchange->error says why; call exchange_fail() in place
 * of the third to turn it into the reply.  Everything in the reply lives until exchange_release().
 */
#ifndef API_EXCHANGE_API_H
#define API_EXCHANGE_API_H

#include "api/base/work.h"
#include "api/exchange/endpoint.h"
#include "api/exchange/request.h"
#include "api/exchange/request_stats.h"
#include "api/json/reader.h"
#include "core/arena.h"
#include "core/kernel.h"

#include <stdint.h>

/* What all exchanges share; constant after start. */
struct api {
    const struct kernel *kernel;
    const struct reader *reader;
    struct budget *budget;           /* what --max-memory leaves for requests */
    struct budget *operators;        /* for routes without a body; NULL: the same */
    size_t request_memory;           /* --max-request-memory */
    uint64_t max_work;               /* --max-work; 0: any */
    size_t kept_rows;                /* --max-kept-rows */
    uint64_t max_body;               /* --max-body, of a decompressed body; 0: any */
    uint64_t max_inflation;          /* --max-inflation; 0: any */
    const struct route *routes;      /* ends with a row without a path */
    struct infer_stats *infer_stats; /* infer_stats.h; NULL: not counted */
};

struct exchange {
    const struct api *api;
    struct arena arena; /* owns everything made while answering */
    struct work work;   /* that was done for it */
    struct request request;
    struct reply reply;
    struct request_stats stats;

    /* The work may be long: more than a few milliseconds.  Set by exchange_begin() from the head;
     * later, where a member asks for what the length of the body does not bound. */
    bool is_long;

    struct body_decompress *decompress; /* of a compressed body; else NULL */
    void *decoder;                      /* the endpoint's own state between calls */
    struct error error;

    /* Where a body has several requests, a line each: */
    size_t line; /* of this one, or, of the whole body, the one at hand; from 1, else 0 */
    struct totals
        *totals; /* of all of them (OBJECTIVE_COUNT): its sequences are added; else NULL */

    char problem[4096]; /* holds an error reply (or a short one): it must not need memory.  Not
                           cleared */
};

void exchange_init(struct exchange *x, const struct api *api);
void exchange_release(struct exchange *x);

/* Drive the route's endpoint. */
bool exchange_begin(struct exchange *x);
bool exchange_feed(struct exchange *x, const char *chunk, size_t length);
void exchange_finish(struct exchange *x);

/* Make the reply say x->error as the route's family does.  Cannot fail. */
void exchange_fail(struct exchange *x);

/* Once, before any thread: prepares jansson. */
void api_start(void);

#endif
