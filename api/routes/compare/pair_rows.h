/* pair_rows.h - compares the rows of two models. */
#ifndef API_ROUTES_COMPARE_PAIR_ROWS_H
#define API_ROUTES_COMPARE_PAIR_ROWS_H

#include "api/exchange/api.h"
#include "api/routes/compare/pair.h"

/* Rows that were compared.  Pairs that share these rows and transforms, and ask the same, take the
 * results from here. */
enum { ROWS_MET = 64 };
struct rows_met {
    struct met *met[ROWS_MET]; /* the latest ones */
    size_t count;              /* number of entries so far, also those overwritten */
    struct meeting_room room;
};

/* Set pair->row, and what pair->asked asks of rows, for models of the same tokens (pair_tokens.h).
 * False with x->error set: the models differ in the vocabulary, or memory or work is used up. */
bool pair_read_rows(struct pair *pair, struct rows_met *rows, struct exchange *x);

#endif
