/* gold.h - which choices of a question are right.
 *
 * The member `gold` names a choice by its index or by its own `id`, or several in a list.  A string
 * is an id.  An integer is the id of a choice if one has it, and else an index. */
#ifndef API_MEMBERS_GOLD_H
#define API_MEMBERS_GOLD_H

#include "api/base/json_place.h"
#include "api/json/dom.h"

/* Find the choices that `gold` names, and mark them in `right`, which has an entry for each choice
 * (NULL: only check).  `at` is the place of `gold`.  False with *err set: it names no choice, an
 * integer is the id of one and the index of another, an id occurs twice, there are more right ones
 * than choices, or memory is used up. */
bool gold_mark(const json_t *gold, const json_t *choices, const struct json_place *at, bool *right,
               struct arena *arena, struct error *err);

#endif
