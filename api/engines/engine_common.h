/* engine_common.h - readers that the adapters of several engines share. */
#ifndef API_ENGINES_ENGINE_COMMON_H
#define API_ENGINES_ENGINE_COMMON_H

#include "api/engines/engine_answer.h"
#include "api/engines/engine_value.h"

/* Tokens that are listed beside an entry, to learn whether it was the most likely one. */
struct rivals {
    size_t count; /* listed, the token itself too */
    size_t others;
    double best; /* of the others */
};

void rivals_add(struct rivals *rivals, const json_t *log_prob, bool itself);
void rivals_judge(struct engine_answer *answer, struct engine_entry *entry,
                  const struct rivals *rivals);

/* Generated tokens, as objects with `id`, `text` and `log_prob` members and, in `top`, lists of the
 * same. */
struct object_names {
    const char *id, *text, *log_prob, *top;
};
bool read_objects(struct engine_answer *answer, const char *path, const struct object_names *names,
                  struct error *err);

/* The lists that some keep of the most likely tokens, one for each entry from `from` on; their
 * objects stand in member `inner` (NULL: in an array at once). */
void read_tops(struct engine_answer *answer, size_t from, const json_t *tops, const char *inner,
               const struct object_names *names);

/* A count of OpenAI's `usage` ("prompt_tokens"); START_UNKNOWN where it speaks of other answers
 * too, or does not tell. */
size_t told_usage(const struct engine_answer *answer, const char *name);

/* Whether the first entry has no log-probability (null or NaN), as that of a prompt has none. */
bool begins_without(const struct engine_answer *answer);

/* How many of the entries are of the prompt, as `usage` tells; all of them where it does not. */
size_t told_prompt(const struct engine_answer *answer);

/* OpenAI's parallel arrays from entry `from` on; ids (or NULL) where texts are not "token_id:N". */
bool read_arrays(struct engine_answer *answer, size_t from, const json_t *ids, struct error *err);

/* An object of ids to {logprob, rank}: the entry about token `id`, which may be ENGINE_NO_ID. */
bool read_ranked(struct engine_answer *answer, size_t list, size_t at, const json_t *object,
                 int64_t id, struct error *err);

#endif
