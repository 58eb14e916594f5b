/* token_list.h - the reader of token lists, which all formats share.
 *
 * A list is an array of tokens in any form of token.h; or an object of parallel arrays, as OpenAI's
 * completions have it; or an object with lists of its own, as OpenAI's chat has it:
 *
 *     {"tokens": ["a", "b"], "token_logprobs": [null, -1], "top_logprobs": [null, {"b": -1}]}
 *     {"content": [{"token": "a", "logprob": -1}], "refusal": null}
 *
 * If an object has both, they must say the same.  Parallel arrays must have as many elements. */
#ifndef API_ENGINES_TOKEN_LIST_H
#define API_ENGINES_TOKEN_LIST_H

#include "api/engines/engine_answer.h"
#include "api/engines/token_source.h"

/* Append the entries of a list, in order.  False with *err set: the list is wrong or contradicts
 * what stands beside it, or memory or work is used up. */
bool token_list_read(struct engine_answer *answer, const struct token_source *list,
                     struct error *err);

/* The number of tokens in a list.  Nothing is checked. */
size_t token_list_count(const json_t *value);

#endif
