/* joined_names.h - how the members of chunks are joined, by their names. */
#ifndef API_ENGINES_JOINED_NAMES_H
#define API_ENGINES_JOINED_NAMES_H

#include "api/json/dom.h"

enum how {
    HOW_LAST,     /* the last value counts that is not null and no empty list */
    HOW_APPENDED, /* lists and texts are appended */
    HOW_INDEXED,  /* elements are merged by their `index`, or by their position */
    HOW_MOST,     /* the largest number counts */
    HOW_DROPPED,  /* it is about one chunk */
};

/* How the values of a member are joined. */
enum how joined_how(const char *name, size_t length);

/* The name in an answer of a member of a chunk: a chunk has its part of a `message` as `delta`. */
const char *joined_name(const char *name);

/* The other name that a member of an answer has in a chunk.  NULL: it has none. */
const char *joined_name_in_chunk(const char *name, size_t length);

/* What says which elements of lists are merged: their `index`, or else their position. */
json_int_t joined_key(const json_t *element, size_t position);

#endif
