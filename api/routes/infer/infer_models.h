/* infer_models.h - the table of models of the Open Inference Protocol (infer_models.def). */
#ifndef API_ROUTES_INFER_INFER_MODELS_H
#define API_ROUTES_INFER_INFER_MODELS_H

#include "api/routes/infer/infer_model.h"
#include "api/routes/infer/infer_stats.h"

/* The model of an id. */
const struct model *model_at(enum model_id id);

/* The model of a name.  NULL: there is none. */
const struct model *model_find(const char *name, size_t length);

#endif
