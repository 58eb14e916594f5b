/* request_stats.h - what the log and the metrics tell of a request; never a body, a token or a key.
 */
#ifndef API_EXCHANGE_REQUEST_STATS_H
#define API_EXCHANGE_REQUEST_STATS_H

#include "core/objectives.h"

#include <stddef.h>
#include <stdint.h>

/* Upper edges, in nats, of the buckets of token loss; one more bucket is open-ended. */
#define LOSS_EDGES                                                                                 \
    {                                                                                              \
        0.01, 0.1, 0.3, 1, 2, 5, 10, 20                                                            \
    }
#define LOSS_EDGE_COUNT 8

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

#endif
