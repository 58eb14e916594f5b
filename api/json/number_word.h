/* number_word.h - words for numbers that JSON lacks, as Python writes them: NaN, Infinity,
 * -Infinity. */
#ifndef API_JSON_NUMBER_WORD_H
#define API_JSON_NUMBER_WORD_H

#include <stdbool.h>
#include <stddef.h>

/* Parse a word of `length` bytes.  False: it is none of them. */
bool number_word_read(const char *text, size_t length, double *value);

/* Parse a string in an engine's answer, which may be cut off ("Inf", "-Inf").  False: it is no such
 * word. */
bool number_word_guess(const char *text, double *value);

/* The word for an infinity. */
const char *number_word_of(double infinity);

#endif
