/* upload_file.h - a part of a multipart body that holds what the model said: .npy, .safetensors or
 * raw.
 *
 * It becomes encoded logits of the object it belongs to, as if {"dtype", "shape", "data"} stood
 * there, and so everything else - fields, plans, pointers, scoring - is what it is for JSON.  The
 * request has come before it: rows are reduced as they arrive. */
#ifndef API_ROUTES_SCORE_UPLOAD_FILE_H
#define API_ROUTES_SCORE_UPLOAD_FILE_H

#include "api/body/safetensors.h"
#include "api/plan/planner.h"

struct file {
    struct exchange *x;
    struct planner *planner;
    struct body *body;
    struct pool *pool;
    size_t sequence;  /* whose: TOP_LEVEL for the part `logits` */
    size_t sequences; /* of the request; 0 where it is the sequence */
    char pointer[48]; /* to the logits */
    char shape[48];   /* to what says their shape: the same, or the request's own, of raw numbers */
    const char *format; /* NULL: not known yet */
    struct strbuf head; /* so far */
    size_t head_length; /* that it should have, as far as is known */
    struct file_tensors tensors;
    struct file_tensor only; /* of a format that has one, logits */
    size_t at, slice;        /* of the tensors, the one at hand or to come */
    size_t *tokens_at;       /* by owner_index(): the tensor of tokens, where there is one */
    size_t last_tokens;      /* the last tensor with tokens; 0: none, or the first */
    uint64_t data_length;    /* of all tensors */
    uint64_t received;       /* of it */

    /* The slice of a tensor at hand. */
    bool open;
    uint64_t left;        /* bytes that must come */
    struct span *span;    /* of logits */
    struct strbuf tokens; /* their bytes */
};

/* Begin the part of a sequence, or of the request; false, here and below, with x->error set.
 * `file` is zeroed memory, or held the part before. */
bool file_begin(struct file *file, struct planner *planner, struct pool *pool, size_t sequence);
bool file_feed(struct file *file, const char *bytes, size_t length);
bool file_end(struct file *file);

/* The JSON pointer of a member of a sequence, or (TOP_LEVEL) of the request. */
void file_pointer(size_t sequence, const char *member, char *out, size_t size);

#endif
