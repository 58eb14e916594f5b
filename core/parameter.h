/* parameter.h - the parameters of objectives (core/parameters.def). */
#ifndef CORE_PARAMETER_H
#define CORE_PARAMETER_H

#include "core/registry.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

enum parameter_id {
    PARAMETER_NONE, /* ends a list */
#define NUMBER(name, low_edge, low, high_edge, high, help) PARAMETER_##name,
#define FLAG(name, help) PARAMETER_##name,
#define CHOICE(name, help, registry) PARAMETER_##name,
#define STATE(name, help) PARAMETER_##name,
#include "core/parameters.def"
    PARAMETER_COUNT
};

enum parameter_form { PARAMETER_NUMBER, PARAMETER_FLAG, PARAMETER_CHOICE, PARAMETER_STATE };

struct parameter_info {
    const char *name, *help;
    enum parameter_form form;

    /* PARAMETER_NUMBER: the bounds; an open one is not in the range. */
    double low, high;
    bool low_open, high_open;

    enum registry_id choices; /* PARAMETER_CHOICE: whose names it has */
};

const struct parameter_info *parameter_info(enum parameter_id parameter);

/* The parameter of that name.  PARAMETER_NONE: there is none. */
enum parameter_id parameter_find(const char *name);

/* Whether a number is in the range of a parameter. */
bool parameter_has(const struct parameter_info *info, double value);

/* The value of a parameter. */
struct parameter_value {
    bool given;    /* else `number` is the objective's default, if it has one */
    double number; /* a flag: 0 or 1; a choice: its index; a state: its mean */
    bool counted;  /* the state has a count */
    double count;  /* a whole number */
};

/* The values for one objective, by enum parameter_id. */
struct parameters {
    struct parameter_value of[PARAMETER_COUNT];
};

static inline double parameter_number(const struct parameters *parameters,
                                      enum parameter_id parameter)
{
    return parameters->of[parameter].number;
}

static inline bool parameter_is_set(const struct parameters *parameters,
                                    enum parameter_id parameter)
{
    return parameters->of[parameter].number != 0;
}

/* The value of a parameter with choices: the index of its name. */
static inline size_t parameter_index(const struct parameters *parameters,
                                     enum parameter_id parameter)
{
    return (size_t)parameters->of[parameter].number;
}

#endif
