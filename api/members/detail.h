/* detail.h - what may be asked about each token, or pair of rows, in `details` (details.def). */
#ifndef API_MEMBERS_DETAIL_H
#define API_MEMBERS_DETAIL_H

#include "api/members/hint.h"

#include <stdbool.h>
#include <stddef.h>

#define TOP_MAX 1024 /* K of the detail top:K is at most this */
#define DRAFTS_MAX                                                                                 \
    64 /* K of the detail speculative:K, a number of draft tokens, is at most this                 \
        */

/* Numbers of a token. */
enum number {
#define NUMBER(name, wants, routes, formula, help) NUMBER_##name,
#include "api/members/details.def"
    NUMBER_excess,    /* for measures only, as roots, which doubles hold further: of its
                       * log-probability above the mean of its row, with its sign ... */
    NUMBER_deviation, /* ... and of the variance */
    NUMBER_kept,      /* of the detail `kept`: how many tokens of its row a sampler keeps ... */
    NUMBER_mass,      /* ... and their mass */
    NUMBER_COUNT
};

/* A mask of details. */
enum detail {
    DETAIL_RANK = 1 << 0,
    DETAIL_TOP = 1 << 1,
    DETAIL_CROSS_ENTROPY = 1 << 2,
    DETAIL_SPECULATIVE = 1 << 3,
    DETAIL_KL = 1 << 4,
    DETAIL_FIRST_NUMBER = 1 << 5
};

#define DETAIL_NUMBER(number) ((unsigned)DETAIL_FIRST_NUMBER << (number))
#define DETAIL_KEPT (DETAIL_NUMBER(NUMBER_kept) | DETAIL_NUMBER(NUMBER_mass))
#define DETAIL_ENTROPY DETAIL_NUMBER(NUMBER_entropy)

/* A row of the table. */
struct detail_info {
    const char *name;
    unsigned bits;   /* mask of enum detail */
    size_t most;     /* above 0: it is written name:K, with K from 1 to that */
    unsigned routes; /* mask of enum hint_route */
    const char *formula, *help;
};

/* The row at an index.  NULL: there are no more. */
const struct detail_info *detail_at(size_t index);

/* The name of a number, as `details` and the answer have it. */
const char *number_name(enum number number);

/* Parse a detail of a route; of name:K *k is set.  0: it is none. */
unsigned detail_find(enum hint_route route, const char *text, size_t *k);

#endif
