/* engine_told.h - what an engine's answer tells of itself beside its lists: counts, sums, reasons.
 */
#ifndef API_ENGINES_ENGINE_TOLD_H
#define API_ENGINES_ENGINE_TOLD_H

#include "api/engines/engine_answer.h"

/* Counts of tokens.  START_UNKNOWN: not told, or told for several answers together. */
struct engine_told {
    size_t prompt, generated;
    size_t total;     /* of both, as the engine adds them up */
    size_t unlisted;  /* generated tokens that need not be listed, such as hidden reasoning; or 0 */
    bool ends_itself; /* the engine's reason: a stop token or text, which may be counted and not
                         listed */
    bool has_reasoning; /* the answer has a text of reasoning */
    bool has_more; /* the answer has parts whose tokens are never listed, such as calls of tools */
    const char *prompt_name, *generated_name; /* the members that told, for errors */
};

/* Read what the answer tells.  False with *err set: two counts contradict each other. */
bool engine_told_read(const struct engine_answer *answer, struct engine_told *told,
                      struct error *err);

/* A count at the first of the paths that has one.  START_UNKNOWN: none. */
size_t engine_told_count(const struct engine_answer *answer, const char *const *paths, size_t count,
                         const char **name);

/* Whether `listed` generated tokens fit the engine's count.  If some are not listed for a reason
 * that is known, a warning is counted.  False with *err set otherwise. */
bool engine_told_check(struct engine_answer *answer, const struct engine_told *told, size_t listed,
                       struct error *err);

/* Whether sums and means of the answer are those of the entries from `from` on.  False with *err
 * set otherwise. */
bool engine_told_sums(const struct engine_answer *answer, size_t from, struct error *err);

/* Whether the answer is one of a chat: its prompt holds more tokens than the request's. */
bool engine_told_chat(const struct engine_answer *answer);

#endif
