/* infer_model.c - functions that all models of the Open Inference Protocol share. */
#include "api/routes/infer/infer_model.h"

#include "api/base/arena_error.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    size_t size;
    const char *config;
} datatypes[] = {
#define DATATYPE(name, size, config) {#name, size, #config},
#include "api/routes/infer/infer_datatypes.def"
};

const char *datatype_name(enum datatype type)
{
    return datatypes[type].name;
}

const char *datatype_config(enum datatype type)
{
    return datatypes[type].config;
}

size_t datatype_size(enum datatype type)
{
    return datatypes[type].size;
}

bool datatype_find(const char *name, enum datatype *type)
{
    for (*type = 0; *type < DATATYPE_COUNT; ++*type)
        if (strcmp(datatypes[*type].name, name) == 0)
            return true;
    return false;
}

void datatype_list(unsigned types, char *out, size_t size)
{
    out[0] = '\0';
    for (enum datatype type = 0; type < DATATYPE_COUNT; type++)
        if (types >> type & 1)
            snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] ? ", " : "",
                     datatype_name(type));
}

bool batch_columns(const struct batch *batch, struct plan *plan, struct error *err)
{
    plan->segment = arena_alloc(batch->arena, batch->length, sizeof *plan->segment);
    plan->needed = arena_alloc(batch->arena, batch->length, sizeof *plan->needed);
    plan->ids = arena_alloc(batch->arena, batch->length, sizeof *plan->ids);
    return (plan->segment && plan->needed && plan->ids) || arena_fail(batch->arena, err);
}

int64_t tensor_integer(const struct tensor *tensor, size_t index)
{
    int64_t wide;
    int32_t narrow;

    if (datatype_size(tensor->type) == 1)
        return (unsigned char)tensor->data[index];
    if (tensor->type == DATATYPE_INT64) {
        memcpy(&wide, tensor->data + index * sizeof wide, sizeof wide);
        return wide;
    }
    memcpy(&narrow, tensor->data + index * sizeof narrow, sizeof narrow);
    return narrow;
}

double tensor_number(const struct tensor *tensor, size_t index)
{
    const size_t size = datatype_size(tensor->type);
    double value;

    /* both tables begin with the floats, in the same order */
    dtype_widen((enum dtype)tensor->type, tensor->data + index * size, 1, &value);
    return value;
}
