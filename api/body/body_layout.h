/* body_layout.h - the objects of a body that may have model outputs: their owners.
 *
 * One owner is the request itself.  Others are in members of owners: a *part* of a layout is such a
 * member, and says in which kinds of owners it may be and of which kind the owners in it are.  A
 * part is a list of objects ("sequences"), one object ("policy"), or either ("chosen").  Owners are
 * numbered in body order, an outer one before those inside it.  The request is TOP_LEVEL.
 *
 * To add a route with model outputs elsewhere: give its scanner another layout. */
#ifndef API_BODY_BODY_LAYOUT_H
#define API_BODY_BODY_LAYOUT_H

#include "api/json/json_path.h"

/* the owner number of the request */
#define TOP_LEVEL ((size_t)-1)

/* The index of an owner in an array of all owners; that of the request is 0. */
static inline size_t owner_index(size_t owner)
{
    return owner + 1; /* TOP_LEVEL + 1 is 0 */
}

/* The most owners inside each other, and kinds of owners in a layout.  The request is of kind 0. */
enum { LAYOUT_LEVELS = 4, LAYOUT_KINDS = 5 };

/* The part of the request itself, which is in none. */
#define LAYOUT_REQUEST ((size_t)-1)

/* PART_ACROSS is a list whose objects are around the other parts of their owner, each around all of
 * these: in a question with choices and models every choice is in every model, too. */
enum part_form { PART_LIST, PART_OBJECT, PART_EITHER, PART_ACROSS };

static inline bool part_may_be_list(enum part_form form)
{
    return form != PART_OBJECT;
}

static inline bool part_may_be_object(enum part_form form)
{
    return form == PART_OBJECT || form == PART_EITHER;
}

struct layout_part {
    const char *name; /* of the member */
    size_t kind;      /* of the owners in it */
    unsigned in;      /* mask of 1 << kind: the owners that may have it */
    enum part_form form;
    bool needed; /* an owner that may have it, and has no other part, must have it */
};

struct body_layout {
    const struct layout_part *part; /* ends with a name NULL; the outermost is first */
    bool per_prompt;                /* `logits` may be a list of outputs; there is no `logprobs` */
};

/* For POST /v1/score, /v1/rank, /v1/compare, /v1/preference and /v1/policy. */
extern const struct body_layout body_layout_sequences, body_layout_choices, body_layout_models,
    body_layout_pairs, body_layout_policies;

/* For POST /v1/completions: "logits" may be a list of outputs.  The owner of an output is its
 * index. */
extern const struct body_layout body_layout_prompts;

/* The part that the member `name` of an owner of a kind is.  LAYOUT_REQUEST: it is none. */
size_t layout_find(const struct body_layout *layout, size_t kind, const char *name);

/* Whether an owner of a kind must have a part that is still missing. */
bool layout_needs(const struct body_layout *layout, size_t kind);

/* The owners of a body, numbered as it is parsed. */
struct owners {
    const struct body_layout *layout;
    size_t count;                 /* owners so far, without the request */
    size_t number[LAYOUT_LEVELS]; /* owner last opened, by how many owners are around it */
};

/* Number the object that was just opened, if it is an owner. */
void owners_note(struct owners *owners, const struct json_path *path);

/* An open owner. */
struct owner_at {
    size_t owner;
    size_t part; /* the index of its part; LAYOUT_REQUEST */
    size_t kind;
    bool listed;  /* it is in a list, which is one level before it */
    size_t level; /* its level in the path */
};

/* Find the owners in the first `depth` levels of a path, the request first.  Returns their
 * number. */
size_t owners_around(const struct owners *owners, const struct json_path *path, size_t depth,
                     struct owner_at around[LAYOUT_LEVELS]);

/* Whether the object at a level of the path is an owner; it may have been closed just now. */
bool owners_own(const struct owners *owners, const struct json_path *path, size_t level,
                size_t *owner);

/* Whether the innermost of the first `depth` levels is an owner whose current member is `name`. */
bool owners_at(const struct owners *owners, const struct json_path *path, size_t depth,
               const char *name, size_t *owner);

/* The same for an output: the member "logits", or an element of a list there. */
bool owners_at_output(const struct owners *owners, const struct json_path *path, size_t depth,
                      size_t *owner);

/* Whether the current member of an owner, which is the innermost level, is a part. */
bool owners_at_part(const struct owners *owners, const struct json_path *path);

#endif
