/* infer_stats.h - statistics of each model since the start, for GET /v2/models/stats. */
#ifndef API_ROUTES_INFER_INFER_STATS_H
#define API_ROUTES_INFER_INFER_STATS_H

#include <stdatomic.h>

enum model_id {
#define MODEL(name) MODEL_##name,
#include "api/routes/infer/infer_models.def"
    MODEL_COUNT
};

/* The number of calls, and their total time. */
struct duration_stats {
    atomic_ullong count, nanoseconds;
};

struct infer_stats {
    struct model_stats {
        struct duration_stats success, fail;
        struct duration_stats input, score, output; /* of successful calls: parse, score, write */
        atomic_ullong sequences;
        atomic_ullong last; /* time of the last call, in milliseconds since 1970; 0: never */
    } model[MODEL_COUNT];
};

#endif
