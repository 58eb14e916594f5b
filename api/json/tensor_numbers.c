/* tensor_numbers.c - parses the `data` of a JSON tensor. */
#include "api/json/tensor_numbers.h"

#include "api/json/json_path.h"
#include "api/json/number_word.h"

#include <string.h>

void tensor_numbers_init(struct tensor_numbers *elements, const struct reader *reader,
                         enum element_kind kind, struct arena *arena)
{
    *elements = (struct tensor_numbers){
        .reader = reader, .kind = kind, .depth = 1, .carry = {.arena = arena}};
}

static enum tensor_numbers_event fault(struct tensor_numbers *elements, enum elements_fault kind,
                                       size_t offset)
{
    elements->fault = kind;
    elements->fault_offset = offset;
    return ELEMENTS_FAULT;
}

/* ---- one number ---- */

union number {
    float f32;
    double f64;
    int32_t i32;
    int64_t i64;
};

static bool is_float(enum element_kind kind)
{
    return kind == ELEMENT_F32 || kind == ELEMENT_F64;
}

static size_t size_of(enum element_kind kind)
{
    return kind == ELEMENT_F32 || kind == ELEMENT_I32 ? 4 : 8;
}

static bool is_token_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.'
           || c == '-' || c == '+';
}

/* Parse an integer.  It counts down from 0, since there is one more number below 0 than above
 * it. */
static bool read_integer(const char *text, const char *end, int64_t least, int64_t most,
                         int64_t *out)
{
    const bool minus = *text == '-';
    int64_t value = 0;

    text += minus;
    if (text == end || (*text == '0' && text + 1 < end))
        return false;
    for (; text < end; text++)
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(value, 10, &value)
            || __builtin_sub_overflow(value, *text - '0', &value))
            return false;
    if (!minus && value == INT64_MIN)
        return false;
    *out = minus ? value : -value;
    return *out >= least && *out <= most;
}

static bool read_float(enum element_kind kind, const char *text, const char *end, union number *out)
{
    double word;

    if (number_word_read(text, (size_t)(end - text), &word)) {
        if (kind == ELEMENT_F32)
            out->f32 = (float)word;
        else
            out->f64 = word;
        return true;
    }
    return (kind == ELEMENT_F32 ? number_read_f32(text, end, &out->f32)
                                : number_read_f64(text, end, &out->f64))
           == end;
}

/* Parse the token from `text` to `end`.  *end must not be part of a number. */
static bool read_token(enum element_kind kind, const char *text, const char *end, union number *out)
{
    int64_t value = 0;
    bool good;

    if (is_float(kind))
        return read_float(kind, text, end, out);
    good = kind == ELEMENT_I64 ? read_integer(text, end, INT64_MIN, INT64_MAX, &value)
                               : read_integer(text, end, INT32_MIN, INT32_MAX, &value);
    if (kind == ELEMENT_I64)
        out->i64 = value;
    else
        out->i32 = (int32_t)value;
    return good;
}

static enum tensor_numbers_event take(struct tensor_numbers *elements, const char *text,
                                      const char *end, size_t offset)
{
    const size_t size = size_of(elements->kind);
    union number number;

    if (!read_token(elements->kind, text, end, &number))
        return fault(elements, ELEMENTS_VALUE, offset);
    if (!elements->blind)
        memcpy((char *)elements->out + elements->count++ * size, &number, size);
    elements->total++;
    elements->state = ELEMENTS_AFTER;
    return ELEMENTS_MORE;
}

/* Parse a number, or keep its beginning if the chunk ends in it. */
static enum tensor_numbers_event next_token(struct tensor_numbers *elements, struct chunk *chunk)
{
    const char *start = chunk->at;
    const size_t offset = chunk_offset(chunk);

    while (chunk->at < chunk->end && is_token_byte(*chunk->at))
        chunk->at++;
    if (chunk->at == start)
        return fault(elements, *start && strchr("\"{", *start) ? ELEMENTS_VALUE : ELEMENTS_SYNTAX,
                     offset);
    if (chunk->at < chunk->end)
        return take(elements, start, chunk->at, offset);
    elements->carry_offset = offset;
    strbuf_add(&elements->carry, start, (size_t)(chunk->at - start));
    return elements->carry.failed ? ELEMENTS_SPENT : ELEMENTS_MORE;
}

/* Complete the number that the last chunk cut off. */
static enum tensor_numbers_event carried_token(struct tensor_numbers *elements, struct chunk *chunk)
{
    struct strbuf *carry = &elements->carry;
    const char *start = chunk->at;
    enum tensor_numbers_event event;

    while (chunk->at < chunk->end && is_token_byte(*chunk->at))
        chunk->at++;
    strbuf_add(carry, start, (size_t)(chunk->at - start));
    if (chunk->at < chunk->end)
        strbuf_add(carry, "", 1);
    if (carry->failed)
        return ELEMENTS_SPENT;
    if (chunk->at == chunk->end)
        return ELEMENTS_MORE;
    event = take(elements, carry->data, carry->data + carry->length - 1, elements->carry_offset);
    carry->length = 0;
    return event;
}

/* ---- arrays ---- */

static enum tensor_numbers_event open_array(struct tensor_numbers *elements, struct chunk *chunk)
{
    if (elements->depth == JSON_MAX_DEPTH)
        return fault(elements, ELEMENTS_DEPTH, chunk_offset(chunk));
    chunk->at++;
    elements->depth++;
    elements->state = ELEMENTS_FIRST;
    return ELEMENTS_MORE;
}

static enum tensor_numbers_event close_array(struct tensor_numbers *elements, struct chunk *chunk)
{
    chunk->at++;
    elements->state = ELEMENTS_AFTER;
    return --elements->depth == 0 ? ELEMENTS_END : ELEMENTS_MORE;
}

/* Where the next number is stored.  NULL: numbers are not stored. */
static void *next_out(const struct tensor_numbers *elements)
{
    return elements->blind ? NULL
                           : (char *)elements->out + elements->count * size_of(elements->kind);
}

/* Let the reader parse as many numbers as it can, away from the ends of the chunk. */
static void accelerate(struct tensor_numbers *elements, struct chunk *chunk)
{
    const size_t room = elements->blind ? SIZE_MAX : elements->room - elements->count;
    const char *end;
    size_t count;

    if (room == 0 || !is_float(elements->kind) || chunk->at - chunk->start < READER_PAD
        || chunk->end - chunk->at < 2 * READER_PAD)
        return;
    end = chunk->end - READER_PAD;
    count = elements->kind == ELEMENT_F32
                ? elements->reader->f32(chunk->at, end, room, next_out(elements), &chunk->at)
                : elements->reader->f64(chunk->at, end, room, next_out(elements), &chunk->at);
    elements->total += count;
    if (!elements->blind)
        elements->count += count;
    if (count > 0)
        elements->state = ELEMENTS_NEXT;
}

static enum tensor_numbers_event next_value(struct tensor_numbers *elements, struct chunk *chunk)
{
    accelerate(elements, chunk);
    if (!chunk_skip_space(chunk))
        return ELEMENTS_MORE;
    if (*chunk->at == '[')
        return open_array(elements, chunk);
    if (!elements->blind && elements->count == elements->room)
        return ELEMENTS_ROOM;
    return next_token(elements, chunk);
}

static enum tensor_numbers_event step(struct tensor_numbers *elements, struct chunk *chunk)
{
    const char c = *chunk->at;

    if (c == ']' && elements->state != ELEMENTS_NEXT)
        return close_array(elements, chunk);
    if (elements->state != ELEMENTS_AFTER)
        return next_value(elements, chunk);
    if (c != ',')
        return fault(elements, ELEMENTS_SYNTAX, chunk_offset(chunk));
    chunk->at++;
    elements->state = ELEMENTS_NEXT;
    return ELEMENTS_MORE;
}

enum tensor_numbers_event tensor_numbers_next(struct tensor_numbers *elements, struct chunk *chunk)
{
    enum tensor_numbers_event event = ELEMENTS_MORE;

    if (elements->carry.length > 0)
        event = carried_token(elements, chunk);
    while (event == ELEMENTS_MORE && elements->carry.length == 0 && chunk_skip_space(chunk))
        event = step(elements, chunk);
    return event;
}
