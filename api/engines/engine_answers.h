/* engine_answers.h - answers of engines that many sequences share: each is read once.
 *
 * Beside a list of sequences, one answer may serve all of them, and many may stand in any order.
 * What an answer says depends on it and on little else (engine_answer_is_same); so answers are
 * kept, and the places of answers by their index are found once for a list. */
#ifndef API_ENGINES_ENGINE_ANSWERS_H
#define API_ENGINES_ENGINE_ANSWERS_H

#include "api/body/body_layout.h"
#include "api/engines/engine_answer.h"

enum { ANSWERS_KEPT = 64 };

/* The places of the answers in a list, by their `index`. */
struct indexed {
    const json_t *list; /* NULL: of none yet */
    size_t *place;      /* of the first with that index; the size of the list where there is none */
    bool repeats;       /* an index is told twice */
};

struct engine_answers {
    struct engine_answer *kept[ANSWERS_KEPT]; /* the latest */
    size_t count;
    struct indexed indexed[LAYOUT_LEVELS]; /* of the answers beside each level of lists */
};

/* Fill in what a answer says from one that was kept; false where there is none. */
bool engine_answers_find(const struct engine_answers *answers, struct engine_answer *answer);

/* Keep what it says.  False: no memory. */
bool engine_answers_keep(struct engine_answers *answers, const struct engine_answer *answer,
                         struct error *err);

/* The places of the answers in the list beside a level; NULL: no memory. */
const struct indexed *engine_answers_indexed(struct engine_answers *answers, size_t level,
                                             const json_t *list, struct arena *arena);

#endif
