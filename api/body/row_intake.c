/* row_intake.c - takes rows of logits as they arrive. */
#include "api/body/row_intake.h"

#include <string.h>

#define FIRST_ROOM ((size_t)64)
#define DECODED_AT_ONCE ((size_t)24 * 1024) /* bytes of a tensor: less than the level-1 cache */

void row_intake_begin(struct row_intake *intake, struct pool *pool, enum dtype dtype)
{
    const size_t aligned = (pool->used + sizeof(double) - 1) / sizeof(double) * sizeof(double);

    *intake =
        (struct row_intake){.mode = INTAKE_KEEPS, .pool = pool, .dtype = dtype, .start = aligned};
}

void row_intake_end(struct row_intake *intake)
{
    intake->pool->used = intake->start + intake->bytes;
}

static char *tail(const struct row_intake *intake)
{
    return intake->pool->data + intake->start + intake->bytes;
}

static size_t row_bytes(const struct row_intake *intake)
{
    return intake->width * dtype_size(intake->dtype);
}

/* Whether `more` bytes exceed the budget. */
static bool is_full(const struct row_intake *intake, size_t more)
{
    const size_t used = intake->start + intake->bytes, budget = intake->pool->budget;

    return intake->mode == INTAKE_KEEPS && (used > budget || more > budget - used);
}

/* Make room in the pool for `more` bytes, after those of this intake and `part` bytes of the
 * current row. */
static bool reserve_behind(struct row_intake *intake, size_t part, size_t more)
{
    struct pool *pool = intake->pool;
    const size_t used = intake->start + intake->bytes + part, needed = used + more;
    size_t capacity = 2 * pool->capacity;
    char *data;

    if (needed <= pool->capacity)
        return true;
    if (capacity > 2 * pool->budget)
        capacity = pool->capacity + pool->capacity / 4;
    if (capacity < needed)
        capacity = needed;
    data = arena_grow(pool->arena, pool->data, used, capacity);
    if (!data)
        return false;
    pool->data = data;
    pool->capacity = capacity;
    return true;
}

static bool reserve(struct row_intake *intake, size_t more)
{
    return reserve_behind(intake, 0, more);
}

static bool is_needed(const struct row_intake *intake)
{
    return intake->sink->needs(intake->sink, intake->rows);
}

static void reduce_row(struct row_intake *intake, const struct row *row)
{
    if (!intake->sink->take(intake->sink, intake->rows, row))
        row_intake_skip(intake);
}

/* Whether memory, work or time is used up. */
static bool is_spent(const struct row_intake *intake)
{
    return intake->sink && intake->sink->spent;
}

/* ---- rows of decimal numbers ---- */

/* How many numbers of the current row to make room for. */
static size_t next_room(const struct row_intake *intake, const struct row_numbers *numbers)
{
    if (intake->rows > 0)
        return intake->width;
    if (numbers->count < FIRST_ROOM)
        return FIRST_ROOM;
    return 2 * numbers->count < ROW_MAX_WIDTH ? 2 * numbers->count : ROW_MAX_WIDTH;
}

static bool is_passed_over(const struct row_intake *intake)
{
    return intake->mode == INTAKE_SKIPS || (intake->mode == INTAKE_REDUCES && !is_needed(intake));
}

/* The next number does not fit: make room, or stop storing numbers. */
static enum row_intake_event make_room(struct row_intake *intake, struct row_numbers *numbers)
{
    const size_t room = next_room(intake, numbers), size = dtype_size(intake->dtype);

    if (numbers->count == 0 && is_full(intake, intake->rows > 0 ? row_bytes(intake) : size))
        return INTAKE_FULL;
    numbers->blind = is_passed_over(intake) || numbers->count >= room;
    if (numbers->blind)
        return INTAKE_MORE;
    if (!reserve_behind(intake, numbers->count * size, (room - numbers->count) * size))
        return INTAKE_SPENT;
    numbers->out = tail(intake);
    numbers->room = room;
    return INTAKE_MORE;
}

static void end_row(struct row_intake *intake, struct row_numbers *numbers)
{
    const struct row row = {numbers->out, numbers->count, intake->dtype};

    if (intake->rows == 0) {
        intake->width = numbers->count;
        intake->batch = numbers->shape.batch;
    }
    if (numbers->shape.ragged != ROWS_NONE || numbers->count > ROW_MAX_WIDTH)
        row_intake_skip(intake);
    if (!numbers->blind && intake->mode == INTAKE_REDUCES)
        reduce_row(intake, &row);
    else if (!numbers->blind && intake->mode != INTAKE_SKIPS)
        intake->bytes += row_bytes(intake);
    intake->rows++;
    numbers->blind = false;
    numbers->room = 0;
}

enum row_intake_event row_intake_numbers(struct row_intake *intake, struct row_numbers *numbers,
                                         struct chunk *chunk)
{
    enum row_intake_event event = INTAKE_MORE;

    while (event == INTAKE_MORE) {
        switch (row_numbers_next(numbers, chunk)) {
        case NUMBERS_MORE:
            return INTAKE_MORE;
        case NUMBERS_ROOM:
            event = make_room(intake, numbers);
            break;
        case NUMBERS_ROW:
            end_row(intake, numbers);
            event = is_spent(intake) ? INTAKE_SPENT : INTAKE_MORE;
            break;
        case NUMBERS_END:
            return INTAKE_END;
        case NUMBERS_LIST:
            return INTAKE_LIST;
        case NUMBERS_FAULT:
            return INTAKE_FAULT;
        case NUMBERS_SPENT:
            return INTAKE_SPENT;
        }
    }
    return event;
}

/* ---- encoded tensors ---- */

/* Reduce the complete rows among the bytes, and move the rest to the front. */
static void reduce_bytes(struct row_intake *intake)
{
    char *data;
    const size_t size = row_bytes(intake);
    size_t done = 0;

    if (intake->bytes == 0)
        return;
    data = intake->pool->data + intake->start;
    while (intake->mode == INTAKE_REDUCES && size > 0 && intake->bytes - done >= size) {
        const struct row row = {data + done, intake->width, intake->dtype};

        if (is_needed(intake))
            reduce_row(intake, &row);
        intake->rows++;
        done += size;
    }
    if (intake->mode != INTAKE_REDUCES)
        return;
    memmove(data, data + done, intake->bytes - done);
    intake->bytes -= done;
}

static void take_bytes(struct row_intake *intake, size_t count)
{
    intake->bytes += intake->mode == INTAKE_SKIPS ? 0 : count;
    if (intake->mode == INTAKE_REDUCES)
        reduce_bytes(intake);
}

enum row_intake_event row_intake_base64(struct row_intake *intake, struct base64 *base64,
                                        base64_groups_f *decode, struct chunk *chunk, bool whole)
{
    size_t length = 0, taken = 0;

    while (taken == length && chunk->at < chunk->end) {
        const size_t left = (size_t)(chunk->end - chunk->at), most = DECODED_AT_ONCE / 3 * 4;
        char *out = NULL;

        length = taken = left < most ? left : most;
        if (intake->mode != INTAKE_SKIPS) {
            if (!reserve(intake, length / 4 * 3 + BASE64_SLACK))
                return INTAKE_SPENT;
            out = tail(intake);
        }
        take_bytes(intake, whole ? base64_feed(base64, decode, chunk->at, length, out)
                                 : base64_front(base64, decode, chunk->at, length, out, &taken));
        chunk->at += taken;
        if (is_spent(intake))
            return INTAKE_SPENT;
        if (is_full(intake, 0))
            return INTAKE_FULL;
    }
    return INTAKE_MORE;
}

enum row_intake_event row_intake_base64_end(struct row_intake *intake, struct base64 *base64)
{
    const bool skips = intake->mode == INTAKE_SKIPS;

    if (!skips && !reserve(intake, BASE64_SLACK))
        return INTAKE_SPENT;
    take_bytes(intake, base64_end(base64, skips ? NULL : tail(intake)));
    return is_spent(intake) ? INTAKE_SPENT : INTAKE_END;
}

/* ---- raw tensors ---- */

/* The current row is complete. */
static void end_raw_row(struct row_intake *intake, const char *data)
{
    const struct row row = {data, intake->width, intake->dtype};

    if (!intake->passes)
        reduce_row(intake, &row);
    intake->rows++;
    intake->bytes = 0;
}

/* Take the bytes of the current row that are in the chunk. */
static bool take_raw_row(struct row_intake *intake, struct chunk *chunk)
{
    const size_t size = row_bytes(intake), left = (size_t)(chunk->end - chunk->at);
    const size_t rest = size - intake->bytes, length = left < rest ? left : rest;
    const char *at = chunk->at;

    if (intake->bytes == 0)
        intake->passes = !is_needed(intake);
    chunk->at += length;
    if (length == size) {
        end_raw_row(intake, at);
        return true;
    }
    if (!intake->passes) {
        if (!reserve(intake, rest))
            return false;
        memcpy(tail(intake), at, length);
    }
    intake->bytes += length;
    if (length == rest)
        end_raw_row(intake, intake->passes ? NULL : intake->pool->data + intake->start);
    return true;
}

enum row_intake_event row_intake_raw(struct row_intake *intake, struct chunk *chunk)
{
    while (chunk->at < chunk->end && intake->mode == INTAKE_REDUCES)
        if (!take_raw_row(intake, chunk))
            return INTAKE_SPENT;
    if (is_spent(intake))
        return INTAKE_SPENT;
    if (chunk->at < chunk->end && intake->mode != INTAKE_SKIPS) {
        const size_t length = (size_t)(chunk->end - chunk->at);

        if (!reserve(intake, length))
            return INTAKE_SPENT;
        memcpy(tail(intake), chunk->at, length);
        intake->bytes += length;
    }
    chunk->at = chunk->end;
    return is_full(intake, 0) ? INTAKE_FULL : INTAKE_MORE;
}

/* ---- decisions ---- */

void row_intake_reduce(struct row_intake *intake, struct row_sink *sink)
{
    intake->mode = INTAKE_REDUCES;
    intake->sink = sink;
    intake->dropped = true;
    if (intake->rows == 0) {
        intake->dtype = sink->dtype;
        intake->width = sink->width;
    }
    intake->rows = 0;
    reduce_bytes(intake);
}

void row_intake_hold(struct row_intake *intake)
{
    intake->mode = INTAKE_HOLDS;
}

void row_intake_skip(struct row_intake *intake)
{
    intake->mode = INTAKE_SKIPS;
    intake->dropped = true;
    intake->bytes = 0;
}

struct row row_intake_row(const struct row_intake *intake, size_t index, size_t width,
                          enum dtype dtype)
{
    const size_t bytes = width * dtype_size(dtype);

    return (struct row){intake->pool->data + intake->start + index * bytes, width, dtype};
}
