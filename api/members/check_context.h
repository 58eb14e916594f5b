/* check_context.h - the judging of one value in a request, for those who write checks of members.
 */
#ifndef API_MEMBERS_CHECK_CONTEXT_H
#define API_MEMBERS_CHECK_CONTEXT_H

#include "api/members/fields.h"

/* How far the judging of the objects in lists has come. */
struct progress {
    size_t owners;    /* objects that were met */
    size_t sequences; /* that were found good */
    bool inside;      /* the fault lies in one of the objects */
};

/* A value that is being judged: the tree, where it stands, and the rest that a check may need. */
struct check_context {
    json_t *value;
    struct json_place at;
    struct envelope *envelope;
    size_t owner;              /* number of the object that it is a member of, or is */
    size_t level;              /* of that object */
    struct progress *progress; /* NULL: leave the lists alone */
    struct error *err;
};

/* Each returns `good`, or what it has checked, with judged->err filled in where that is false. */
bool must_be(const struct check_context *context, bool good, const char *what);
bool check_string(const struct check_context *context);
bool check_count(const struct check_context *context);

/* Every element of an array; the array may be empty. */
bool check_each(const struct check_context *context, const char *what, check_f *check);

/* A number for which `good` holds; `range` says what that is. */
bool in_range(const struct check_context *context, bool good, const char *range);

/* A string for which `good` holds; `choices` says which there are. */
bool one_of(const struct check_context *context, bool good, const char *choices);

/* The objects in a list of the layout, which are owners of model outputs; `none` is said of an
 * empty one. */
bool check_objects(const struct check_context *context, size_t list, const char *none);

/* Checks of what a model said (fields_output.c). */
check_f check_shape, check_logits, check_logprobs, check_outputs, check_format;

/* Checks of members that are about corpora (fields_corpus.c). */
check_f check_counts, check_bootstrap;

/* Checks of members of POST /v1/rank (fields_rank.c), and of a question. */
check_f check_questions, check_choices, check_gold, check_unconditional, check_question;

/* Checks of members of POST /v1/compare (fields_compare.c). */
check_f check_models;

#endif
