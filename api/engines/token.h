/* token.h - one token as an engine writes it, under whatever names it uses.
 *
 * Engines agree on what they say of a token (its log-probability, text, id, bytes, and the most
 * likely tokens beside it), and differ in the names.  All names that are known are in token.c; a
 * token is read the same in every list of every format:
 *
 *     object   {"token": " a", "logprob": -0.5, "id": 7, "top_logprobs": [...]}
 *     tuple    [-0.5, 7, " a"]
 *     map      {"7": {"logprob": -0.5, "rank": 1}, "9": ...}, or {"7": -0.5}: see token_map.h
 *     number   -0.5, with its id in a list beside it
 *     run      {"text": " a b", "token_ids": [7, 8], "logprobs": [-0.5, -1]}: several tokens */
#ifndef API_ENGINES_TOKEN_H
#define API_ENGINES_TOKEN_H

#include "api/engines/engine_value.h"

#include <stdint.h>

#define ENGINE_NO_ID INT64_C(-1)

enum token_form { TOKEN_NULL, TOKEN_OBJECT, TOKEN_TUPLE, TOKEN_MAP, TOKEN_RUN, TOKEN_OTHER };

/* The members of a token.  NULL: absent. */
struct token {
    const json_t *log_prob, *id, *text, *bytes, *top, *rank;
    const json_t *probability; /* a member that holds a probability, not a logarithm */
    const char *name;     /* the name of log_prob in the element: "logprob", or "0" in a tuple */
    const char *twice[2]; /* two names of one member with different values; NULL: none */
};

/* Read an element of a list of tokens.  The members of the token are set for an object and a tuple.
 * Returns the element's form. */
enum token_form token_read(struct token *token, const json_t *element);

/* The id of a token, in its own member or in a text of the form "token_id:N".  ENGINE_NO_ID: it has
 * none. */
int64_t token_id(const struct token *token);
int64_t token_id_of_text(const char *text); /* NULL: none */
/* The id that is the key of a map, in digits.  ENGINE_NO_ID: it is none. */
int64_t token_id_of_key(const char *key);

/* Whether two values are the same log-probability, but for rounding. */
bool token_same_value(double a, double b);

#endif
