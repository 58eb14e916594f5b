/* row_intake.h - rows of logits as they come in: kept, reduced or passed over.
 *
 * Rows are kept while they fit a small budget of the request, so that members of any order can
 * still say what to do with them.  When the budget is spent, whoever drives the intake decides
 * (INTAKE_FULL): where all that is needed to reduce them is known, the rows so far and all later
 * ones are reduced at once and let go (intake_reduce), which takes no more memory than one row;
 * else they are kept on, up to the request's limit (intake_hold), or, where the request is bad
 * anyway, only checked (intake_skip). */
#ifndef API_BODY_ROW_INTAKE_H
#define API_BODY_ROW_INTAKE_H

#include "core/row.h"

#include "api/json/base64.h"
#include "api/json/row_numbers.h"

/* Rows that are kept, of all spans of a request, one behind the other. */
struct pool {
    struct arena *arena;
    char *data;
    size_t used, capacity;
    size_t budget; /* bytes that are kept for the case that something comes later */
};

/* Text of a span that is kept, for those who must read it again. */
struct kept_text {
    struct strbuf text;
    bool dropped;
};

/* Who takes rows as they complete. */
struct row_sink {
    enum dtype dtype; /* of encoded rows */
    size_t width;     /* ... and how wide they are; 0: as nested rows come */
    bool spent;       /* memory, work or time is up: the request may do no more */
    bool (*needs)(struct row_sink *sink, size_t index); /* is a row asked about */
    /* False: the row is bad, or all is spent.  No more rows are offered then. */
    bool (*take)(struct row_sink *sink, size_t index, const struct row *row);
};

struct row_intake {
    enum { INTAKE_KEEPS, INTAKE_HOLDS, INTAKE_REDUCES, INTAKE_SKIPS } mode;
    struct pool *pool;
    enum dtype dtype;
    size_t width;          /* of a row; 0 where it is not known yet */
    size_t rows;           /* that are complete */
    size_t start, bytes;   /* in the pool */
    bool dropped;          /* rows are gone */
    bool passes;           /* the row at hand, of raw bytes, is not needed */
    struct row_sink *sink; /* who takes them; NULL: nobody yet */
};

enum row_intake_event {
    INTAKE_MORE,  /* the piece is used up */
    INTAKE_END,   /* the array ended */
    INTAKE_LIST,  /* the array is a list of outputs: NUMBERS_LIST */
    INTAKE_FULL,  /* the budget is spent: decide, and go on */
    INTAKE_FAULT, /* numbers->fault */
    INTAKE_SPENT, /* no memory, or no more work (then x->error says so) */
};

/* Take in rows, behind those that the pool has.  `dtype` is how decimal numbers are read; what an
 * encoded tensor holds is told by intake_reduce(), or later. */
void row_intake_begin(struct row_intake *intake, struct pool *pool, enum dtype dtype);

/* Read on in the text of an array of rows. */
enum row_intake_event row_intake_numbers(struct row_intake *intake, struct row_numbers *numbers,
                                         struct chunk *chunk);

/* Take in base64 text; piece->at moves. */
enum row_intake_event row_intake_base64(struct row_intake *intake, struct base64 *base64,
                                        struct chunk *chunk);

/* Take in what was left at the end of base64 text. */
enum row_intake_event row_intake_base64_end(struct row_intake *intake, struct base64 *base64);

/* Take in the raw bytes of a tensor.  Rows that are reduced are not copied where they lie whole in
 * the piece. */
enum row_intake_event row_intake_raw(struct row_intake *intake, struct chunk *chunk);

/* The span is complete. */
void row_intake_end(struct row_intake *intake);

/* Give what was kept, and all that will come, to a sink. */
void row_intake_reduce(struct row_intake *intake, struct row_sink *sink);
void row_intake_hold(struct row_intake *intake);
void row_intake_skip(struct row_intake *intake);

/* A row that was kept, of `width` numbers of `dtype`. */
struct row row_intake_row(const struct row_intake *intake, size_t index, size_t width,
                          enum dtype dtype);

#endif
