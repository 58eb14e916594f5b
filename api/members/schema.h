/* schema.h - the members that a route takes, and where.
 *
 * The tables of members make the schemas (schemas.h). */
#ifndef API_MEMBERS_SCHEMA_H
#define API_MEMBERS_SCHEMA_H

#include "core/family.h"

#include "api/members/field.h"
#include "api/members/hint.h"
#include "api/members/sequence_iterator.h"

struct check_context; /* check_context.h */
struct sequence_path; /* members.h */

/* A member as a route takes it. */
struct route_member {
    unsigned scope; /* mask of enum field_scope; 0: the route does not take it */
    bool (*check)(const struct check_context *context); /* NULL: the check of its table */
    const struct field_info *info;                      /* NULL: the row of its table */
};

/* The members that a route takes. */
struct route_schema {
    const struct body_layout *layout;
    const char *kind[LAYOUT_KINDS]; /* what an object of each kind is called in errors */
    unsigned objectives;            /* mask of the objectives; 0: the member `objectives` decides */
    const struct route_member *member; /* by enum field */

    /* Checks the parts that an object has.  NULL: no check. */
    bool (*parts)(const struct check_context *object);
    /* Checks an object with a part that objects of its kind must have, after its members.  NULL: no
     * check. */
    bool (*around)(const struct check_context *object);

    /* Whether a member of an outer object is no default for an inner one.  NULL: all are. */
    bool (*hides)(const struct holder *outer, const struct holder *inner, enum field field);

    /* Whether the route takes the value of a sequence from members of its own, so that no plan is
     * made of it.  NULL: of none. */
    bool (*tells)(const struct sequence_path *path);

    /* What is computed of rows beside log-probabilities, a mask of enum detail; of
     * log-probabilities nothing is.  NULL: the member `details` says. */
    unsigned (*details)(const struct sequence_path *path);
    /* Whether a request may ask for the prompt's log-probabilities, too, by the parameter `nll` of
     * an objective: they are scored where rows tell them. */
    bool asks_joint;

    /* The objectives of the route, whose parameters are members of the request.  NULL: none. */
    const struct family *family;

    enum hint_route hints;   /* which rows of hints.def are about this route */
    const char *tokens_name; /* the name of `tokens` on this route; NULL: "tokens" */
    bool asks_holder;        /* what is missing is asked of the innermost object that may have it */
    bool masks_numbers;      /* `mask` may be about `logprobs` without tokens */
    bool may_be_empty;       /* y may have no token, where `objectives` is set */
    bool ranks;              /* sequences are choices: one answer for several of them is refused */
};

/* The row of the table for a member, as the route has it. */
static inline const struct field_info *schema_info(const struct route_schema *schema,
                                                   enum field field)
{
    const struct field_info *own = schema->member[field].info;

    return own ? own : field_info(field);
}

/* The kind of the innermost object that may have the member.  The route takes it. */
static inline size_t schema_kind(const struct route_schema *schema, enum field field)
{
    size_t kind = LAYOUT_KINDS - 1;

    while (kind > 0 && !(schema->member[field].scope >> kind & 1))
        kind--;
    return kind;
}

#endif
