/* infer.h - POST /v2/models/NAME/infer: tensors in, tensors out.
 *
 * A request is JSON: an `inputs` array of tensors, `outputs` that are wanted, `parameters`.  The
 * elements of an input stand in its `data`, or in a blob behind the JSON (the binary tensor data
 * extension), whose length the header field Inference-Header-Content-Length then tells:
 *
 *     infer_head.c    the JSON as it arrives: text to the tree, `data` to the tensors
 *     infer_ask.c     what it asks for: outputs and parameters
 *     infer_tensor.c  what its inputs are, and their elements as they come
 *     infer_rows.c    the logits: kept, or reduced as they come
 *     infer_reply.c   the answer
 *     infer.c         all together: the endpoint
 *
 * Rows are reduced as they arrive where all that is needed for it is known: where the blobs of the
 * other inputs come first, or in JSON, once they are too many to keep.  Where logits come first
 * they are kept, up to the request's limit.  How a body is cut changes nothing in the answer. */
#ifndef API_ROUTES_INFER_INFER_H
#define API_ROUTES_INFER_INFER_H

#include "api/body/body_feeder.h"
#include "api/body/envelope.h"
#include "api/json/tensor_numbers.h"
#include "api/routes/infer/infer_model.h"
#include "api/score/scorer.h"

/* A member of an object; NULL where it is absent, or null: so protobuf's JSON writes what is not
 * set. */
static inline json_t *infer_member(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);

    return json_is_null(value) ? NULL : value;
}

/* ---- what a request asks for ---- */

struct choice {
    const struct output_spec *output;
    bool binary;
};

struct ask {
    const char *id; /* NULL: absent */
    size_t id_length;
    struct settings settings;
    struct choice choices[OUTPUT_MOST]; /* in the order of the answer */
    size_t count;
};

/* Read all members but `inputs`.  The tree may be the front of a request: members that are missing
 * have their defaults. */
bool ask_read(struct ask *ask, const struct model *model, json_t *tree, struct error *err);

/* Ask for all that the outputs of a model can tell. */
void ask_everything(struct settings *settings, const struct model *model);

/* The first parameter that says what is done with rows of logits; NULL: there is none. */
const char *ask_on_rows(const json_t *all);

/* ---- rows of logits ---- */

struct infer_rows {
    enum { ROWS_KEPT, ROWS_REDUCED, ROWS_SKIPPED } mode;
    bool decided; /* not to be asked again whether to keep them */
    bool frozen;  /* reduced before the JSON was complete: what is asked does not change any more */
    bool had_parameters;   /* ... and they had come by then */
    char *row;             /* the row that is coming in */
    size_t fill, index;    /* its bytes so far, its number */
    struct scores scores;  /* its plans: one for each sequence */
    struct scored *scored; /* the sequence of the row at hand */
    struct scorer scorer;
    struct bad_row {
        size_t index;
        struct error err;
    } bad[OBJECTIVE_COUNT]; /* the first bad row of each objective: told if that is asked for */
    struct error err;       /* of what is asked of rows: told if the rest is good */
};

/* ---- the JSON ---- */

struct infer_head {
    struct body_feeder feeder;
    struct envelope envelope; /* its spans: the `data` of each input */
    struct span *open;        /* the `data` that is coming in; NULL: none */
    struct tensor *tensor;    /* whose it is; NULL: not known yet, its text is kept */
    struct tensor_numbers elements;
    struct {
        size_t depth;
        bool quoted, escaped;
    } extent; /* of text that is kept */
};

/* ---- a request ---- */

struct infer {
    struct exchange *x;
    const struct model *model;
    uint64_t head_length; /* UINT64_MAX: the whole body */
    uint64_t head_received;
    struct infer_head head;
    bool head_done;
    struct ask ask;
    struct infer_rows rows;
    struct tensor input[INPUT_MOST]; /* as the model's */
    size_t position[INPUT_MOST];     /* of each, in `inputs` */
    struct tensor *blob[INPUT_MOST]; /* that come behind the JSON, in their order */
    size_t blob_count, blobs_done;
    uint64_t excess; /* bytes behind the last */
    uint64_t start;  /* nanoseconds */
};

/* Begin the JSON; it is fed to head.feeder. */
void head_begin(struct infer *infer);

/* The JSON is all there: judge it. */
bool head_end(struct infer *infer);

/* What an input is, by its object (or the front of it): which of the model's is put in *which. */
bool tensor_describe(struct tensor *tensor, size_t *which, const struct model *model,
                     const json_t *object, size_t position, struct error *err);

/* How many elements its shape makes. */
size_t tensor_elements(const struct tensor *tensor);

/* Where the next bytes of an input go, and how many.  *out is NULL where they are not needed. */
bool tensor_room(struct infer *infer, struct tensor *tensor, char **out, size_t *room);

/* So many of them came. */
bool tensor_took(struct infer *infer, struct tensor *tensor, size_t bytes);

/* Bytes of an input's blob: at most what is missing of it. */
bool tensor_blob_feed(struct infer *infer, struct tensor *tensor, const char *bytes, size_t length);

/* Logits: what tensor_... do for them. */
static inline bool is_logits(const struct infer *infer, const struct tensor *tensor)
{
    return tensor == &infer->input[0];
}
size_t rows_bytes(const struct infer *infer); /* of a row */
bool rows_begin_blob(struct infer *infer);
bool rows_took(struct infer *infer, size_t bytes);
void rows_feed(struct infer *infer, const char *bytes, size_t length);

/* The JSON is all there: parameters that act on rows must not have come behind rows that were
 * reduced without them. */
bool rows_check_late(const struct infer *infer, const json_t *tree, struct error *err);

/* All tensors are in: reduce what was kept, and evaluate. */
bool rows_end(struct infer *infer);

/* Write the answer; the length of its JSON goes to *head_length, 0 where nothing follows it.
 * What is not defined is null in JSON and NaN in binary data.  What came out as NaN is null in JSON
 * and counted in text->nans. */
void infer_reply(struct strbuf *text, const struct infer *infer, size_t *head_length);

#endif
