/* token_source.h - a list of tokens in an answer, and what stands beside it. */
#ifndef API_ENGINES_TOKEN_SOURCE_H
#define API_ENGINES_TOKEN_SOURCE_H

#include "api/json/dom.h"

#include <stdbool.h>
#include <stddef.h>

struct token_source {
    const json_t *value; /* an array, or an object (token_list.h) */
    bool of_choice;      /* its path is below the choice; otherwise below the response */
    const char *path;    /* for errors */
    const json_t *ids;   /* the ids of its tokens; NULL: not told, or in the elements */
    const char *ids_path;
    size_t ids_from, ids_skip; /* element ids_from has the id of index ids_skip, and so on */
    const json_t *tops;        /* lists of the most likely tokens; NULL: none, or in the elements */
    const char *number; /* for errors: the name of a token's number, where a token has none */
    bool maps;          /* tokens may be null */
    bool generated;     /* its tokens were generated */
    bool asked;         /* an id that is not told is that of the request's token ... */
    size_t asked_from;  /* ... with the entry's number plus this one */
};

/* The id that stands beside element `at`.  NULL: none. */
static inline const json_t *token_source_id(const struct token_source *list, size_t at)
{
    return at < list->ids_from ? NULL
                               : json_array_get(list->ids, at - list->ids_from + list->ids_skip);
}

#endif
