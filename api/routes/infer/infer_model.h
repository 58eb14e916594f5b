/* infer_model.h - the interface of a model of the Open Inference Protocol: its inputs and outputs.
 *
 * There are two kinds of models.
 *
 * One of *rows* (infer_rows.h) makes plans (plan/plan.h) from tensors.  Its first input is
 * `logits`, [B,T,V]: row t of batch b is about one token of sequence b.  The second one is [B,T],
 * about these tokens.  Rows are reduced and objectives evaluated as in POST /v1/score, so the
 * numbers have the same bits.
 *
 * One of *whole tensors* (infer_whole.h) keeps all inputs, and computes when the last byte has
 * arrived.  Its parameter `request` is the JSON text of a request to a route without the numbers,
 * which are in the tensors.
 *
 * To add a model: write infer_NAME.c with its tables, its functions and a struct model model_NAME,
 * and add a row to infer_models.def. */
#ifndef API_ROUTES_INFER_INFER_MODEL_H
#define API_ROUTES_INFER_INFER_MODEL_H

#include "api/plan/planner.h"
#include "api/score/scores.h"

#define INFER_VERSION "1" /* of every model; there is only one */
#define INPUT_MOST 6      /* inputs of a model */
#define OUTPUT_MOST 256   /* outputs that a request may name */
#define RANK_MOST 3       /* dimensions of a tensor */

/* The enumerators have the names of the protocol. */
enum datatype {
#define DATATYPE(name, size, config) DATATYPE_##name,
#include "api/routes/infer/infer_datatypes.def"
    DATATYPE_COUNT
};

/* The name of a datatype, the one in Triton's ModelConfig, its size in bytes, and the datatype of a
 * name. */
const char *datatype_name(enum datatype type);
const char *datatype_config(enum datatype type);
size_t datatype_size(enum datatype type);
bool datatype_find(const char *name, enum datatype *type);

/* Write the names in a set of datatypes: "INT64, INT32". */
void datatype_list(unsigned types, char *out, size_t size);

/* Sets of datatypes. */
#define TYPE(name) (1U << DATATYPE_##name)
#define TYPES_FLOAT (TYPE(FP64) | TYPE(FP32) | TYPE(FP16) | TYPE(BF16))
#define TYPES_REAL (TYPE(FP64) | TYPE(FP32))
#define TYPES_INTEGER (TYPE(INT64) | TYPE(INT32))
#define TYPES_FLAG (TYPE(BOOL) | TYPE(UINT8) | TYPE(INT32))

struct input_spec {
    const char *name;
    enum datatype type; /* the one in documents */
    unsigned types;     /* all that are accepted */
    /* Such as "BTV"; axes with the same letter have the same length.  "Bt" is "BT" or "B". */
    const char *axes;
    bool optional;
    const char *help;
};

struct output_spec;
/* Compute the value of a token, or of a sequence.  False: it is not defined. */
typedef bool output_value_f(const struct output_spec *output, const struct scored *scored,
                            size_t token, double *value);

struct output_spec {
    const char *name;   /* "loss.KEY" with capitals, if requests name it with keys of theirs */
    enum datatype type; /* of a model of rows, FP32 becomes FP64 with "precision":"fp64" */
    const char *axes;   /* "BT" or "B"; "1" is one element */
    bool by_default;    /* in the answer if the request names no outputs */
    enum objective_id objective;
    unsigned details;      /* mask of enum detail: needed for each row */
    output_value_f *value; /* of a model of rows */
    const char *help;
};

/* An output that a request asks for. */
struct wanted_output {
    const struct output_spec *output;
    const char *name; /* as the request has it */
    size_t name_length;
    const char *key; /* the end of a keyed name; NULL: the name is not keyed */
    bool binary;     /* in a blob after the JSON */
};

/* An output in the answer. */
struct column {
    const struct wanted_output *choice;
    enum datatype type;
    size_t rank, shape[RANK_MOST];
    /* Find an element.  False: it is not defined. */
    bool (*value)(const struct column *column, size_t index, double *value);
    const void *from;          /* what `value` finds it in */
    const struct strbuf *text; /* the element, if the type is BYTES */
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

/* Element `index` of a tensor of integers or flags, or of numbers. */
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

struct row_model {
    model_plan_f *plan;
    size_t weights;         /* index of the input with weights; 0: none */
    bool last_row_optional; /* logits may have one row fewer than there are tokens */
};

struct infer; /* infer_request.h */

struct whole_model {
    const struct route_schema *schema; /* of the route of `request` */
    /* Compute from the tensors, and from the body of `request`.  False with x->error set. */
    bool (*compute)(struct infer *infer, struct planner *planner);
    /* Find an output of infer->result; `column` has the type and the shape.  False with x->error
     * set. */
    bool (*find)(struct infer *infer, struct column *column);
};

struct model {
    const char *name, *summary;
    size_t input_count, output_count;
    const struct input_spec *inputs;
    const struct output_spec *outputs;
    const struct row_model *rows;    /* NULL: it is one of whole tensors */
    const struct whole_model *whole; /* NULL: it is one of rows */
};

#endif
