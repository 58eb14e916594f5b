/* family.h - a family of objectives: those of one route, with their parameters.
 *
 * An objective is a file with its formula and a descriptor, and a row in the family's table.  The
 * descriptor begins with a struct family_objective; the family adds what computes the objective.
 * Validation, the defaults of parameters, the list of objectives, schemas and documents are
 * made from it. */
#ifndef CORE_FAMILY_H
#define CORE_FAMILY_H

#include "core/parameter.h"

/* How an objective uses a parameter. */
struct parameter_use {
    enum parameter_id parameter;
    double value;    /* the default; a flag: 0 or 1; a choice: its index */
    bool no_default; /* `value` has no meaning: where absent, there is none */
    bool not_zero;   /* 0 is not in the range of this objective */
};

/* Uses, for the lists of objectives: with a default; with one that 0 is not in the range of;
 * without one. */
#define USE(parameter, value)                                                                      \
    {                                                                                              \
        PARAMETER_##parameter, (value), false, false                                                 \
    }
#define USE_NOT_ZERO(parameter, value)                                                             \
    {                                                                                              \
        PARAMETER_##parameter, (value), false, true                                                  \
    }
#define USE_NO_DEFAULT(parameter)                                                                  \
    {                                                                                              \
        PARAMETER_##parameter, 0, true, false                                                      \
    }

#define FAMILY_USES 10 /* the most uses of an objective, with the end behind them */

struct family_objective {
    const char *name;
    const char *summary; /* what it is for, a sentence */
    const char *formula;
    const char *inputs;                     /* what must be given, in words */
    const char *source;                     /* the paper or the program that defines it */
    struct parameter_use uses[FAMILY_USES]; /* ends with PARAMETER_NONE */
};

#define FAMILY_MAX 64 /* the most objectives of a family */

struct family {
    const char *name;  /* "preference" */
    const char *title; /* for documents */
    size_t count;
    const struct family_objective *(*at)(size_t index);
};

/* The objective of that name.  False: there is none. */
bool family_find(const struct family *family, const char *name, size_t *index);

/* How an objective uses a parameter.  NULL: it does not. */
const struct parameter_use *family_use(const struct family_objective *objective,
                                       enum parameter_id parameter);

/* Whether some objective of the family uses a parameter. */
bool family_has(const struct family *family, enum parameter_id parameter);

/* The values of an objective's parameters if none is given. */
struct parameters family_defaults(const struct family_objective *objective);

#endif
