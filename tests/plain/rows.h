/* rows.h - the numbers of `logits` and `logprobs`, straight from the text.
 *
 * The plain reader: strtof or strtod on each number, after a grammar check of our own.  It is the
 * specification of every faster one.  Grammar: JSON numbers, and the bare words NaN, Infinity and
 * -Infinity as Python writes them.  All text ends with a NUL somewhere behind it. */
#ifndef TESTS_PLAIN_ROWS_H
#define TESTS_PLAIN_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#define PLAIN_ROWS_NONE ((size_t)-1)

/* What the text of an array of rows, or of an array of log-probabilities, turned out to hold. */
struct plain_rows_shape {
    size_t rows;   /* rows, or entries */
    size_t width;  /* of the first row */
    size_t ragged; /* the first row that is empty or of another width; PLAIN_ROWS_NONE if none */
    size_t ragged_width; /* its width */
    bool batch;          /* the rows are in one more array, alone */
};

/* Where the text stops being such an array. */
struct plain_rows_fault {
    const char *at;
    size_t row, column; /* PLAIN_ROWS_NONE: not inside one */
    bool json;          /* it is JSON, but not a number (or row) where one must be */
    bool second;        /* it is what follows the rows of a batch of one */
};

/* Check the array of arrays of numbers that begins at `text` ('['); *end is past its ']'. */
bool plain_rows_check(const char *text, const char **end, struct plain_rows_shape *shape,
                      struct plain_rows_fault *fault);

/* Read a row (text at its '[', or at the white space and comma before it), each number rounded once
 * to the nearest float; finite text beyond the largest float becomes an infinity.  Returns the text
 * behind the row's ']'.  The text must have passed rows_check. */
const char *plain_rows_read_f32(const char *text, size_t width, float *out);
const char *plain_rows_read_f64(const char *text, size_t width, double *out);
const char *plain_rows_skip(const char *text);

/* The same for a flat array of log-probabilities: numbers, null, "-Infinity" in quotes. */
bool plain_logprobs_check(const char *text, const char **end, struct plain_rows_shape *shape,
                          struct plain_rows_fault *fault);

/* Read the entries: out[i] and, for null, is_null[i]. */
void plain_logprobs_read(const char *text, size_t count, double *out, bool *is_null);

#endif
