/* score_answer.c - the last step of all decoders. */
#include "api/routes/score/score_answer.h"

#include "api/exchange/stopwatch.h"
#include "api/score/early_rows.h"
#include "api/score/score.h"
#include "api/score/score_reply.h"

const struct body_use score_use = {.layout = &body_layout_sequences, .decide = early_rows_decide};

static bool answer(struct exchange *x, struct planner *planner, struct strbuf *reply)
{
    struct scores scores;
    struct timespec watch = stopwatch_start();
    bool good;

    good = planner && score_request(&scores, planner);
    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    score_reply_write(reply, &scores);
    score_reply_stats(&x->stats, &scores);
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

void answer_request(struct exchange *x, struct planner *planner)
{
    struct strbuf reply = {.arena = &x->arena};

    answer(x, planner, &reply);
    exchange_reply(x, &reply);
}
