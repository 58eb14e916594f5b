/* row_numbers.h - the arrays of numbers in a body, read as they arrive.
 *
 * Rows of logits (an array of arrays) or log-probabilities (one flat array).  The text may be cut
 * anywhere: what is at the end of a piece and not complete is carried over to the next one.
 *
 * Grammar: JSON numbers (RFC 8259), and the bare words NaN, Infinity and -Infinity as Python writes
 * them; among log-probabilities also null and "-Infinity". */
#ifndef API_JSON_ROW_NUMBERS_H
#define API_JSON_ROW_NUMBERS_H

#include "core/dtype.h"

#include "api/base/chunk.h"
#include "api/base/strbuf.h"
#include "api/json/reader.h"

#define ROWS_NONE ((size_t)-1)

/* What an array of rows, or of log-probabilities, turned out to hold. */
struct rows_shape {
    size_t rows;         /* rows, or entries */
    size_t width;        /* of the first row */
    size_t ragged;       /* the first row that is empty or of another width; ROWS_NONE if none */
    size_t ragged_width; /* its width */
};

enum row_numbers_event {
    NUMBERS_MORE,  /* the piece is used up */
    NUMBERS_ROOM,  /* the next number has no room: give `out` and `room`, or set `blind` */
    NUMBERS_ROW,   /* a row ended, `count` numbers wide */
    NUMBERS_END,   /* the array ended */
    NUMBERS_LIST,  /* it is no array of rows but a list of outputs (`lists`) */
    NUMBERS_FAULT, /* it is no such array: `fault` */
    NUMBERS_SPENT, /* no memory to carry a number that is cut */
};

/* Where the text stops being such an array. */
struct numbers_fault {
    size_t offset;      /* in the body */
    size_t row, column; /* ROWS_NONE: not inside one */
    bool json;          /* it is JSON, but not a number (or row) where one must be */
};

struct row_numbers {
    const struct reader *reader;
    bool flat;        /* log-probabilities */
    bool lists;       /* the array may turn out to be a list of outputs, up to NUMBERS_LIST */
    enum dtype dtype; /* F32 or F64: what is written to `out` */
    bool blind;       /* numbers are only checked and counted */
    void *out;        /* of the row at hand */
    size_t room;      /* how many fit there */
    size_t count;     /* numbers of the row at hand so far */
    enum numbers_state {
        OUTER_FIRST, /* behind the outer [ */
        OUTER_VALUE, /* a row must follow */
        OUTER_AFTER, /* behind a row */
        ROW_FIRST,   /* behind a row's [ */
        ROW_VALUE,   /* a number must follow */
        ROW_AFTER,   /* behind a number */
    } state;
    struct rows_shape shape;
    struct numbers_fault fault;
    size_t row_offset;   /* where the row at hand begins in the body */
    struct strbuf carry; /* a number that is cut */
    size_t carry_offset; /* where it begins in the body */
};

/* Begin behind the array's opening bracket.
 *
 * Where numbers->lists is set then, NUMBERS_LIST tells that the array's first element is an output
 * itself: an array of rows, which is gone on with (its bracket is at row_offset), or an object, at
 * which the piece stands (OUTER_FIRST). */
void row_numbers_init(struct row_numbers *numbers, const struct reader *reader, enum dtype dtype,
                      bool flat, struct arena *arena);

/* Read on, up to the next event; piece->at moves. */
enum row_numbers_event row_numbers_next(struct row_numbers *numbers, struct chunk *chunk);

/* Read the text of a flat array (behind its opening bracket) that was found good: `count` entries,
 * out[i] and, for null, is_null[i]. */
void logprobs_read(const char *text, const char *end, size_t count, double *out, bool *is_null);

#endif
