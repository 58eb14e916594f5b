/* body_feeder.c - feeds a JSON body to the parser as it arrives. */
#include "api/body/body_feeder.h"

#include "api/base/arena_error.h"

void body_feeder_init(struct body_feeder *feeder, struct exchange *x)
{
    feeder->x = x;
    json_parser_init(&feeder->parser, &x->arena, &x->error);
}

bool body_fail_memory(struct exchange *x, const char *what, const char *remedy)
{
    struct arena *arena = &x->arena;

    if (arena->fault != ARENA_LIMIT)
        return arena_fail(arena, &x->error);
    return error_set(&x->error, ERR_TOO_LARGE, "",
                     "%s must fit --max-request-memory (%zu bytes): %s, or raise it", what,
                     arena->limit, remedy);
}

bool body_fail_text(struct exchange *x)
{
    return body_fail_memory(x, "what is not logits", "send fewer sequences at a time");
}

/* Parse text until the next event, and call the callback. */
static bool feed_text(struct body_feeder *feeder, struct chunk *chunk)
{
    const char *from = chunk->at;
    const enum parse_event event = json_parser_next(&feeder->parser, chunk);

    if (!work_charge_each(&feeder->x->work, (size_t)(chunk->at - from), WORK_TEXT,
                          &feeder->x->error))
        return false;
    switch (event) {
    case PARSE_MORE:
    case PARSE_END:
        return true;
    case PARSE_FAULT:
        return false;
    case PARSE_SPENT:
        return body_fail_text(feeder->x);
    default:
        return feeder->event(feeder->self, event);
    }
}

bool body_feeder_feed(struct body_feeder *feeder, const char *bytes, size_t length)
{
    struct chunk chunk = {
        .start = bytes, .at = bytes, .end = bytes + length, .offset = feeder->length};

    feeder->length += length;
    while (chunk.at < chunk.end)
        if (!(feeder->diverted ? feeder->divert(feeder->self, &chunk) : feed_text(feeder, &chunk)))
            return false;
    return true;
}

json_t *body_feeder_end(struct body_feeder *feeder)
{
    struct chunk nothing = {
        .start = "", .at = "", .end = "", .offset = feeder->length, .last = true};

    nothing.at = nothing.end = nothing.start;
    if (feeder->diverted && !feeder->divert(feeder->self, &nothing))
        return NULL;
    if (!feed_text(feeder, &nothing))
        return NULL;
    if (json_is_object(feeder->parser.tree))
        return feeder->parser.tree;
    error_set(&feeder->x->error, ERR_BAD_SHAPE, "",
              "the body must be an object (a list goes into a member of it)");
    return NULL;
}
