/* meeting.h - what a request asks of the rows of a token beside their divergences (asked.h). */
#ifndef API_ROUTES_COMPARE_MEETING_H
#define API_ROUTES_COMPARE_MEETING_H

#include "core/crossing.h"

#include "api/exchange/api.h"
#include "api/routes/compare/asked.h"

/* Only what is asked is set. */
struct meeting {
    struct distilled distilled;
    struct crossing crossing;
    double acceptance;
};

/* Memory for the likeliest tokens, which all rows of a request share.  All zero is none. */
struct meeting_room {
    struct ranked *best[2]; /* TOP_MAX of them */
    bool *marks;            /* of each token of the vocabulary; all false */
    size_t width;
};

/* Make room for rows of that width.  False with *err set: memory is used up. */
bool meeting_room_fit(struct meeting_room *room, size_t width, struct arena *arena,
                      struct error *err);

/* Charge the work of two rows; `capped`: how many have a softcap. */
bool meeting_charge(const struct asked *asked, size_t width, size_t capped, struct work *work,
                    struct error *err);

/* A row with its transform. */
struct turned {
    const struct row *row;
    const struct transform *transform;
};

/* Compare two rows.  Both were scored, so both have a finite logit. */
struct meeting meeting_of(const struct asked *asked, const struct turned *a, const struct turned *b,
                          const struct meeting_room *room, const struct kernel *kernel);

/* The same with a teacher of whom room->best[0] is known. */
struct distilled meeting_known(const struct distillation *distillation, const struct turned *b,
                               const struct meeting_room *room, const struct kernel *kernel);

#endif
