/* walk.h - a walk over JSON text that always knows its path.
 *
 * It finds where a value begins and ends and what its path is; it does not judge grammar beyond
 * what it needs for that (jansson judges the envelope, row_numbers.h the numbers).  Text that is
 * not JSON makes it stop early, never misbehave.
 *
 * The text may grow while it is walked, and move: all places are offsets. */
#ifndef API_JSON_WALK_H
#define API_JSON_WALK_H

#include <stdbool.h>
#include <stddef.h>

#define WALK_MAX_DEPTH 64

enum walk_token {
    WALK_END,    /* of the text, or nothing more can be made of it */
    WALK_DEEP,   /* nested deeper than WALK_MAX_DEPTH */
    WALK_MORE,   /* the text ends here, or within a token; it may go on (walk_grow) */
    WALK_KEY,    /* a member's name; the path already names it */
    WALK_QUOTE,  /* a string value begins; the next step passes over it */
    WALK_STRING, /* a string value */
    WALK_OPEN,   /* [ or {, which the next step enters */
    WALK_CLOSE,  /* ] or } */
    WALK_SCALAR, /* a number or a literal */
};

struct walk_level {
    size_t start; /* of the object or array */
    size_t key;   /* raw text between the quotes */
    size_t key_length;
    size_t index;
    bool object, wants_key;
    bool named; /* there was a key */
};

struct walk {
    const char *text;
    size_t length;
    bool ended;   /* the text does not go on */
    size_t at;    /* next byte */
    size_t start; /* of the token last returned; at is its end */
    size_t seen;  /* a token that is cut was searched up to here */
    bool quoted;  /* the string at hand was announced */
    size_t depth;
    struct walk_level level[WALK_MAX_DEPTH];
};

/* Begin a walk over text that is all there (`ended`), or will grow. */
void walk_init(struct walk *walk, const char *text, size_t length, bool ended);

/* The text goes on, up to `length` bytes, and may have moved. */
void walk_grow(struct walk *walk, const char *text, size_t length);

enum walk_token walk_next(struct walk *walk);

/* Whether the token stands right behind a value, without a comma: then this is no JSON. */
bool walk_touches(const struct walk *walk);

/* Whether a key, as it stands between its quotes, is a name (escapes are seen through). */
bool walk_is_name(const char *key, size_t key_length, const char *name);

/* Whether level `depth` is an object and we are at its member `name` (escapes in keys are seen
 * through). */
bool walk_at_member(const struct walk *walk, size_t depth, const char *name);

/* The path as a JSON pointer, without its last `up` steps. */
void walk_pointer(const struct walk *walk, char *out, size_t size);

/* The path of the value around byte `offset`, as a JSON pointer. */
void walk_locate(const char *text, size_t length, size_t offset, char *out, size_t size);

/* Undo the escapes of a string of ASCII characters; others become '?'.  Returns the new length;
 * `out` may be `in`. */
size_t walk_unescape(const char *in, size_t length, char *out, size_t size);

#endif
