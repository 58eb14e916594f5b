/* objectives.c - which objectives there are. */
#include "core/objectives.h"

#include <string.h>

#define OBJECTIVE(name) extern const struct objective objective_##name;
#include "core/objectives.def"

static const struct objective *const objectives[] = {
#define OBJECTIVE(name) &objective_##name,
#include "core/objectives.def"
};

const struct objective *objective_at(enum objective_id id)
{
    return objectives[id];
}

bool objective_find(const char *name, enum objective_id *id)
{
    for (enum objective_id i = 0; i < OBJECTIVE_COUNT; i++) {
        if (strcmp(objectives[i]->name, name) == 0) {
            *id = i;
            return true;
        }
    }
    return false;
}
