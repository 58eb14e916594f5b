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
#include "core/arena.h"
#include "core/kernel.h"
#include "core/objectives.h"

#include "api/json/reader.h"

#include <stdint.h>

/* Upper edges, in nats, of the buckets of token loss; one more bucket is open-ended. */
#define LOSS_EDGES                                                                                 \
    {                                                                                              \
        0.01, 0.1, 0.3, 1, 2, 5, 10, 20                                                            \
    }
#define LOSS_EDGE_COUNT 8

struct exchange;
typedef bool endpoint_begin_f(struct exchange *x);
typedef bool endpoint_feed_f(struct exchange *x, const char *chunk, size_t length);
typedef void endpoint_finish_f(struct exchange *x);

struct endpoint {
    endpoint_begin_f *begin; /* NULL: nothing to check */
    endpoint_feed_f *feed;   /* NULL: the body is swallowed */
    endpoint_finish_f *finish;
};

/* Whose conventions a route follows: what its errors look like (error_reply.c). */
enum error_style {
    STYLE_NATIVE, /* application/problem+json, RFC 9457 */
    STYLE_OIP,    /* the Open Inference Protocol: {"error":"text"}, and 400 for every bad tensor */
    STYLE_OPENAI, /* {"error":{"message","type","param","code"}} */
    STYLE_COUNT
};

/* A row of the table of routes (server/routes.c). */
struct route {
    const char *method; /* GET also answers HEAD */
    const char *path;   /* or a pattern of paths (url_pattern.h) */
    enum error_style style;
    const struct endpoint *endpoint;
    bool open;           /* answered without an API key */
    bool quiet;          /* logged at debug level only */
    const char *summary; /* NULL: another spelling of the route above, in no document */
};

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

/* What the log and the metrics tell of a request; never a body, a token or a key. */
struct request_stats {
    char model[65]; /* the label, cut; "" for none */
    size_t sequences;
    size_t tokens;     /* scored by any objective */
    size_t rows;       /* of logits that were reduced */
    size_t vocabulary; /* the widest; 0 without logits */
    uint64_t inflated; /* bytes that a compressed body became */
    size_t requests;   /* of a body that holds several */
    size_t failures;   /* ... and how many of them were in error */
    size_t nans;       /* numbers of the answer that are NaN: a fault of ours */
    double parse_seconds, score_seconds, write_seconds;
    struct objective_stats {
        size_t tokens;
        double loss_sum, weight; /* as in totals */
        double token_loss_sum;   /* finite ones only */
        uint64_t bucket[LOSS_EDGE_COUNT + 1];
    } objective[OBJECTIVE_COUNT];
};

#define REQUEST_LENGTH_UNKNOWN UINT64_MAX

/* The head of a request, set by the caller; strings live as long as the exchange. */
struct request {
    const struct route *route;
    enum error_style style; /* of the route, or of what was asked for in its place */
    const char *path;       /* as sent, without the query */
    const char *id;
    int64_t time;                 /* when it came, in seconds since 1970 */
    const char *content_type;     /* NULL: absent */
    const char *content_encoding; /* NULL: absent */
    const char *accept_encoding;  /* NULL: absent */
    const char *inference_header; /* Inference-Header-Content-Length; NULL: absent */
    uint64_t content_length;      /* REQUEST_LENGTH_UNKNOWN: chunked */
};

struct reply {
    unsigned status;
    const char *type; /* media type */
    const char *body;
    size_t length;
    bool compressible;       /* set by an endpoint whose replies may be compressed */
    const char *encoding;    /* of the body; NULL: as it is */
    size_t inference_length; /* Inference-Header-Content-Length; 0: not sent */
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

/* POST /v1/score, GET /v1/objectives, /openapi.json, /version */
extern const struct endpoint endpoint_score, endpoint_objectives, endpoint_openapi,
    endpoint_version;

/* POST /v1/rank */
extern const struct endpoint endpoint_rank, endpoint_compare;
/* GET /v2, /v2/models/NAME, .../config, .../stats, /v2/models/stats; POST .../infer,
 * /v2/repository/index */
extern const struct endpoint endpoint_oip_server, endpoint_oip_model, endpoint_oip_config,
    endpoint_oip_stats, endpoint_oip_all_stats, endpoint_oip_index, endpoint_infer;
/* OpenAI's: POST /v1/completions, GET /v1/models */
extern const struct endpoint endpoint_completions, endpoint_models;

/* The HTTP status of an error: the one place that knows. */
unsigned status_of(enum error_code code);
unsigned status_in(enum error_style style, enum error_code code);

/* Parts of docs/reference.md that come from the tables of api/ and core/ (server adds its own):
 * appends Markdown to stdout-like sink `write(context, text, length)`. */
typedef void reference_write_f(void *context, const char *text, size_t length);
void api_reference(reference_write_f *write, void *context);

#endif
