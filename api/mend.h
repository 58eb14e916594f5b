/* mend.h - numbers in an engine's answer that jansson does not read.
 *
 * Python writes NaN, Infinity and -Infinity; a number may be above the largest double (1e400); and
 * some servers send integers of 64 bits without a sign.  Such a scalar is rewritten where it
 * stands, to the same length, so that no place in the body moves: words and infinite numbers become
 * strings (the word, cut or with blanks behind it), integers that are too long become reals. */
#ifndef API_MEND_H
#define API_MEND_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a scalar may be one of these, at a glance. */
bool mend_is_needed(const char *text, size_t length);

/* Rewrite a scalar if it is one of these; others, and what is no JSON, are left alone. */
void mend_scalar(char *text, size_t length);

/* The number that a string stands for, as rewritten or as its sender wrote it. */
bool mend_word(const char *text, double *value);

#endif
