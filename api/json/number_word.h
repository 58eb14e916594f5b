/* number_word.h - the words that stand for numbers which JSON does not have, as Python writes them:
 * NaN, Infinity, -Infinity. */
#ifndef API_JSON_NUMBER_WORD_H
#define API_JSON_NUMBER_WORD_H

#include <stdbool.h>
#include <stddef.h>

/* The number that a text of `length` bytes stands for; false where it is no such word. */
bool number_word_read(const char *text, size_t length, double *value);

/* The same for a string in an engine's answer, which may be cut: "Inf", "-Inf". */
bool number_word_guess(const char *text, double *value);

/* The word of an infinite number. */
const char *number_word_of(double infinity);

#endif
