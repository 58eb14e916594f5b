/* row_numbers.h - parses the arrays of numbers in a body as they arrive.
 *
 * These are rows of logits (an array of arrays, which may be alone in another array, as a batch of
 * one) or log-probabilities (a flat array).  A chunk may
 * end anywhere; an incomplete element at its end is kept until the next chunk.
 *
 * Grammar: JSON numbers (RFC 8259), and the bare words NaN, Infinity and -Infinity, as Python
 * writes them.  Log-probabilities may also be null or the string "-Infinity". */
#ifndef API_JSON_ROW_NUMBERS_H
#define API_JSON_ROW_NUMBERS_H

#include "core/dtype.h"

#include "api/base/chunk.h"
#include "api/base/strbuf.h"
#include "api/json/json_hint.h"
#include "api/json/reader.h"

#define ROWS_NONE ((size_t)-1)

/* The shape of the array so far. */
struct rows_shape {
    size_t rows;         /* rows; of a flat array, entries */
    size_t width;        /* of the first row */
    size_t ragged;       /* the first row that is empty or has another width; ROWS_NONE: none */
    size_t ragged_width; /* its width */
    bool batch;          /* the rows are in a batch of one: [[[...], ...]] */
};

enum row_numbers_event {
    NUMBERS_MORE,  /* the chunk is used up */
    NUMBERS_ROOM,  /* `out` is full: set `out` and `room`, or `blind` */
    NUMBERS_ROW,   /* a row of `count` numbers ended */
    NUMBERS_END,   /* the array ended */
    NUMBERS_LIST,  /* it is a list of outputs, not an array of rows */
    NUMBERS_FAULT, /* the array is not valid: see `fault` */
    NUMBERS_SPENT, /* memory is used up */
};

/* Where the text is not valid. */
struct numbers_fault {
    size_t offset;      /* in the body, in bytes */
    size_t row, column; /* ROWS_NONE: not inside a row, or not at a number */
    bool json;          /* it is valid JSON, but not a number or row */
    bool batch;         /* it is a second output, in a batch */
    bool nan;           /* it begins as nan does, or null */
};

struct row_numbers {
    const struct reader *reader;
    bool flat;        /* log-probabilities; otherwise rows */
    bool lists;       /* the array may be a list of outputs (NUMBERS_LIST) */
    enum dtype dtype; /* type of the numbers in `out`: F32 or F64 */
    bool blind;       /* check and count numbers, do not store them */
    void *out;        /* where the numbers of the current row are stored */
    size_t room;      /* how many fit */
    size_t count;     /* numbers of the current row so far */
    enum numbers_state {
        OUTER_FIRST, /* after the outer [ */
        OUTER_VALUE, /* a row must follow */
        OUTER_AFTER, /* after a row */
        ROW_FIRST,   /* after a row's [ */
        ROW_VALUE,   /* a number must follow */
        ROW_AFTER,   /* after a number */
        BATCH_AFTER, /* after the rows of a batch of one */
    } state;
    struct rows_shape shape;
    struct numbers_fault fault;
    size_t row_offset;   /* offset of the current row in the body */
    struct strbuf carry; /* an incomplete element */
    size_t carry_offset; /* its offset in the body */
};

/* Start after the opening bracket of the array.  `reader` is borrowed.
 *
 * If the caller then sets numbers->lists, NUMBERS_LIST means that the first element is an output
 * itself.  If it is an array of rows, parsing continues inside it, and its bracket is at
 * row_offset.  If it is an object, the chunk is at its first byte, and the state is OUTER_FIRST. */
void row_numbers_init(struct row_numbers *numbers, const struct reader *reader, enum dtype dtype,
                      bool flat, struct arena *arena);

/* Parse on until the next event; chunk->at moves. */
enum row_numbers_event row_numbers_next(struct row_numbers *numbers, struct chunk *chunk);

/* At NUMBERS_FAULT, where the text is no JSON: what must come there ... */
enum json_state row_numbers_expected(const struct row_numbers *numbers);

/* ... and what earlier chunks had of what came.  Returns how many bytes were written. */
size_t row_numbers_carried(const struct row_numbers *numbers, char *out, size_t size);

/* Parse the text of a flat array, after its opening bracket, that was found valid.  It has `count`
 * entries: out[i], and is_null[i] for null. */
void logprobs_read(const char *text, const char *end, size_t count, double *out, bool *is_null);

#endif
