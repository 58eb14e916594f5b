/* objectives.h - the table of objectives (core/objectives.def). */
#ifndef CORE_OBJECTIVES_H
#define CORE_OBJECTIVES_H

#include "core/objective.h"

enum objective_id {
#define OBJECTIVE(id) OBJECTIVE_##id,
#include "core/objectives.def"
    OBJECTIVE_COUNT
};

const struct objective *objective_at(enum objective_id id);
bool objective_find(const char *name, enum objective_id *id);

#endif
