/* temperatures.h - objectives at several temperatures: the member `by_temperature`.
 *
 * A sequence with a list of temperatures (plan/temperature_list.h) has a column of
 * log-probabilities for each that differs from the first.  Their sums are those of a request with
 * that temperature alone, bit for bit. */
#ifndef API_SCORE_TEMPERATURES_H
#define API_SCORE_TEMPERATURES_H

#include "api/base/strbuf.h"
#include "api/exchange/api.h"
#include "api/plan/temperature_list.h"
#include "api/score/scores.h"

/* Sums over sequences that all have the same list. */
struct temperature_totals {
    struct arena *arena; /* of the sums */
    struct temperature_total {
        bool any;                     /* a sequence has the objective */
        struct temperature_list list; /* of all that have it; empty: they have none, or differ */
        struct totals *sums;          /* at each different temperature of it */
    } of[OBJECTIVE_COUNT];
};

/* The totals of several requests (lines.h). */
struct score_totals {
    struct totals of[OBJECTIVE_COUNT];
    struct temperature_totals temperatures;
};

/* Make them empty.  The arena is borrowed. */
void temperature_totals_clear(struct temperature_totals *totals, struct arena *arena);

/* Sum up scored sequences that have been evaluated at their further temperatures, and add them to
 * `totals`, too (NULL: none).  False with x->error set: memory is used up. */
bool temperatures_make(struct scores *scores, struct temperature_totals *totals,
                       struct exchange *x);

/* Write the member of an objective, if there is a list: of one sequence, and of the totals. */
void temperatures_put(struct strbuf *text, const struct scored *scored, enum objective_id id);
void temperatures_put_total(struct strbuf *text, const struct temperature_totals *totals,
                            enum objective_id id);

#endif
