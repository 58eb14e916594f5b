/* infer_about.h - information about the server and its models, by the Open Inference Protocol. */
#ifndef API_ROUTES_INFER_INFER_ABOUT_H
#define API_ROUTES_INFER_INFER_ABOUT_H

#include "api/exchange/api.h"
#include "api/routes/infer/infer_stats.h"

struct model;

/* The model that the path names.  NULL with x->error set (404): no such model, or no such
 * version. */
const struct model *model_asked(struct exchange *x);

/* The statistics of a model. */
struct model_stats *infer_stats_of(struct infer_stats *stats, const struct model *model);

#endif
