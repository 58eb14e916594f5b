/* decoder_json.c - application/json, read whole and then taken apart.
 *
 * The plain way, which stays as the oracle of faster ones: the body is kept in the request's memory
 * until it is in. */
#include "api/decoder.h"
#include "api/reply.h"

#include <string.h>
#include <time.h>

#define FIRST_CAPACITY ((size_t)16 * 1024)

struct body {
    char *bytes;
    size_t length, capacity;
};

static bool too_large(struct exchange *x)
{
    return error_set(
        &x->error, ERR_TOO_LARGE, "",
        "a JSON body must fit --max-request-memory (%zu bytes): send fewer sequences at "
        "a time, or raise it",
        x->arena.limit);
}

static bool begin_json(struct exchange *x)
{
    x->decoder = arena_new(&x->arena, struct body, 1);
    if (!x->decoder)
        return arena_fail(&x->arena, &x->error);
    if (x->content_length != EXCHANGE_LENGTH_UNKNOWN && x->content_length >= x->arena.limit)
        return too_large(x);
    return true;
}

/* Room for `more` bytes and a NUL.  A declared length is a bound, not a reservation: who declares
 * much and sends little holds little. */
static bool body_reserve(struct exchange *x, struct body *body, size_t more)
{
    const uint64_t declared = x->content_length;
    size_t wanted = body->length + more + 1;
    char *bytes;

    if (wanted <= body->capacity)
        return true;
    if (wanted < 2 * body->capacity)
        wanted = 2 * body->capacity;
    if (wanted < FIRST_CAPACITY)
        wanted = FIRST_CAPACITY;
    if (declared < wanted && declared >= body->length + more)
        wanted = (size_t)declared + 1;
    bytes = arena_grow(&x->arena, body->bytes, body->capacity, wanted);
    if (!bytes)
        return x->arena.fault == ARENA_LIMIT ? too_large(x) : arena_fail(&x->arena, &x->error);
    body->bytes = bytes;
    body->capacity = wanted;
    return true;
}

static bool feed_json(struct exchange *x, const char *piece, size_t length)
{
    struct body *body = x->decoder;

    if (!body_reserve(x, body, length))
        return false;
    memcpy(body->bytes + body->length, piece, length);
    body->length += length;
    return true;
}

static double seconds_since(struct timespec *then)
{
    struct timespec now;
    double seconds;

    clock_gettime(CLOCK_MONOTONIC, &now);
    seconds = (double)(now.tv_sec - then->tv_sec) + 1e-9 * (double)(now.tv_nsec - then->tv_nsec);
    *then = now;
    return seconds;
}

static bool answer_json(struct exchange *x, struct text *reply)
{
    struct body *body = x->decoder;
    struct envelope envelope;
    struct scores scores;
    struct timespec clock;
    bool good;

    clock_gettime(CLOCK_MONOTONIC, &clock);
    if (!body_reserve(x, body, 0))
        return false;
    body->bytes[body->length] = '\0';
    good = envelope_read(&envelope, body->bytes, body->length, &x->arena, &x->error);
    x->facts.parse_seconds = seconds_since(&clock);
    good = good && score_request(&scores, &envelope, x);
    x->facts.score_seconds = seconds_since(&clock);
    if (!good)
        return false;
    reply_write(reply, &scores);
    reply_facts(&x->facts, &scores);
    x->facts.write_seconds = seconds_since(&clock);
    return true;
}

static void finish_json(struct exchange *x)
{
    struct text reply = {.arena = &x->arena};

    answer_json(x, &reply);
    exchange_reply(x, &reply);
}

const struct decoder decoder_json = {"application/json", begin_json, feed_json, finish_json};
