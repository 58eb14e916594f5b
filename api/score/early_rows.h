/* early_rows.h - rows that are reduced before the request is complete.
 *
 * What is asked of the rows follows from the members that stand before them in the body.  If
 * members behind them turn out to ask for something else, and the rows are gone, the request is
 * refused (ERR_AFTER_LOGITS): a score is never based on half of a request. */
#ifndef API_SCORE_EARLY_ROWS_H
#define API_SCORE_EARLY_ROWS_H

#include "api/json/walk.h"
#include "api/score/score.h"

struct early_rows {
    struct plan **plans; /* of the sequences whose rows these are */
    size_t count;
    struct scorer scorer;
    struct error err; /* of the first bad row */
};

enum early_rows_outcome {
    EARLY_READY,
    EARLY_UNKNOWN, /* members are missing that may still come */
    EARLY_DOOMED,  /* the members so far are wrong */
    EARLY_SPENT,   /* no memory: x->error */
};

/* The members, up to the list on the way, of the objects around the last span that was planned:
 * they need not be read for each.  Zero it at first. */
struct early_rows_parts {
    json_t *tree[LAYOUT_LISTS]; /* NULL: it is no JSON */
    size_t owner[LAYOUT_LISTS];
    bool read[LAYOUT_LISTS], good[LAYOUT_LISTS]; /* what was found: good where it was judged */
    void *asked; /* of a route whose bodies have no sequences: what its members ask for */
};

/* Plan what to do with the rows of the span at hand, at whose value `walk` stands.  `walk`,
 * `owners` and `parts` are NULL where all members are there, in the envelope's tree: then nothing
 * that is missing will come. */
typedef enum early_rows_outcome
early_rows_make_f(struct early_rows **early, struct envelope *envelope, const struct walk *walk,
                  const struct owners *owners, const struct span *span,
                  struct early_rows_parts *parts, struct exchange *x);

/* ... for sequences. */
early_rows_make_f early_rows_make;

/* What an error among the members so far means for the rows. */
enum early_rows_outcome early_rows_outcome(enum error_code code);

/* What becomes of the rows then: they are reduced, kept, or passed over.  False: no memory. */
bool early_rows_settle(enum early_rows_outcome outcome, struct early_rows *early,
                       struct row_intake *intake);

/* Whether all plans read the rows of the span as it does: else they cannot be reduced in one. */
bool early_rows_agrees(const struct early_rows *early, const struct span *span);

/* Whether some sequence asks about a row. */
bool early_rows_needs(const struct early_rows *early, size_t index);

/* Reduce a row; false once one was bad. */
bool early_rows_row(struct early_rows *early, size_t index, const struct row *row);

/* Whether the request may do no more (x->error says why). */
bool early_rows_is_spent(const struct early_rows *early);

/* What an encoded tensor holds (the width of nested rows is not known: 0). */
void early_rows_format(const struct early_rows *early, enum dtype *dtype, size_t *width);

/* Whether the rows were reduced to just what the final plan of a sequence asks; then it gets the
 * results. */
bool early_rows_adopt(const struct early_rows *early, struct plan *plan);

#endif
