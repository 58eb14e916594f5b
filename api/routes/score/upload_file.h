/* upload_file.h - a part of a multipart body with model outputs: .npy, .safetensors or raw numbers.
 *
 * The part becomes encoded logits of its object, as if {"dtype", "shape", "data"} were in the
 * request.  So members, plans, pointers and scoring are the same as for JSON.  The request comes
 * before the part, so rows are reduced as they arrive. */
#ifndef API_ROUTES_SCORE_UPLOAD_FILE_H
#define API_ROUTES_SCORE_UPLOAD_FILE_H

#include "api/body/safetensors.h"
#include "api/plan/planner.h"

/* The state of parsing one part. */
struct file {
    struct exchange *x;
    struct planner *planner;
    struct body *body;
    struct pool *pool;
    size_t sequence;    /* index of its sequence; TOP_LEVEL: the part `logits` */
    size_t sequences;   /* number of sequences in the request; 0: the request is one itself */
    char pointer[48];   /* JSON pointer of the logits */
    char shape[48];     /* of the shape: the same, or the request's `shape` of raw numbers */
    const char *format; /* NULL: not known yet */
    struct strbuf head; /* the head so far */
    size_t head_length; /* its length, as far as it is known */
    struct file_tensors tensors;
    struct file_tensor only; /* the tensor of a format that has one */
    size_t at, slice;        /* the current or next tensor, and its slice */
    size_t *tokens_at;       /* by owner_index(): index of the tensor with the tokens */
    size_t last_tokens;      /* index of the last tensor with tokens; 0: none, or the first */
    uint64_t data_length;    /* bytes of all tensors */
    uint64_t received;       /* bytes of these so far */

    /* The current slice of a tensor. */
    bool open;
    uint64_t left;        /* bytes that are still missing */
    struct span *span;    /* for logits */
    struct strbuf tokens; /* for tokens: their bytes */
};

/* Start the part of a sequence, or of the request (TOP_LEVEL), feed it, and finish it.  `file` is
 * zeroed memory, or was used for an earlier part.  False with x->error set. */
bool file_begin(struct file *file, struct planner *planner, struct pool *pool, size_t sequence);
bool file_feed(struct file *file, const char *bytes, size_t length);
bool file_end(struct file *file);

/* Write the JSON pointer of a member of a sequence, or of the request (TOP_LEVEL). */
void file_pointer(size_t sequence, const char *member, char *out, size_t size);

#endif
