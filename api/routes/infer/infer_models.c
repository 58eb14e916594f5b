/* infer_models.c - the table of models of the Open Inference Protocol. */
#include "api/routes/infer/infer_models.h"

#include <string.h>

#define MODEL(name) extern const struct model model_##name;
#include "api/routes/infer/infer_models.def"

static const struct model *const models[] = {
#define MODEL(name) &model_##name,
#include "api/routes/infer/infer_models.def"
};

const struct model *model_at(enum model_id id)
{
    return models[id];
}

const struct model *model_find(const char *name, size_t length)
{
    for (size_t i = 0; i < MODEL_COUNT; i++)
        if (strlen(models[i]->name) == length && memcmp(models[i]->name, name, length) == 0)
            return models[i];
    return NULL;
}
