/* answer.c - how decoders end. */
#include "api/answer.h"

#include "api/reply.h"
#include "api/stopwatch.h"

static bool answer(struct exchange *x, struct envelope *envelope, struct text *reply)
{
    struct scores scores;
    struct timespec watch = stopwatch_start();
    bool good;

    good = envelope && score_request(&scores, envelope, x);
    x->facts.score_seconds = stopwatch_lap(&watch);
    if (!good)
        return false;
    reply_write(reply, &scores);
    reply_facts(&x->facts, &scores);
    x->facts.write_seconds = stopwatch_lap(&watch);
    return true;
}

void answer_request(struct exchange *x, struct envelope *envelope)
{
    struct text reply = {.arena = &x->arena};

    answer(x, envelope, &reply);
    exchange_reply(x, &reply);
}
