/* token_arrays.h - a list of tokens as parallel arrays, as OpenAI's completions have it:
 *
 *     {"tokens": [" a"], "token_logprobs": [-1], "token_ids": [7], "top_logprobs": [{" a": -1}],
 *      "text_offset": [0]}
 *
 * Only token_logprobs must be there.  `tokens` may hold ids.  The keys of top_logprobs are texts,
 * or ids where `tokens` are. */
#ifndef API_ENGINES_TOKEN_ARRAYS_H
#define API_ENGINES_TOKEN_ARRAYS_H

#include "api/engines/engine_answer.h"
#include "api/engines/token_source.h"

/* Append the entries of parallel arrays.  False with *err set, also if there are none. */
bool token_arrays_read(struct engine_answer *answer, const struct token_source *list,
                       struct error *err);

/* Whether parallel arrays say the same as the entries from `from` on, which were read from lists of
 * the same object; their ids are added.  False with *err set: they do not. */
bool token_arrays_agree(struct engine_answer *answer, const struct token_source *list, size_t from,
                        struct error *err);

#endif
