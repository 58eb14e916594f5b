/* macro.h - means over the sequences of a request, each of which counts alike. */
#ifndef API_SCORE_MACRO_H
#define API_SCORE_MACRO_H

#include "api/base/json_writer.h"
#include "api/score/scores.h"

/* The mean of a number over sequences and its standard error. */
struct macro_mean {
    bool has_mean, has_error;
    double mean, error;
};

/* Of one objective, over the sequences that have it. */
struct macro {
    size_t sequences;
    bool has_bytes; /* every one tells the bytes of its text */
    struct macro_mean loss, perplexity, bits_per_byte;
};

/* `values` has room for as many numbers as there are sequences. */
void macro_make(struct macro *macro, const struct scores *scores, enum objective_id id,
                double *values);

/* Write the member `macro`. */
void macro_put(struct strbuf *text, const struct macro *macro);

#endif
