/* infer_request.h - a request of POST /v2/models/NAME/infer: tensors in, tensors out.
 *
 * A request is JSON with an array `inputs` of tensors, the wanted `outputs`, and `parameters`.  The
 * elements of an input are in its `data`, or in a blob after the JSON (the binary tensor data
 * extension).  If there are blobs, the header field Inference-Header-Content-Length has the length
 * of the JSON.
 *
 *     infer_head.c    the JSON as it arrives: text into the tree, `data` into tensors
 *     infer_ask.c     outputs and parameters
 *     infer_tensor.c  inputs and their elements
 *     infer_rows.c    the logits, kept or reduced as they arrive
 *     infer_whole.c   a model whose inputs are whole tensors
 *     infer_reply.c   the answer
 *     infer.c         the endpoint
 *
 * Rows are reduced as they arrive if all that is needed is known: if the blobs of the other inputs
 * come first, or in JSON once the rows are too many to keep.  If logits come first, they are kept,
 * up to the request's limit.  The size of chunks changes nothing in the answer. */
#ifndef API_ROUTES_INFER_INFER_REQUEST_H
#define API_ROUTES_INFER_INFER_REQUEST_H

#include "api/body/body.h"
#include "api/body/body_feeder.h"
#include "api/json/tensor_numbers.h"
#include "api/routes/infer/infer_ask.h"
#include "api/score/scorer.h"

/* ---- rows of logits ---- */

struct infer_rows {
    enum { ROWS_KEPT, ROWS_REDUCED, ROWS_SKIPPED } mode;
    bool decided;          /* whether to keep rows was decided */
    bool frozen;           /* reduced before the JSON was complete: the plans do not change */
    bool had_parameters;   /* ... and after `parameters` */
    char *row;             /* the current row */
    size_t fill, index;    /* bytes of it so far, and its index */
    struct scores scores;  /* its plans, one for each sequence */
    struct scored *scored; /* the sequence of the current row */
    struct scorer scorer;
    struct bad_row {
        size_t index;
        struct error err;
    } bad[OBJECTIVE_COUNT]; /* first bad row of each objective; an error if that is requested */
    struct error err;       /* of the plans; reported if the rest of the request is valid */
};

/* ---- the JSON ---- */

struct infer_head {
    struct body_feeder feeder;
    struct body body;      /* its spans: the `data` of inputs */
    struct span *open;     /* the current `data`; NULL: none */
    struct tensor *tensor; /* its tensor; NULL: not known yet, so the text is kept */
    struct tensor_numbers elements;
    struct {
        size_t depth;
        bool quoted, escaped;
    } extent; /* to find the end of kept text */
};

/* ---- a request ---- */

struct infer {
    struct exchange *x;
    const struct model *model;
    uint64_t head_length;   /* length of the JSON; UINT64_MAX: the whole body */
    uint64_t head_received; /* bytes of it so far */
    struct infer_head head;
    bool head_done;
    struct ask ask;
    struct infer_rows rows;
    struct tensor input[INPUT_MOST]; /* in the order of the model's inputs */
    size_t position[INPUT_MOST];     /* index of each in `inputs` */
    struct tensor *blob[INPUT_MOST]; /* blobs after the JSON, in their order */
    size_t blob_count, blobs_done;
    uint64_t start;   /* when it began, in nanoseconds */
    size_t sequences; /* how many were scored */
    void *result;     /* of a model of whole tensors */
};

/* Whether a tensor is the logits, whose rows infer_rows.c takes. */
static inline bool is_logits(const struct infer *infer, const struct tensor *tensor)
{
    return infer->model->rows && tensor == &infer->input[0];
}
#endif
