/* api.h - the interface of api/: bytes of a request in, bytes of a reply out.
 *
 * An exchange is one request and its reply.  The caller (server/, a test, a fuzzer) zeroes an
 * exchange, calls exchange_init(), sets x->request, and then drives the endpoint of the route:
 *
 *     exchange_begin()   once, when the head is complete; may refuse the request before its body
 *     exchange_feed()    for each chunk of the body; a compressed body is decompressed here
 *     exchange_finish()  once, when the body is complete; sets x->reply
 *
 * If one of the first two returns false, x->error says why, and the caller calls exchange_fail()
 * instead of exchange_finish().  The reply is valid until exchange_release(). */
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

/* What all exchanges share.  It does not change after the start. */
struct api {
    const struct kernel *kernel;
    const struct reader *reader;
    struct budget *budget;           /* memory for all requests (--max-memory) */
    struct budget *operators;        /* the same for routes without a body; NULL: `budget` */
    size_t request_memory;           /* --max-request-memory */
    uint64_t max_work;               /* --max-work; 0: no limit */
    size_t kept_rows;                /* --max-kept-rows */
    uint64_t max_body;               /* --max-body, also after decompression; 0: no limit */
    uint64_t max_inflation;          /* --max-inflation; 0: no limit */
    const struct route *routes;      /* the last row has no path */
    bool no_page;                    /* --no-page */
    bool needs_key;                  /* --api-key-file: routes that are not open ask for a key */
    struct infer_stats *infer_stats; /* routes/infer/infer_stats.h; NULL: nothing is counted */
};

struct exchange {
    const struct api *api;
    struct arena arena; /* owns everything that the exchange allocates */
    struct work work;   /* charged so far */
    struct request request;
    struct reply reply;
    struct request_stats stats;

    /* Whether the computation may take more than a few milliseconds.  exchange_begin() sets it from
     * the head.  It is set later if a member asks for work that the length of the body does not
     * bound. */
    bool is_long;

    struct body_decompress *decompress; /* for a compressed body; otherwise NULL */
    void *decoder;                      /* the endpoint's state between calls */
    struct error error;

    /* For a body with one request on each line (NDJSON): */
    size_t line;  /* of the current line, from 1; else 0 */
    void *totals; /* of all lines, as the route makes them; else NULL */

    char problem[4096]; /* an error reply or a short reply; not zeroed */
};

/* Start a zeroed exchange, and free all that it owns. */
void exchange_init(struct exchange *x, const struct api *api);
void exchange_release(struct exchange *x);

/* Drive the endpoint of the route.  False with x->error set. */
bool exchange_begin(struct exchange *x);
bool exchange_feed(struct exchange *x, const char *chunk, size_t length);
void exchange_finish(struct exchange *x);

/* Make x->error the reply, in the error style of the route.  Cannot fail. */
void exchange_fail(struct exchange *x);

/* Prepare jansson.  Call it once, before the first thread starts. */
void api_start(void);

#endif
