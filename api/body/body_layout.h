/* body_layout.h - where in a body the objects stand that own what a model said.
 *
 * The request itself is one.  Others are the elements of a list of it ("sequences"), or of a list
 * in each of these ("choices" of "questions"); either list may also be missing on the way, so that
 * a short request needs no outer list.  Owners are numbered in body order, an outer one before
 * those in it; the request is TOP_LEVEL.
 *
 * To add a route whose model outputs stand elsewhere: give its scan another layout. */
#ifndef API_BODY_BODY_LAYOUT_H
#define API_BODY_BODY_LAYOUT_H

#include "api/json/json_path.h"

#define TOP_LEVEL ((size_t)-1)

/* Where an owner stands in a list of all: the request is the first. */
static inline size_t owner_index(size_t owner)
{
    return owner + 1; /* TOP_LEVEL + 1 is 0 */
}

enum { LAYOUT_LISTS = 2, LAYOUT_LEVELS };

struct body_layout {
    const char *list[LAYOUT_LISTS]; /* the outer one and the inner one; NULL where there is none */
    bool per_prompt; /* `logits` of the request may be a list of outputs, and `logprobs` is none */
};

/* "sequences": what POST /v1/score takes; "choices" of "questions": POST /v1/rank;
 * "models" of "sequences": POST /v1/compare. */
extern const struct body_layout body_layout_sequences, body_layout_choices, body_layout_models;

/* "logits", which may be a list: what POST /v1/completions takes.  The owner of an output in the
 * list is its index. */
extern const struct body_layout body_layout_prompts;

/* The owners of a body, as it is read. */
struct owners {
    const struct body_layout *layout;
    size_t count;                /* so far, without the request */
    size_t number[LAYOUT_LISTS]; /* of the one that was last opened in each list */
};

/* An object was opened: number it where it is an owner. */
void owners_note(struct owners *owners, const struct json_path *path);

/* An owner that is open. */
struct owner_at {
    size_t owner;
    size_t list;  /* it stands in; LAYOUT_LISTS for the request */
    size_t level; /* of the path: the object's; its list is at the level before */
};

/* Find those among the first `depth` levels of the path, from the request on; returns how many. */
size_t owners_around(const struct owners *owners, const struct json_path *path, size_t depth,
                     struct owner_at around[LAYOUT_LEVELS]);

/* Whether the object that is, or was last, open at a level of the path is an owner. */
bool owners_own(const struct owners *owners, const struct json_path *path, size_t level,
                size_t *owner);

/* Whether the innermost of the first `depth` levels is an owner at its member `name`. */
bool owners_at(const struct owners *owners, const struct json_path *path, size_t depth,
               const char *name, size_t *owner);

/* The same for an output that stands at member "logits", or in a list there. */
bool owners_at_output(const struct owners *owners, const struct json_path *path, size_t depth,
                      size_t *owner);

#endif
