/* infer_request.h - a request of POST /v2/models/NAME/infer: tensors in, tensors out.
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
#ifndef API_ROUTES_INFER_INFER_REQUEST_H
#define API_ROUTES_INFER_INFER_REQUEST_H

#include "api/body/body.h"
#include "api/body/body_feeder.h"
#include "api/json/tensor_numbers.h"
#include "api/routes/infer/infer_ask.h"
#include "api/routes/infer/infer_model.h"
#include "api/score/scorer.h"

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
    struct body body;      /* its spans: the `data` of each input */
    struct span *open;     /* the `data` that is coming in; NULL: none */
    struct tensor *tensor; /* whose it is; NULL: not known yet, its text is kept */
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

/* Whether a tensor is the logits, whose rows infer_rows.c takes. */
static inline bool is_logits(const struct infer *infer, const struct tensor *tensor)
{
    return tensor == &infer->input[0];
}
#endif
