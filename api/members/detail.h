/* detail.h - what may be asked about each token in `details`. */
#ifndef API_MEMBERS_DETAIL_H
#define API_MEMBERS_DETAIL_H

#include <stddef.h>

#define TOP_MAX 1024 /* K of the detail top:K is at most this */

/* Numbers of a token. */
enum number {
#define NUMBER(name, wants) NUMBER_##name,
#include "api/members/details.def"
    NUMBER_excess, /* its log-probability above the mean of its row; for measures only */
    NUMBER_kept,   /* of the detail `kept`: how many tokens of its row a sampler keeps ... */
    NUMBER_mass,   /* ... and their mass */
    NUMBER_COUNT
};

/* A mask of details. */
enum detail { DETAIL_RANK = 1 << 0, DETAIL_TOP = 1 << 1, DETAIL_FIRST_NUMBER = 1 << 2 };

#define DETAIL_NUMBER(number) ((unsigned)DETAIL_FIRST_NUMBER << (number))
#define DETAIL_KEPT (DETAIL_NUMBER(NUMBER_kept) | DETAIL_NUMBER(NUMBER_mass))
#define DETAIL_ENTROPY DETAIL_NUMBER(NUMBER_entropy)

/* The name of a number, as `details` and the answer have it. */
const char *number_name(enum number number);

/* Parse "rank", "kept", the name of a number, or "top:K" (then *k is set).  0: not a detail. */
unsigned detail_find(const char *text, size_t *k);

#endif
