/* objective.h - an objective: a sum of log-probabilities over selected tokens.
 *
 * To add an objective: write core/objectives/NAME.c (its formula in the head, one function, one
 * descriptor) and add a row to core/objectives.def.  Lookup, validation, GET /v1/objectives, the
 * answer, the metrics and the documents follow. */
#ifndef CORE_OBJECTIVE_H
#define CORE_OBJECTIVE_H

#include <stdbool.h>

/* Which part of the sequence a token belongs to. */
enum segment {
    SEGMENT_PROMPT,     /* x */
    SEGMENT_COMPLETION, /* y */
    SEGMENT_WHOLE,      /* either: the split is not known */
    SEGMENT_COUNT
};

typedef bool objective_selects_f(enum segment segment);

struct objective {
    const char *name;
    const char *summary;
    const char *formula;
    const char *tokens; /* which tokens it sums over, in words */
    bool needs_split;
    objective_selects_f *selects;
};

#endif
