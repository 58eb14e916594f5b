/* infer_model.h - the interface of a model of the Open Inference Protocol: its inputs and outputs.
 *
 * A model makes plans (plan/plan.h) from tensors.  Rows are reduced and objectives evaluated as in
 * POST /v1/score, so the numbers have the same bits.  To add a model: write infer_NAME.c with its
 * tables, its plan function and a struct model model_NAME, and add a row to infer_models.def.
 *
 * The first input of every model is `logits`, [B,T,V]: row t of batch b is about one token of
 * sequence b.  The second one is [B,T], about these tokens. */
#ifndef API_ROUTES_INFER_INFER_MODEL_H
#define API_ROUTES_INFER_INFER_MODEL_H

#include "api/score/scores.h"

#define INFER_VERSION "1" /* of every model; there is only one */
#define INPUT_MOST 4      /* inputs of a model */
#define OUTPUT_MOST 8     /* outputs of a model */
#define RANK_MOST 3       /* dimensions of a tensor */

/* The enumerators have the names of the protocol. */
enum datatype {
#define DATATYPE(name, size) DATATYPE_##name,
#include "api/routes/infer/infer_datatypes.def"
    DATATYPE_COUNT
};

/* The name of a datatype, its size in bytes, and the datatype of a name. */
const char *datatype_name(enum datatype type);
size_t datatype_size(enum datatype type);
bool datatype_find(const char *name, enum datatype *type);

/* Write the names in a set of datatypes: "INT64, INT32". */
void datatype_list(unsigned types, char *out, size_t size);

/* Sets of datatypes. */
#define TYPE(name) (1U << DATATYPE_##name)
#define TYPES_FLOAT (TYPE(FP64) | TYPE(FP32) | TYPE(FP16) | TYPE(BF16))
#define TYPES_INTEGER (TYPE(INT64) | TYPE(INT32))

struct input_spec {
    const char *name;
    enum datatype type; /* the one in documents */
    unsigned types;     /* all that are accepted */
    const char *axes;   /* such as "BTV"; axes with the same letter have the same length */
    bool optional;
    const char *help;
};

struct output_spec;
/* Compute the value of a token, or of a sequence.  False: it is not defined. */
typedef bool output_value_f(const struct output_spec *output, const struct scored *scored,
                            size_t token, double *value);

struct output_spec {
    const char *name;
    enum datatype type; /* FP32 becomes FP64 with "precision":"fp64" */
    const char *axes;   /* "BT" or "B" */
    bool by_default;    /* in the answer if the request names no outputs */
    enum objective_id objective;
    unsigned details; /* mask of enum detail: needed for each row */
    output_value_f *value;
    const char *help;
};

/* The parameters of a request. */
struct settings {
    double temperature, softcap, label_smoothing, z_loss;
    enum smoothing smoothing;
    enum alignment alignment;
    bool doubles;                 /* outputs are FP64 in place of FP32 */
    unsigned objectives, details; /* masks: what the outputs need */
};

/* An input of a request. */
struct tensor {
    bool given; /* the members below are set */
    enum datatype type;
    size_t shape[RANK_MOST];
    size_t rank;     /* number of dimensions */
    size_t bytes;    /* of the whole tensor, by its shape */
    bool binary;     /* in a blob after the JSON */
    bool complete;   /* all bytes have arrived */
    size_t length;   /* bytes so far */
    char *data;      /* not aligned; NULL: rows that were reduced as they arrived */
    size_t capacity; /* of data, in bytes */
};

/* Element `index` of a tensor. */
int64_t tensor_integer(const struct tensor *tensor, size_t index);
double tensor_number(const struct tensor *tensor, size_t index);

/* The arguments of a model's plan function. */
struct batch {
    const struct model *model;
    const struct tensor *input; /* in the order of the model's inputs */
    size_t index;               /* b */
    size_t length;              /* T: tokens of a sequence */
    size_t rows, width;         /* of its logits */
    struct arena *arena;
};

/* Allocate the ids, segments and needed tokens of a plan with T tokens.  False with *err set:
 * memory is used up. */
bool batch_columns(const struct batch *batch, struct plan *plan, struct error *err);

/* Set length, ids, segments, weights and alignment of a plan.  False with *err set. */
typedef bool model_plan_f(struct plan *plan, const struct batch *batch, struct error *err);

struct model {
    const char *name, *summary;
    size_t input_count, output_count;
    const struct input_spec *inputs;
    const struct output_spec *outputs;
    model_plan_f *plan;
    size_t weights;         /* index of the input with weights; 0: none */
    bool last_row_optional; /* logits may have one row fewer than there are tokens */
};

#endif
