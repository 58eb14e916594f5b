/* preferences.c - which objectives of preferences there are. */
#include "core/preferences.h"

#define PREFERENCE(name) extern const struct preference_objective preference_##name;
#include "core/preferences.def"

static const struct preference_objective *const objectives[] = {
#define PREFERENCE(name) &preference_##name,
#include "core/preferences.def"
};

const struct preference_objective *preference_at(size_t index)
{
    return objectives[index];
}

static const struct family_objective *head_at(size_t index)
{
    return &objectives[index]->head;
}

const struct family family_preference = {"preference", "objectives of preferences",
                                         PREFERENCE_COUNT, head_at};
