/* body_layout.h - the objects of a body that may have model outputs: their owners.
 *
 * One owner is the request itself.  Others are the elements of a list in it ("sequences"), or of a
 * list in each of these ("choices" of "questions").  Either list may be missing, so a short request
 * needs no outer list.  Owners are numbered in body order, an outer one before those inside it.
 * The request is TOP_LEVEL.
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

/* The most lists, and levels of objects, of a layout. */
enum { LAYOUT_LISTS = 2, LAYOUT_LEVELS };

struct body_layout {
    const char *list[LAYOUT_LISTS]; /* names of the outer and the inner list; NULL: none */
    bool per_prompt;                /* `logits` may be a list of outputs; there is no `logprobs` */
};

/* "sequences" for POST /v1/score; "choices" of "questions" for POST /v1/rank; "models" of
 * "sequences" for POST /v1/compare. */
extern const struct body_layout body_layout_sequences, body_layout_choices, body_layout_models;

/* For POST /v1/completions: "logits" may be a list of outputs.  The owner of an output is its
 * index. */
extern const struct body_layout body_layout_prompts;

/* The owners of a body, numbered as it is parsed. */
struct owners {
    const struct body_layout *layout;
    size_t count;                /* owners so far, without the request */
    size_t number[LAYOUT_LISTS]; /* owner last opened in each list */
};

/* Number the object that was just opened, if it is an owner. */
void owners_note(struct owners *owners, const struct json_path *path);

/* An open owner. */
struct owner_at {
    size_t owner;
    size_t list;  /* its list; LAYOUT_LISTS: it is the request */
    size_t level; /* its level in the path; its list is one level before */
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

#endif
