/* compare.h - POST /v1/compare: two models over the same tokens.
 *
 * A request holds sequences, each with two models; or it is itself a sequence.  A model is what
 * POST /v1/score takes of one, with its sequence's and the request's members as defaults, and the
 * log-probabilities of its tokens are to the bit what that route answers.  Where both models give
 * logits, the rows are compared, too (core/divergence.h): until then both are kept, within the
 * memory of the request.
 *
 * The members are declared in api/members/compare.def; the answer is described in docs/compare.md.
 */
#ifndef API_ROUTES_COMPARE_COMPARE_H
#define API_ROUTES_COMPARE_COMPARE_H

#include "core/comparison.h"
#include "core/divergence.h"

#include "api/exchange/api.h"
#include "api/score/scores.h"

/* A divergence of rows, or the change of the token's probability. */
enum distance {
    DISTANCE_DELTA_P,
    DISTANCE_KL_AB,
    DISTANCE_KL_BA,
    DISTANCE_JSD,
    DISTANCE_TV,
    DISTANCE_COUNT
};

const char *distance_name(enum distance distance);

/* The tokens of an objective, of one sequence or of all. */
struct contrast {
    struct comparison tokens;
    struct spread spread[DISTANCE_COUNT]; /* DELTA_P: all tokens; others: those with both rows */
    size_t same_top;                      /* of the latter */
    struct figure same_top_share, same_top_error;
};

/* One sequence. */
struct pair {
    const struct scored *model[2]; /* a and b */
    unsigned objectives;           /* mask of 1 << enum objective_id: of both */
    struct divergence *row;        /* by token; NULL: they have not both rows */
    struct contrast contrast[OBJECTIVE_COUNT];
};

/* Whether an objective compares a token. */
bool pair_has(const struct pair *pair, enum objective_id id, size_t token);

/* The sequences of an objective, each a document. */
struct documents {
    size_t count;
    struct figure mean, mean_error; /* of the difference of a sequence */
    struct figure token_error;      /* of the mean difference of a token, over documents */
    struct figure wins;             /* share of sequences with b > a; ties count half */
};

struct duel {
    const struct scores *scores;
    struct pair *pairs;
    size_t count;
    struct contrast total[OBJECTIVE_COUNT];
    struct documents documents[OBJECTIVE_COUNT];
};

/* Compare models that were scored. */
bool duel_make(struct duel *duel, const struct scores *scores, struct exchange *x);

/* Rows that were compared: pairs that share them, and ask the same, need not do it again. */
enum { ROWS_MET = 64 };
struct rows_met {
    struct met *met[ROWS_MET]; /* the latest */
    size_t count;
};

/* Fill pair->row; an error where the models say different tokens or vocabularies. */
bool pair_read_rows(struct pair *pair, struct rows_met *rows, struct exchange *x);

/* The answer, as JSON. */
void duel_write(struct strbuf *text, const struct duel *duel);

#endif
