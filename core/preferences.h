/* preferences.h - which objectives of preferences there are (core/preferences.def). */
#ifndef CORE_PREFERENCES_H
#define CORE_PREFERENCES_H

#include "core/preference.h"

enum preference_id {
#define PREFERENCE(name) PREFERENCE_##name,
#include "core/preferences.def"
    PREFERENCE_COUNT
};

const struct preference_objective *preference_at(size_t index);

extern const struct family family_preference;

#endif
