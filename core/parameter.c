/* parameter.c - the parameters of objectives. */
#include "core/parameter.h"

#include <string.h>

#define FROM false
#define ABOVE true
#define TO false
#define BELOW true

static const struct parameter_info infos[PARAMETER_COUNT] = {
#define NUMBER(name, low_edge, low, high_edge, high, help)                                         \
    [PARAMETER_##name] = {#name, help, PARAMETER_NUMBER, low, high, low_edge, high_edge, 0},
#define FLAG(name, help) [PARAMETER_##name] = {#name, help, PARAMETER_FLAG, 0, 1, false, false, 0},
#define CHOICE(name, help, registry)                                                               \
    [PARAMETER_##name] = {#name, help, PARAMETER_CHOICE, 0, 0, false, false, REGISTRY_##registry},
#define STATE(name, help)                                                                          \
    [PARAMETER_##name] = {#name, help, PARAMETER_STATE, -HUGE_VAL, HUGE_VAL, true, true, 0},
#include "core/parameters.def"
};

const struct parameter_info *parameter_info(enum parameter_id parameter)
{
    return &infos[parameter];
}

enum parameter_id parameter_find(const char *name)
{
    for (enum parameter_id parameter = PARAMETER_NONE + 1; parameter < PARAMETER_COUNT; parameter++)
        if (strcmp(infos[parameter].name, name) == 0)
            return parameter;
    return PARAMETER_NONE;
}

bool parameter_has(const struct parameter_info *info, double value)
{
    return (info->low_open ? value > info->low : value >= info->low)
           && (info->high_open ? value < info->high : value <= info->high);
}
