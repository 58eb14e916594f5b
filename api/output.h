/* output.h - what the model said of a sequence: rows of logits, or log-probabilities.
 *
 * Every way to say it ends in one of two things: rows, which are read one after another into a
 * `struct row` and reduced, or a column of log-probabilities.  A further way (an engine's answer, a
 * part of a multipart body) is a further kind here. */
#ifndef API_OUTPUT_H
#define API_OUTPUT_H

#include "api/sequence.h"

/* Find what the members say; its numbers are not read yet. */
bool output_find(struct output *output, const struct members *members, struct envelope *envelope,
                 struct error *err);

/* Whether there are rows of one width, and the right number of them for the tokens of the plan. */
bool output_check_rows(const struct plan *plan, struct error *err);

/* Reads rows in increasing order, each at most once. */
struct row_reader {
    const struct output *output;
    const char *at; /* nested rows: behind the last one read */
    size_t next;    /* nested rows: the row at `at` */
    void *buffer;   /* one row */
};

bool row_reader_open(struct row_reader *reader, const struct output *output, struct arena *arena,
                     struct error *err);

/* The row lives until the next call. */
struct row row_reader_read(struct row_reader *reader, size_t index);

#endif
