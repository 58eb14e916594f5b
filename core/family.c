/* family.c - a family of objectives. */
#include "core/family.h"

#include <string.h>

bool family_find(const struct family *family, const char *name, size_t *index)
{
    for (size_t i = 0; i < family->count; i++) {
        if (strcmp(family->at(i)->name, name) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

const struct parameter_use *family_use(const struct family_objective *objective,
                                       enum parameter_id parameter)
{
    const struct parameter_use *use = objective->uses;

    while (use->parameter != PARAMETER_NONE && use->parameter != parameter)
        use++;
    return use->parameter != PARAMETER_NONE ? use : NULL;
}

bool family_has(const struct family *family, enum parameter_id parameter)
{
    for (size_t i = 0; i < family->count; i++)
        if (family_use(family->at(i), parameter))
            return true;
    return false;
}

struct parameters family_defaults(const struct family_objective *objective)
{
    struct parameters parameters = {0};

    for (const struct parameter_use *use = objective->uses; use->parameter != PARAMETER_NONE; use++)
        parameters.of[use->parameter].number = use->value;
    return parameters;
}
