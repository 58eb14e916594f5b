/* stream_kinds.h - the kinds of streams that engines send an answer in.
 *
 * A kind is a row of a table: how its chunks are known, what they share, what their order shows. To
 * add one, add a row; members that are appended and are not yet known have a row in joined_names.c.
 */
#ifndef API_ENGINES_STREAM_KINDS_H
#define API_ENGINES_STREAM_KINDS_H

#include "api/engines/joined.h"

struct stream_kind {
    bool (*is_chunk)(const json_t *value); /* by the keys of one chunk; NULL: they do not tell */
    /* For kinds whose chunks may look like answers: whether a list has chunks. */
    bool (*are_chunks)(const json_t *list, bool is_text);
    const char *has[2];    /* each chunk has one of these members, which is not null */
    const char *choices;   /* the list of choices in a chunk; NULL: it is of one */
    const char *id;        /* the path of what all chunks share; NULL: nothing */
    const char *order;     /* the path of a number or time that never decreases; NULL: none */
    bool counts;           /* it counts chunks, from 0 or 1 on */
    bool numbered;         /* `index` is the number of the answer: there may be several */
    const char *text[2];   /* paths of text in a choice: it must come with its log-probabilities */
    const char *listed[5]; /* paths of log-probabilities in a choice */
    const char *end;       /* the path, in a choice, of what says that it is complete */
    const char *mean;      /* of the numbers so far, or of a chunk's; NULL: it has none */
    const char *numbers, *number; /* the list that the mean is of, and the name of a number in it */
    const char *grows;        /* the path of a list that a chunk repeats from the one before ... */
    const char *told;         /* ... and of the number of tokens so far; NULL: not told */
    const struct lift *lifts; /* NULL: chunks have the form of the answer */
    const char *piece;        /* the type of chunks whose tokens the last one tells again ... */
    const char *whole;        /* ... and the path of its lists of tokens; NULL: it does not */
    const char *output;       /* what a chunk has that has the whole answer */
    const struct lift *parts; /* in place of `lifts`, where only the pieces have tokens */
};

/* The kind of stream that a value is a chunk of.  NULL: its keys do not say that it is one. */
const struct stream_kind *stream_kind_of(const json_t *value);

/* The kind of stream that a list has chunks of.  NULL: it is a list of answers.  `is_text`: it
 * comes from a text. */
const struct stream_kind *stream_kind_of_list(const json_t *list, bool is_text);

/* Whether a value says that an answer is complete: `done`, a reason to stop. */
bool stream_says_end(const json_t *value);

#endif
