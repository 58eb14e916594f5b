/* engine_answers.h - remembers answers of engines that many sequences share.
 *
 * One answer beside a list of sequences may apply to all of them; several may be in any order.  The
 * contents of an answer depend on the answer and on few settings, so the latest ones are remembered
 * and not parsed again.  An answer is looked up by its `index` in a table that is made once for
 * each list. */
#ifndef API_ENGINES_ENGINE_ANSWERS_H
#define API_ENGINES_ENGINE_ANSWERS_H

#include "api/body/body_layout.h"
#include "api/engines/engine_answer.h"
#include "api/engines/outputs.h"

enum { ANSWERS_KEPT = 64 };

/* The position of each answer in a list, by its `index`. */
struct indexed {
    const json_t *list; /* NULL: not made yet */
    size_t *place; /* position of the first answer with that index; the size of the list: none */
    bool repeats;  /* some index occurs twice */
};

struct engine_answers {
    struct engine_answer *kept[ANSWERS_KEPT]; /* the latest ones */
    size_t count; /* number of answers remembered so far, also those overwritten */
    const json_t *checked[LAYOUT_LEVELS];  /* the latest list of answers of each level whose counts
                                              were  checked (engine_whole.h); NULL: none */
    struct outputs outputs[LAYOUT_LEVELS]; /* the latest `outputs` of the objects of each level */
    struct indexed indexed[LAYOUT_LEVELS]; /* for answers beside the lists of each level */
};

/* Copy the output of a remembered answer with the same input.  False: there is none. */
bool engine_answers_find(const struct engine_answers *answers, struct engine_answer *answer);

/* Charge an answer that is parsed once more, since another sequence with other input shares it.
 * The first time is paid for with the body.  False with *err set: work is used up. */
bool engine_answers_charge(const struct engine_answers *answers, const struct engine_answer *answer,
                           struct error *err);

/* Remember an answer.  False with *err set: memory is used up. */
bool engine_answers_keep(struct engine_answers *answers, const struct engine_answer *answer,
                         struct error *err);

/* The positions of the answers in a list.  NULL: memory is used up. */
const struct indexed *engine_answers_indexed(struct engine_answers *answers, size_t level,
                                             const json_t *list, struct arena *arena);

#endif
