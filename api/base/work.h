/* work.h - limits the work that a request causes.
 *
 * The unit is a visit: one logit of one row is looked at once.  Other work is charged as the number
 * of visits that take as long (see below).  Work is charged before it is done.  So "too much work"
 * is an ordinary error, like "too much memory" from an arena. */
#ifndef API_BASE_WORK_H
#define API_BASE_WORK_H

#include "api/base/error.h"

#include <stdatomic.h>
#include <stdint.h>

struct work {
    uint64_t used;           /* visits charged so far */
    uint64_t limit;          /* in visits; 0: no limit */
    struct work *parent;     /* is charged too; NULL: none */
    const atomic_bool *stop; /* if true, no more work may be done; NULL: never */
};

/* Start a nested account.  It has the limit of its parent, and is charged to the parent too. */
void work_nest(struct work *work, struct work *parent);

/* Charge `amount` visits.  False with *err set: the limit is reached (ERR_TOO_MUCH_WORK; the text
 * names the setting), or the client is gone (ERR_CANCELLED).  Then nothing was charged, and the
 * work must not be done. */
bool work_charge(struct work *work, uint64_t amount, struct error *err);

/* Charge `count` times `each` visits. */
bool work_charge_each(struct work *work, uint64_t count, uint64_t each, struct error *err);

/* Work that takes longer than a visit, in visits, measured against one (0.3 ns with AVX-512). */
enum {
    WORK_SPREAD = 2,       /* for each logit: the spread of a row, for label smoothing */
    WORK_VARIATION = 2,    /* for each logit: the second moments of a row */
    WORK_CAREFUL = 160,    /* for each logit: a pass in double-doubles, for second moments */
    WORK_KEPT = 16,        /* for each visit of a row of which a sampler keeps a part */
    WORK_SOFTCAP = 128,    /* for each logit: its distance under a softcap */
    WORK_COMPARISON = 4,   /* for each logit that is compared with a candidate */
    WORK_TOP = 128,        /* for each logit: one visit for so many of the best tokens */
    WORK_DIVERGENCE = 400, /* for each pair of logits of two rows */
    WORK_RATIO = 1024,     /* for each token and ratio of two policies: its exponentials and sums */
    WORK_LOSS = 512,       /* for each token and objective of policies */
    WORK_PREFERENCE = 8192, /* for each pair or example and objective */
    WORK_LOG_ROW = 400,     /* for each pair of logits of two rows, and each thing asked of them */
    WORK_DRAW = 32,         /* for each document that the bootstrap draws */
    WORK_SORT = 8,          /* for each number that is sorted, times log2(n) */
    WORK_DEFLATE = 128,     /* for each byte of a text that zlib compresses */
    WORK_TEXT = 64,         /* for each byte of JSON outside the logits */
    WORK_TOKEN = 64, /* for each token of an engine's answer, and each token listed beside one */
};

#endif
