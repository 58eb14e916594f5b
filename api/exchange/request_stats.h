/* request_stats.h - statistics of a request for the log and the metrics.  They never hold a body, a
 * token or a key. */
#ifndef API_EXCHANGE_REQUEST_STATS_H
#define API_EXCHANGE_REQUEST_STATS_H

#include "core/objectives.h"

#include <stddef.h>
#include <stdint.h>

/* Upper bounds, in nats, of the buckets of token loss.  One more bucket has no bound. */
#define LOSS_EDGES                                                                                 \
    {                                                                                              \
        0.01, 0.1, 0.3, 1, 2, 5, 10, 20                                                            \
    }
#define LOSS_EDGE_COUNT 8

struct request_stats {
    char model[65]; /* the member `model`, truncated; "": none */
    size_t sequences;
    size_t tokens;     /* scored by some objective */
    size_t rows;       /* rows of logits that were reduced */
    size_t vocabulary; /* the largest V; 0: no logits */
    uint64_t inflated; /* size of a compressed body after decompression, in bytes */
    size_t requests;   /* number of requests in the body */
    size_t failures;   /* ... of which failed */
    size_t nans;       /* NaNs in the answer: a bug of ours */
    double parse_seconds, score_seconds, write_seconds;
    struct objective_stats {
        size_t tokens;
        double loss_sum, weight; /* as in `totals` */
        double token_loss_sum;   /* of finite losses only */
        uint64_t bucket[LOSS_EDGE_COUNT + 1];
    } objective[OBJECTIVE_COUNT];
};

#endif
