/* json_repair.h - numbers and texts in an engine's answer that jansson does not read.
 *
 * Python writes NaN, Infinity and -Infinity; a number may be above the largest double (1e400); and
 * some servers send integers of 64 bits without a sign.  Such a scalar is rewritten where it
 * stands, to the same length, so that no place in the body moves: words and infinite numbers become
 * strings (the word, cut or with blanks behind it), integers that are too long become reals.
 *
 * Texts of tokens may hold a NUL, or half of a surrogate pair where a token is part of a character.
 * No score depends on them, but they must stay different, as names of one object: the escape is
 * rewritten to that of a character for private use, one for each of them, which hardly any
 * vocabulary has.  Where a text of the object is that very character, the name occurs twice, and is
 * refused. */
#ifndef API_JSON_JSON_REPAIR_H
#define API_JSON_JSON_REPAIR_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a scalar may be one of these, at a glance. */
bool json_repair_is_needed(const char *text, size_t length);

/* Rewrite a scalar if it is one of these; others, and what is no JSON, are left alone. */
void json_repair_scalar(char *text, size_t length);

/* Rewrite what a string or a name holds of the escapes \u0000 (to \ue800) and \ud800 to \udfff that
 * are no pair (to \ue000 to \ue7ff).  `text` is all of it, with its quotes. */
void json_repair_string(char *text, size_t length);

/* The number that a string stands for, as rewritten or as its sender wrote it. */
bool json_repair_word(const char *text, double *value);

#endif
