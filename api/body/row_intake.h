/* row_intake.h - takes rows of logits as they arrive, and keeps, reduces or skips them.
 *
 * Rows are kept while they fit into a small budget of the request, so that members after them can
 * still say what to do with them.  If the budget is used up, the caller decides (INTAKE_FULL):
 *
 *     row_intake_reduce()
 *         all that is needed is known: reduce the kept rows and all later ones at once, and
 *         drop them, which takes the memory of one row
 *     row_intake_hold()
 *         keep rows, up to the request's limit
 *     row_intake_skip()
 *         the request is wrong: only check the rows */
#ifndef API_BODY_ROW_INTAKE_H
#define API_BODY_ROW_INTAKE_H

#include "core/row.h"

#include "api/json/base64.h"
#include "api/json/row_numbers.h"

/* The kept rows of all spans of a request, one after another. */
struct pool {
    struct arena *arena;
    char *data;
    size_t used, capacity;
    size_t budget; /* bytes to keep before the caller decides */
};

/* The kept text of a span, which may be parsed again as another dtype. */
struct kept_text {
    struct strbuf text;
    bool dropped;
};

/* The receiver of rows that are reduced. */
struct row_sink {
    enum dtype dtype; /* of rows that are not decimal numbers */
    size_t width;     /* of such rows, in numbers; 0: as the rows are */
    bool spent;       /* memory, work or time is used up */
    bool (*needs)(struct row_sink *sink, size_t index); /* whether row `index` is needed */
    /* Reduce a row.  False: the row is bad, or `spent` is set; then no more rows are offered. */
    bool (*take)(struct row_sink *sink, size_t index, const struct row *row);
};

/* The rows of one span. */
struct row_intake {
    enum { INTAKE_KEEPS, INTAKE_HOLDS, INTAKE_REDUCES, INTAKE_SKIPS } mode;
    struct pool *pool;
    enum dtype dtype;
    size_t width;          /* of a row, in numbers; 0: not known yet */
    size_t rows;           /* complete rows */
    size_t start, bytes;   /* offset and size in pool->data */
    bool dropped;          /* rows were dropped */
    bool passes;           /* the current raw row is not needed */
    bool batch;            /* the rows are in a batch of one (row_numbers.h) */
    struct row_sink *sink; /* NULL: rows are not reduced */
};

enum row_intake_event {
    INTAKE_MORE,  /* the chunk is used up */
    INTAKE_END,   /* the array ended */
    INTAKE_LIST,  /* the array is a list of outputs (NUMBERS_LIST) */
    INTAKE_FULL,  /* the budget is used up: decide, and call again */
    INTAKE_FAULT, /* not valid: see numbers->fault */
    INTAKE_SPENT, /* memory is used up, or work (then x->error says so) */
};

/* Start to take rows, after those in the pool.  `dtype` is how decimal numbers are parsed.  The
 * dtype of encoded rows is set by row_intake_reduce(), or later. */
void row_intake_begin(struct row_intake *intake, struct pool *pool, enum dtype dtype);

/* Parse the text of an array of rows; chunk->at moves. */
enum row_intake_event row_intake_numbers(struct row_intake *intake, struct row_numbers *numbers,
                                         struct chunk *chunk);

/* Decode base64 text, groups of it with `decode`; chunk->at moves.  Not the whole chunk: up to the
 * first character that is not in the alphabet, as base64_front() does. */
enum row_intake_event row_intake_base64(struct row_intake *intake, struct base64 *base64,
                                        base64_groups_f *decode, struct chunk *chunk, bool whole);

/* Decode the end of base64 text. */
enum row_intake_event row_intake_base64_end(struct row_intake *intake, struct base64 *base64);

/* Take the raw bytes of a tensor.  A row that is reduced is not copied if all of it is in the
 * chunk. */
enum row_intake_event row_intake_raw(struct row_intake *intake, struct chunk *chunk);

/* Finish the span. */
void row_intake_end(struct row_intake *intake);

/* Decide (see above).  `sink` is borrowed; it gets the kept rows now, and later rows as they
 * complete. */
void row_intake_reduce(struct row_intake *intake, struct row_sink *sink);
void row_intake_hold(struct row_intake *intake);
void row_intake_skip(struct row_intake *intake);

/* A kept row of `width` numbers of `dtype`; it points into the pool. */
struct row row_intake_row(const struct row_intake *intake, size_t index, size_t width,
                          enum dtype dtype);

#endif
