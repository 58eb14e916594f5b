/* engine_common.h - parsers that the adapters of several engines share.
 *
 * Functions that return bool append entries to the answer, and return false with *err set on a
 * fault. */
#ifndef API_ENGINES_ENGINE_COMMON_H
#define API_ENGINES_ENGINE_COMMON_H

#include "api/engines/engine_answer.h"
#include "api/engines/engine_value.h"

/* The tokens that an answer lists beside an entry.  They show whether the entry is the argmax. */
struct rivals {
    size_t count;  /* tokens listed, with the entry's own */
    size_t others; /* tokens with a log-probability, without the entry's own */
    double best;   /* the largest log-probability of these */
};

/* Count a listed token.  `itself`: it is the entry's own. */
void rivals_add(struct rivals *rivals, const json_t *log_prob, bool itself);
/* Set entry->greedy from the listed tokens: yes or no if the entry is above or below the best other
 * one; unchanged if they are equal. */
void rivals_judge(struct engine_answer *answer, struct engine_entry *entry,
                  const struct rivals *rivals);

/* Parse generated tokens from the list at `path`: objects with the members `id`, `text` and
 * `log_prob`, and in the member `top` a list of similar objects.  A name may be NULL. */
struct object_names {
    const char *id, *text, *log_prob, *top;
};
bool read_objects(struct engine_answer *answer, const char *path, const struct object_names *names,
                  struct error *err);

/* Parse lists of the most likely tokens: tops[i] belongs to entry from + i.  It is an array, or an
 * object with the array in the member `inner`. */
void read_tops(struct engine_answer *answer, size_t from, const json_t *tops, const char *inner,
               const struct object_names *names);

/* A count of OpenAI's `usage`, such as "prompt_tokens".  START_UNKNOWN: it is absent, or counts
 * other answers too. */
size_t told_usage(const struct engine_answer *answer, const char *name);

/* Whether the first entry has no log-probability (null or NaN), like the first token of a
 * prompt. */
bool begins_without(const struct engine_answer *answer);

/* The number of entries that belong to the prompt by `usage`.  All, if `usage` does not say. */
size_t told_prompt(const struct engine_answer *answer);

/* Parse OpenAI's parallel arrays (logprobs.token_logprobs) from element `from` on.  `ids` are the
 * ids of these elements; NULL: texts of the form "token_id:N" are. */
bool read_arrays(struct engine_answer *answer, size_t from, const json_t *ids, struct error *err);

/* Parse an object from ids to {logprob, rank}, as vLLM has, and append the entry of token `id`.
 * For ENGINE_NO_ID it is the only token, or the one whose rank is beyond the list. */
bool read_ranked(struct engine_answer *answer, size_t list, size_t at, const json_t *object,
                 int64_t id, struct error *err);

#endif
