/* score_answer.c - how decoders end. */
#include "api/routes/score/score_answer.h"

#include "api/exchange/stopwatch.h"
#include "api/score/score_reply.h"

static bool answer(struct exchange *x, struct envelope *envelope, struct strbuf *reply)
{
    struct scores scores;
    struct timespec watch = stopwatch_start();
    bool good;

    good = envelope && score_request(&scores, envelope, x);
    x->stats.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    reply_write(reply, &scores);
    reply_facts(&x->stats, &scores);
    x->stats.write_seconds = stopwatch_lap(&watch);
    return true;
}

void answer_request(struct exchange *x, struct envelope *envelope)
{
    struct strbuf reply = {.arena = &x->arena};

    answer(x, envelope, &reply);
    exchange_reply(x, &reply);
}
