/* asked_objectives.h - the objectives that a request asks for, of the family of its route. */
#ifndef API_MEMBERS_ASKED_OBJECTIVES_H
#define API_MEMBERS_ASKED_OBJECTIVES_H

#include "core/arena.h"
#include "core/family.h"

#include "api/base/error.h"
#include "api/json/dom.h"

struct asked_objective {
    size_t index;    /* in the family */
    const char *key; /* in the answer: the label, or the name */
    size_t key_length;
    size_t element; /* its index in the member `objectives`, or in the default */
    struct parameters parameters;
};

struct asked_objectives {
    struct asked_objective *of;
    size_t count;
    bool by_default; /* the request has no member `objectives` */
};

/* Read the member `objectives` of a request whose members are valid (parameter_check.h).  Without
 * it, the objectives are `defaults`, indices in the family.  Members of the request that are
 * parameters are defaults of all.  False with *err set: no objective uses such a member, its value
 * is not in an objective's range, or memory is used up. */
bool asked_objectives_read(struct asked_objectives *asked, const struct family *family,
                           json_t *request, const size_t *defaults, size_t count,
                           struct arena *arena, struct error *err);

#endif
