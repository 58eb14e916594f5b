/* infer_about.h - what the Open Inference Protocol tells about the server and its models. */
#ifndef API_ROUTES_INFER_INFER_ABOUT_H
#define API_ROUTES_INFER_INFER_ABOUT_H

#include "api/exchange/api.h"
#include "api/routes/infer/infer_stats.h"

struct model;

/* The model that the path names, in a version that there is; NULL with x->error, 404. */
const struct model *model_asked(struct exchange *x);

struct model_stats *infer_stats_of(struct infer_stats *stats, const struct model *model);

#endif
