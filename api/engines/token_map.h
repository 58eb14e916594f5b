/* token_map.h - a token as a map from ids to log-probabilities, as vLLM writes it.
 *
 *     {"281": {"logprob": -10.4, "rank": 2163}, "279": {"logprob": -1.26, "rank": 1}}
 *     {"281": -10.4}
 *
 * It holds the most likely tokens and the actual one, and does not mark which one that is. */
#ifndef API_ENGINES_TOKEN_MAP_H
#define API_ENGINES_TOKEN_MAP_H

#include "api/engines/engine_answer.h"

/* Parse a map (NULL or null: there is none), and append the entry of token `id`.  For ENGINE_NO_ID
 * it is the only token, or the one whose rank is beyond the list.  A map of one token may have its
 * text as the key.  False with *err set: it is not told which token is meant, or a value is wrong.
 */
bool token_map_read(struct engine_answer *answer, size_t list, size_t at, const json_t *map,
                    int64_t id, bool must_have, struct error *err);

#endif
