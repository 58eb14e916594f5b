/* infer_model.h - a model of the Open Inference Protocol: what it takes, and what it answers.
 *
 * A model is a way to lay plans (plan.h) over tensors; rows are reduced and objectives
 * evaluated as for POST /v1/score, so the numbers are the same bits.  To add one: write
 * infer_NAME.c with its tables, its plan function and a struct model model_NAME, and add a row to
 * infer_models.def.
 *
 * The first input of every model is `logits`, [B,T,V]: row t of batch b is about one token of
 * sequence b. */
#ifndef API_ROUTES_INFER_INFER_MODEL_H
#define API_ROUTES_INFER_INFER_MODEL_H

#include "api/score/scores.h"

#define INFER_VERSION "1" /* of every model: there is one */
#define INPUT_MOST 4
#define OUTPUT_MOST 8
#define RANK_MOST 3

/* OIP's names are the enumerators'. */
enum datatype {
#define DATATYPE(name, size) DATATYPE_##name,
#include "api/routes/infer/infer_datatypes.def"
    DATATYPE_COUNT
};

const char *datatype_name(enum datatype type);
size_t datatype_size(enum datatype type);
bool datatype_find(const char *name, enum datatype *type);

/* "INT64, INT32": the members of a set. */
void datatype_list(unsigned types, char *out, size_t size);

/* Sets of datatypes, the one that documents name first. */
#define TYPE(name) (1U << DATATYPE_##name)
#define TYPES_FLOAT (TYPE(FP64) | TYPE(FP32) | TYPE(FP16) | TYPE(BF16))
#define TYPES_INTEGER (TYPE(INT64) | TYPE(INT32))

struct input_spec {
    const char *name;
    enum datatype type; /* that documents name */
    unsigned types;     /* that it may have */
    const char *axes;   /* "BTV": inputs agree on a letter */
    bool optional;
    const char *help;
};

struct output_spec;
/* False where it is not defined. */
typedef bool output_value_f(const struct output_spec *output, const struct scored *scored,
                            size_t token, double *value);

struct output_spec {
    const char *name;
    enum datatype type; /* FP32 becomes FP64 under "precision":"fp64" */
    const char *axes;   /* "BT" or "B" */
    bool by_default;    /* answered where the request names no outputs */
    enum objective_id objective;
    unsigned details; /* that it needs of each row */
    output_value_f *value;
    const char *help;
};

/* What a request's parameters say. */
struct settings {
    double temperature, softcap, label_smoothing, z_loss;
    enum smoothing smoothing;
    enum alignment alignment;
    bool doubles;                 /* FP64 in place of FP32 */
    unsigned objectives, details; /* that the outputs need */
};

/* An input of a request. */
struct tensor {
    bool given; /* what follows is known */
    enum datatype type;
    size_t shape[RANK_MOST];
    size_t rank;
    size_t bytes;  /* that the shape makes */
    bool binary;   /* a blob behind the JSON */
    bool complete; /* all bytes came */
    size_t length; /* bytes that came */
    char *data;    /* at any alignment; NULL for rows that were reduced as they came */
    size_t capacity;
};

int64_t tensor_integer(const struct tensor *tensor, size_t index);
double tensor_number(const struct tensor *tensor, size_t index);

/* What a plan is made of. */
struct batch {
    const struct model *model;
    const struct tensor *input; /* as the model's inputs */
    size_t index;               /* b */
    size_t length, width;       /* T and V */
    struct arena *arena;
};

/* Room in a plan for ids, segments and what is needed, of T tokens. */
bool batch_columns(const struct batch *batch, struct plan *plan, struct error *err);

/* Fill in length, ids, segments, weights, alignment. */
typedef bool model_plan_f(struct plan *plan, const struct batch *batch, struct error *err);

struct model {
    const char *name, *summary;
    size_t input_count, output_count;
    const struct input_spec *inputs;
    const struct output_spec *outputs;
    model_plan_f *plan;
    size_t weights; /* which input weighs tokens; 0 for none */
};

#endif
