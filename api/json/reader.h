/* reader.h - reads numbers out of text at the speed of memory: decimal numbers into floats and
 * doubles, rounded exactly as strtof and strtod do, and base64 into bytes.
 *
 * number_read_f32() and number_read_f64() parse one number.  A reader parses a run of numbers, and
 * decodes groups of base64, with the instructions of one kind of CPU.  All readers give the same
 * bits.
 *
 * To add a reader: write api/json/readers/NAME.c, add a row to api/json/readers.def, and give the
 * Makefile the compiler flags (READER_FLAGS_NAME, READERS).  --reader, the tests and the documents
 * are made from the table. */
#ifndef API_JSON_READER_H
#define API_JSON_READER_H

#include "api/json/base64_groups.h"

/* A reader may load this many bytes before `text` and after `end`; their values do not matter. */
#define READER_PAD 64

/* Parse numbers that are each followed by a comma: white space, number (RFC 8259 section 6), white
 * space, comma.  At most `room` numbers are written to `out` (NULL: they are only checked and
 * counted).  Returns their number; *next is the byte after the last comma, or after white space
 * there.
 *
 * A reader only parses what is valid, and may stop at any number.  Its caller parses what is left:
 * words, errors, the last number of a row, a number that is cut off by `end`. */
typedef size_t reader_f32_f(const char *text, const char *end, size_t room, float *out,
                            const char **next);
typedef size_t reader_f64_f(const char *text, const char *end, size_t room, double *out,
                            const char **next);

struct reader {
    const char *name;
    reader_f32_f *f32;
    reader_f64_f *f64;
    base64_groups_f *base64;
};

/* Parse one number at `text`.  Before `end` there must be a byte that cannot be part of a number.
 * Returns the byte after the number; NULL: there is none.  A number beyond the largest float or
 * double is an infinity, as for strtof() and strtod(). */
const char *number_read_f32(const char *text, const char *end, float *out);
const char *number_read_f64(const char *text, const char *end, double *out);

/* For readers that do not read both types themselves. */
extern const struct reader reader_portable;

#endif
