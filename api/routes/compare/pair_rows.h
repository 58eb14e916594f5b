/* pair_rows.h - the rows of two models, one beside the other. */
#ifndef API_ROUTES_COMPARE_PAIR_ROWS_H
#define API_ROUTES_COMPARE_PAIR_ROWS_H

#include "api/exchange/api.h"
#include "api/routes/compare/pair.h"

/* Rows that were compared: pairs that share them, and ask the same, need not do it again. */
enum { ROWS_MET = 64 };
struct rows_met {
    struct met *met[ROWS_MET]; /* the latest */
    size_t count;
};

/* Fill pair->row; an error where the models say different tokens or vocabularies. */
bool pair_read_rows(struct pair *pair, struct rows_met *rows, struct exchange *x);

#endif
