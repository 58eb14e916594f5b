/* work.h - how much a request may make the server do.
 *
 * Work is counted in visits: one logit of one row that is looked at once.  Whatever else takes time
 * is charged as the number of visits that take as long (units below).  A limit makes "too much
 * work" an ordinary error, as that of an arena does for memory: work is charged before it is done.
 */
#ifndef API_BASE_WORK_H
#define API_BASE_WORK_H

#include "api/base/error.h"

#include <stdatomic.h>
#include <stdint.h>

struct work {
    uint64_t used;
    uint64_t limit;          /* 0: any */
    struct work *parent;     /* what is charged here is charged there, too; NULL for none */
    const atomic_bool *stop; /* once true, nothing more may be done; NULL: never */
};

/* Work whose limit is that of its parent, to which it is charged. */
void work_nest(struct work *work, struct work *parent);

/* Charge `amount` visits.  False, with ERR_TOO_MUCH_WORK (naming the flag), where the limit does
 * not allow for them, or with ERR_CANCELLED once the work is stopped: then they must not be done,
 * and count as not done. */
bool work_charge(struct work *work, uint64_t amount, struct error *err);

/* Charge `count` times `each`. */
bool work_charge_each(struct work *work, uint64_t count, uint64_t each, struct error *err);

/* What takes longer than a visit, as measured beside one (0.3 ns with AVX-512). */
enum {
    WORK_SPREAD = 2,       /* the spread of a row, which smoothing wants: for each logit */
    WORK_SOFTCAP = 128,    /* a softcap, each time that a row is looked at: for each logit */
    WORK_TOP = 128,        /* so many of the best tokens take as long as the row, for each logit */
    WORK_DIVERGENCE = 400, /* of two rows: for each pair of logits */
    WORK_DRAW = 32,        /* of a bootstrap: a document added to a replicate */
    WORK_SORT = 8,         /* of n numbers: for each, times log2(n) */
    WORK_TEXT = 64,        /* a byte of JSON that is no logits */
    WORK_TOKEN = 64,       /* of an engine's answer, or of what it lists beside one */
};

#endif
