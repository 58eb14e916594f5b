/* walk.h - a walk over JSON text that always knows its path.
 *
 * It finds where a value begins and ends and what its path is; it does not judge grammar beyond
 * what it needs for that (jansson judges the envelope, rows.h the numbers).  Text that is not JSON
 * makes it stop early, never misbehave. */
#ifndef TESTS_PLAIN_WALK_H
#define TESTS_PLAIN_WALK_H

#include <stdbool.h>
#include <stddef.h>

#define PLAIN_WALK_MAX_DEPTH 64

enum plain_walk_token {
    PLAIN_WALK_END,    /* of the text, or nothing more can be made of it */
    PLAIN_WALK_DEEP,   /* nested deeper than PLAIN_WALK_MAX_DEPTH */
    PLAIN_WALK_KEY,    /* a member's name; the path already names it */
    PLAIN_WALK_STRING, /* a string value */
    PLAIN_WALK_OPEN,   /* [ or {, which the next step enters */
    PLAIN_WALK_CLOSE,  /* ] or } */
    PLAIN_WALK_SCALAR, /* a number or a literal */
};

struct plain_walk_level {
    const char *key; /* raw text between the quotes; NULL before the first */
    size_t key_length;
    size_t index;
    bool object, wants_key;
};

struct plain_walk {
    const char *at;    /* next byte */
    const char *end;   /* there is a NUL here */
    const char *start; /* of the token last returned; at is its end */
    bool touches;      /* it stands right behind a value, without a comma */
    size_t depth;
    struct plain_walk_level level[PLAIN_WALK_MAX_DEPTH];
};

void plain_walk_init(struct plain_walk *walk, const char *text, size_t length);
enum plain_walk_token plain_walk_next(struct plain_walk *walk);

/* Whether level `depth` is an object and we are at its member `name` (escapes in keys are seen
 * through). */
bool plain_walk_at_member(const struct plain_walk *walk, size_t depth, const char *name);

/* The path as a JSON pointer, without its last `up` steps. */
void plain_walk_pointer(const struct plain_walk *walk, char *out, size_t size);

/* Where the value at a JSON pointer begins; `length` if it is nowhere. */
size_t plain_walk_find(const char *text, size_t length, const char *pointer);

/* The path of the value around byte `offset`, as a JSON pointer. */
void plain_walk_locate(const char *text, size_t length, size_t offset, char *out, size_t size);

/* Undo the escapes of a string of ASCII characters; others become '?'.  Returns the new length;
 * `out` may be `in`. */
size_t plain_walk_unescape(const char *in, size_t length, char *out, size_t size);

#endif
