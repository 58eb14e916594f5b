/* tensor_numbers.c - parses the `data` of a JSON tensor. */
#include "api/json/tensor_numbers.h"

#include "api/json/json_path.h"
#include "api/json/number_word.h"

#include <string.h>

static const struct {
    size_t size;         /* of a stored element, in bytes */
    int64_t least, most; /* of integers */
    const char *words;
} kinds[] = {
    [ELEMENT_F32] = {4, 0, 0, "a number"},
    [ELEMENT_F64] = {8, 0, 0, "a number"},
    [ELEMENT_I32] = {4, INT32_MIN, INT32_MAX, "an integer of 32 bits"},
    [ELEMENT_I64] = {8, INT64_MIN, INT64_MAX, "an integer of 64 bits"},
    [ELEMENT_U8] = {1, 0, UINT8_MAX, "an integer from 0 to 255"},
    [ELEMENT_FLAG] = {1, 0, 1, "true, false, 1 or 0"},
};

const char *element_kind_words(enum element_kind kind)
{
    return kinds[kind].words;
}

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
    uint8_t u8;
    int32_t i32;
    int64_t i64;
};

static bool is_float(enum element_kind kind)
{
    return kind == ELEMENT_F32 || kind == ELEMENT_F64;
}

static bool is_token_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.'
           || c == '-' || c == '+';
}

/* Parse an integer.  It counts down from 0, since there is one more number below 0 than above
 * it. */
static bool read_integer(enum element_kind kind, const char *text, const char *end, int64_t *out)
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
    return *out >= kinds[kind].least && *out <= kinds[kind].most;
}

/* Whether the token is a word for a flag. */
static bool read_word(const char *text, const char *end, int64_t *out)
{
    const size_t length = (size_t)(end - text);

    *out = length == 4 && memcmp(text, "true", 4) == 0;
    return *out || (length == 5 && memcmp(text, "false", 5) == 0);
}

static void store_integer(enum element_kind kind, int64_t value, union number *out)
{
    if (kinds[kind].size == 1)
        out->u8 = (uint8_t)value;
    else if (kind == ELEMENT_I32)
        out->i32 = (int32_t)value;
    else
        out->i64 = value;
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
    int64_t value;

    if (is_float(kind))
        return read_float(kind, text, end, out);
    if (!(kind == ELEMENT_FLAG && read_word(text, end, &value))
        && !read_integer(kind, text, end, &value))
        return false;
    store_integer(kind, value, out);
    return true;
}

static enum tensor_numbers_event take(struct tensor_numbers *elements, const char *text,
                                      const char *end, size_t offset)
{
    const size_t size = kinds[elements->kind].size;
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
                           : (char *)elements->out + elements->count * kinds[elements->kind].size;
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
