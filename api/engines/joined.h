/* joined.h - an answer that is joined from the chunks of a stream.
 *
 * One join serves all engines: objects are merged member by member, lists of choices by `index`,
 * lists of tokens and pieces of text are appended, and of other values the last one counts.  Which
 * members are appended is told by their names (joined_names.c).
 *
 * Where a chunk has another form than the answer, its members are moved first: each such member
 * becomes a part of its own.  A part remembers its chunk, so a place in the answer can be told as a
 * place in the request. */
#ifndef API_ENGINES_JOINED_H
#define API_ENGINES_JOINED_H

#include "api/base/work.h"
#include "api/json/dom.h"

/* A member of a chunk that stands elsewhere in the answer. */
struct lift {
    const char *type;      /* only in chunks whose `type` is this; NULL: in all */
    const char *from, *to; /* "token", "details/tokens/0"; a number stands for a list of one */
    bool whole;            /* it is the whole answer: the parts before it do not count */
};

/* Whether a table moves members of chunks like this one. */
bool lift_takes(const struct lift *lifts, const json_t *chunk);

struct part {
    json_t *value;
    size_t chunk;            /* its position in the list of chunks */
    const struct lift *lift; /* NULL: the chunk itself */
};

/* A part that has something of a choice; all of one choice are linked, in the order of the parts.
 */
struct place {
    const struct part *part;
    size_t at; /* where the choice is in the list of the part */
    const struct place *next;
};

/* Places outside of the choices that were looked for: many choices have the same ones. */
struct found {
    size_t count;
    struct {
        char path[POINTER_SIZE], pointer[POINTER_SIZE];
    } last[8];
};

/* How chunks stand in a request. */
enum chunks {
    CHUNKS_LISTED, /* in a list */
    CHUNKS_ALONE,  /* there is only one, without a list */
    CHUNKS_TEXT,   /* in a text: their values have no JSON pointers */
};

struct joined {
    json_t *answer;
    struct part *parts;
    size_t count;
    const char *list; /* the member whose elements are merged by `index`; NULL: there is none */
    const struct place **choices; /* the places of each element of that list of the answer */
    struct found *found;          /* NULL: there are no two choices */
    const char *base;             /* JSON pointer of the chunks */
    enum chunks chunks;
    bool ended; /* a chunk said of each choice that it is complete */
};

/* What the join allocates from, and what it charges. */
struct joiner {
    struct dom dom;
    struct arena *arena;
    struct work *work;
    struct error *err;
};

/* Start an answer of at most `chunks` chunks.  `lifts` is a table whose last row has no `from`;
 * NULL: chunks have the form of the answer.  False with joiner->err set. */
bool joined_begin(struct joiner *joiner, struct joined *joined, size_t chunks,
                  const struct lift *lifts);

/* Add a chunk: itself, or the members that `lifts` moves.  False with joiner->err set. */
bool joined_add(struct joiner *joiner, struct joined *joined, json_t *chunk, size_t position,
                const struct lift *lifts);

/* Join the parts: sets joined->answer.  False with joiner->err set. */
bool joined_make(struct joiner *joiner, struct joined *joined);

/* Index the parts by the choices that they have, for the two functions below.  False with
 * joiner->err set. */
bool joined_index(struct joiner *joiner, struct joined *joined);

/* How many parts joined_pointer() looks into. */
size_t joined_places(const struct joined *joined, const char *pointer);

/* Change a JSON pointer into the answer, which begins with joined->base, to where the value stands
 * in the request. */
void joined_pointer(const struct joined *joined, char *pointer, size_t size);

#endif
