/* reader.h - decimal numbers to floats and doubles, rounded exactly as strtof and strtod would.
 *
 * number_read_f32() and number_read_f64() read one number.  A reader takes a run of them at the
 * speed that the instructions of one kind of CPU allow; all readers give the same bits.
 *
 * To add a reader: write api/json/readers/NAME.c, add a row to api/json/readers.def, and give the
 * Makefile the compiler flags (READER_FLAGS_NAME, READERS).  --reader, the tests and the documents
 * follow. */
#ifndef API_JSON_READER_H
#define API_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes before `text` and behind `end` that can be read: whatever they hold, it is not judged. */
#define READER_PAD 64

/* Read numbers that are each followed by a comma: white space, number (RFC 8259 section 6), white
 * space, comma; at most `room` of them, into `out` (NULL: only check and count).  Returns how many,
 * and in *next the byte behind the last comma that was taken, or behind white space there.
 *
 * A reader may stop wherever it likes, so what it finds hard (words, errors, the last number of a
 * row, a number that is cut by `end`) it leaves to its caller, and only takes what is valid. */
typedef size_t reader_f32_f(const char *text, const char *end, size_t room, float *out,
                            const char **next);
typedef size_t reader_f64_f(const char *text, const char *end, size_t room, double *out,
                            const char **next);

struct reader {
    const char *name;
    reader_f32_f *f32;
    reader_f64_f *f64;
};

/* Read one number at `text`, behind which and before `end` stands a byte that cannot belong to a
 * number.  Returns the byte behind it; NULL where there is no number.  Finite text beyond the
 * largest float becomes an infinity, as strtof has it. */
const char *number_read_f32(const char *text, const char *end, float *out);
const char *number_read_f64(const char *text, const char *end, double *out);

/* For readers that leave a type to it. */
extern const struct reader reader_portable;

#endif
