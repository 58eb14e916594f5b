/* row_numbers.c - parses the arrays of numbers in a body as they arrive. */
#include "api/json/row_numbers.h"

#include <math.h>
#include <string.h>

void row_numbers_init(struct row_numbers *numbers, const struct reader *reader, enum dtype dtype,
                      bool flat, struct arena *arena)
{
    *numbers = (struct row_numbers){.reader = reader,
                                    .dtype = dtype,
                                    .flat = flat,
                                    .blind = flat,
                                    .state = flat ? ROW_FIRST : OUTER_FIRST,
                                    .shape = {.ragged = ROWS_NONE},
                                    .carry = {.arena = arena}};
}

/* ---- elements ---- */

enum element { CUT, BAD, GOOD };

/* An element: a number, a word or null. */
struct value {
    union {
        float f32;
        double f64;
    } as;
    const char *next; /* the byte after it */
    bool is_null;
};

static void value_set(struct value *value, enum dtype dtype, double number)
{
    if (dtype == DTYPE_F32)
        value->as.f32 = (float)number; /* exact: it is NaN or an infinity */
    else
        value->as.f64 = number;
}

/* The words that may be used in place of a number. */
static const struct word {
    const char *text;
    bool flat_only, is_null;
    double number;
} words[] = {
    {"NaN", false, false, (double)NAN},        {"Infinity", false, false, HUGE_VAL},
    {"-Infinity", false, false, -HUGE_VAL},    {"null", true, true, 0},
    {"\"-Infinity\"", true, false, -HUGE_VAL},
};

static enum element read_word(const struct word *word, const char *at, const char *end, bool last,
                              enum dtype dtype, struct value *value)
{
    const size_t length = strlen(word->text), left = (size_t)(end - at);

    if (memcmp(at, word->text, left < length ? left : length) != 0)
        return BAD;
    if (left < length)
        return last ? BAD : CUT;
    value_set(value, dtype, word->number);
    value->is_null = word->is_null;
    value->next = at + length;
    return GOOD;
}

static enum element read_number(const char *at, const char *end, bool last, enum dtype dtype,
                                struct value *value)
{
    const char *stop = at;

    while (stop < end && is_number_byte(*stop))
        stop++;
    if (stop == end && !last)
        return CUT;
    value->next = dtype == DTYPE_F32 ? number_read_f32(at, end, &value->as.f32)
                                     : number_read_f64(at, end, &value->as.f64);
    return value->next ? GOOD : BAD;
}

/* Parse the element at `at` < end.  `last`: the text ends at `end`, where a NUL is. */
static enum element read_element(const char *at, const char *end, bool last, bool flat,
                                 enum dtype dtype, struct value *value)
{
    const bool minus = *at == '-';

    value->is_null = false;
    if (minus && end - at == 1)
        return last ? BAD : CUT;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct word *word = &words[i];

        if (*at == *word->text && (!minus || at[1] == word->text[1]) && (flat || !word->flat_only))
            return read_word(word, at, end, last, dtype, value);
    }
    return read_number(at, end, last, dtype, value);
}

static bool is_element_byte(char c)
{
    return is_number_byte(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '"';
}

/* ---- faults ---- */

/* Whether a JSON value other than a number can begin with `c`. */
static bool begins_json(char c)
{
    return c != '\0' && strchr("\"[{tfn", c);
}

static enum row_numbers_event fault(struct row_numbers *numbers, size_t offset, size_t row,
                                    size_t column, bool json)
{
    numbers->fault =
        (struct numbers_fault){.offset = offset, .row = row, .column = column, .json = json};
    return NUMBERS_FAULT;
}

static size_t row_at_hand(const struct row_numbers *numbers)
{
    return numbers->flat ? ROWS_NONE : numbers->shape.rows;
}

/* Report that there is no element at `offset`: no number in a row, or no row. */
static enum row_numbers_event fault_element(struct row_numbers *numbers, size_t offset, char first)
{
    const bool outer = numbers->state <= OUTER_VALUE;

    fault(numbers, offset, row_at_hand(numbers), outer ? ROWS_NONE : numbers->count,
          begins_json(first));
    numbers->fault.nan = !outer && first == 'n';
    return NUMBERS_FAULT;
}

/* Report that neither a comma nor a bracket follows an element. */
static enum row_numbers_event fault_separator(struct row_numbers *numbers, size_t offset)
{
    if (numbers->state == OUTER_AFTER || numbers->state == BATCH_AFTER)
        return fault(numbers, offset, ROWS_NONE, ROWS_NONE, false);
    return fault(numbers, offset, row_at_hand(numbers), numbers->count - 1, false);
}

enum json_state row_numbers_expected(const struct row_numbers *numbers)
{
    if (numbers->state >= ROW_AFTER || numbers->state == OUTER_AFTER)
        return JSON_AFTER_ELEMENT;
    return numbers->state <= OUTER_VALUE ? JSON_NEXT_VALUE : JSON_NUMBER;
}

size_t row_numbers_carried(const struct row_numbers *numbers, char *out, size_t size)
{
    const char *text = numbers->carry.data + (numbers->fault.offset - numbers->carry_offset);
    const size_t length = strlen(text), copied = length < size ? length : size;

    memcpy(out, text, copied);
    return copied;
}

/* ---- one element ---- */

static void store(struct row_numbers *numbers, const struct value *value)
{
    if (!numbers->blind && numbers->dtype == DTYPE_F32)
        ((float *)numbers->out)[numbers->count] = value->as.f32;
    else if (!numbers->blind)
        ((double *)numbers->out)[numbers->count] = value->as.f64;
    numbers->count++;
    numbers->state = ROW_AFTER;
}

/* Store an element, which began at `offset` with the byte `first`. */
static enum row_numbers_event take(struct row_numbers *numbers, enum element element,
                                   const struct value *value, size_t offset, char first)
{
    if (element == BAD)
        return fault_element(numbers, offset, first);
    if (numbers->state == OUTER_VALUE) /* a number in place of a row */
        return fault(numbers, offset, row_at_hand(numbers), ROWS_NONE, true);
    store(numbers, value);
    return NUMBERS_MORE;
}

static enum row_numbers_event carry(struct row_numbers *numbers, struct chunk *chunk)
{
    if (numbers->carry.length == 0)
        numbers->carry_offset = chunk_offset(chunk);
    strbuf_add(&numbers->carry, chunk->at, (size_t)(chunk->end - chunk->at));
    chunk->at = chunk->end;
    return numbers->carry.failed ? NUMBERS_SPENT : NUMBERS_MORE;
}

static enum row_numbers_event next_element(struct row_numbers *numbers, struct chunk *chunk)
{
    struct value value;
    const enum element element =
        read_element(chunk->at, chunk->end, chunk->last, numbers->flat, numbers->dtype, &value);
    const size_t offset = chunk_offset(chunk);
    const char first = *chunk->at;

    if (element == CUT)
        return carry(numbers, chunk);
    if (element == GOOD)
        chunk->at = value.next;
    return take(numbers, element, &value, offset, first);
}

/* Complete the element that the last chunk cut off. */
static enum row_numbers_event carried_element(struct row_numbers *numbers, struct chunk *chunk)
{
    const char *start = chunk->at, *text;
    size_t length;
    struct value value;
    enum element element;
    enum row_numbers_event event;

    while (chunk->at < chunk->end && is_element_byte(*chunk->at))
        chunk->at++;
    strbuf_add(&numbers->carry, start, (size_t)(chunk->at - start));
    if (chunk->at == chunk->end && !chunk->last)
        return numbers->carry.failed ? NUMBERS_SPENT : NUMBERS_MORE;
    strbuf_add(&numbers->carry, "", 1);
    if (numbers->carry.failed)
        return NUMBERS_SPENT;
    text = numbers->carry.data;
    length = numbers->carry.length - 1;
    numbers->carry.length = 0;
    element = read_element(text, text + length, true, numbers->flat, numbers->dtype, &value);
    event = take(numbers, element, &value, numbers->carry_offset, *text);
    if (event == NUMBERS_MORE && value.next < text + length)
        return fault_separator(numbers, numbers->carry_offset + (size_t)(value.next - text));
    return event;
}

/* ---- arrays ---- */

static enum row_numbers_event end_row(struct row_numbers *numbers)
{
    struct rows_shape *shape = &numbers->shape;

    if (numbers->flat) {
        shape->rows = numbers->count;
        return NUMBERS_END;
    }
    if (shape->rows == 0)
        shape->width = numbers->count;
    if (shape->ragged == ROWS_NONE && (numbers->count == 0 || numbers->count != shape->width)) {
        shape->ragged = shape->rows;
        shape->ragged_width = numbers->count;
    }
    shape->rows++;
    numbers->state = OUTER_AFTER;
    return NUMBERS_ROW;
}

static enum row_numbers_event open_row(struct row_numbers *numbers, struct chunk *chunk)
{
    numbers->state = OUTER_VALUE;
    if (*chunk->at != '[')
        return next_element(numbers, chunk); /* reports the fault */
    numbers->row_offset = chunk_offset(chunk);
    chunk->at++;
    numbers->count = 0;
    numbers->state = ROW_FIRST;
    return NUMBERS_MORE;
}

/* Parse the comma or bracket after an element or a row. */
static enum row_numbers_event separator(struct row_numbers *numbers, struct chunk *chunk)
{
    const bool outer = numbers->state == OUTER_AFTER;
    const char c = *chunk->at;

    if (c != ',' && c != ']')
        return fault_separator(numbers, chunk_offset(chunk));
    chunk->at++;
    if (c == ',')
        numbers->state = outer ? OUTER_VALUE : ROW_VALUE;
    else if (outer && numbers->shape.batch)
        numbers->state = BATCH_AFTER;
    else
        return outer ? NUMBERS_END : end_row(numbers);
    return NUMBERS_MORE;
}

/* Parse the bracket after the rows of a batch of one. */
static enum row_numbers_event end_batch(struct row_numbers *numbers, struct chunk *chunk)
{
    if (*chunk->at == ']') {
        chunk->at++;
        return NUMBERS_END;
    }
    fault_separator(numbers, chunk_offset(chunk));
    numbers->fault.batch = numbers->fault.json = *chunk->at == ',';
    return NUMBERS_FAULT;
}

/* Where the next number is stored.  NULL: numbers are not stored. */
static void *next_out(const struct row_numbers *numbers)
{
    return numbers->blind ? NULL
                          : (char *)numbers->out + numbers->count * dtype_size(numbers->dtype);
}

/* Let the reader parse as many numbers of the row as it can, away from the ends of the chunk. */
static void accelerate(struct row_numbers *numbers, struct chunk *chunk)
{
    const size_t room = numbers->blind ? SIZE_MAX : numbers->room - numbers->count;
    const char *end;

    if (room == 0 || numbers->flat || chunk->at - chunk->start < READER_PAD
        || chunk->end - chunk->at < 2 * READER_PAD)
        return;
    end = chunk->end - READER_PAD;
    numbers->count +=
        numbers->dtype == DTYPE_F32
            ? numbers->reader->f32(chunk->at, end, room, next_out(numbers), &chunk->at)
            : numbers->reader->f64(chunk->at, end, room, next_out(numbers), &chunk->at);
}

static enum row_numbers_event next_value(struct row_numbers *numbers, struct chunk *chunk)
{
    accelerate(numbers, chunk);
    if (!chunk_skip_space(chunk))
        return NUMBERS_MORE;
    if (!numbers->blind && numbers->count == numbers->room)
        return NUMBERS_ROOM;
    return next_element(numbers, chunk);
}

/* Whether the array is a list of outputs: its first characters are [{, or for rows [[[. The third
 * bracket opens the first row of the first output, so the state is that after the second bracket of
 * an array of rows. */
static bool is_list(struct row_numbers *numbers, struct chunk *chunk)
{
    const bool rows = numbers->state == ROW_FIRST && !numbers->flat;

    if (!numbers->lists || *chunk->at != (rows ? '[' : '{'))
        return false;
    numbers->lists = false;
    chunk->at += rows;
    return true;
}

/* Whether what seemed to be the first row is a batch: [[[.  The third bracket opens the first
 * row. */
static bool is_batch(struct row_numbers *numbers, struct chunk *chunk)
{
    struct rows_shape *shape = &numbers->shape;

    if (*chunk->at != '[' || numbers->flat || shape->rows > 0 || shape->batch)
        return false;
    shape->batch = true;
    numbers->row_offset = chunk_offset(chunk);
    chunk->at++;
    return true;
}

static enum row_numbers_event step(struct row_numbers *numbers, struct chunk *chunk)
{
    const bool closes = *chunk->at == ']';

    switch (numbers->state) {
    case OUTER_FIRST:
        if (is_list(numbers, chunk))
            return NUMBERS_LIST;
        chunk->at += closes;
        return closes ? NUMBERS_END : open_row(numbers, chunk);
    case OUTER_VALUE:
        return open_row(numbers, chunk);
    case ROW_FIRST:
        if (is_list(numbers, chunk))
            return NUMBERS_LIST;
        numbers->lists = false;
        if (is_batch(numbers, chunk))
            return NUMBERS_MORE;
        if (closes) {
            chunk->at++;
            return end_row(numbers);
        }
        numbers->state = ROW_VALUE;
        return NUMBERS_MORE;
    case ROW_VALUE:
        return next_value(numbers, chunk);
    case BATCH_AFTER:
        return end_batch(numbers, chunk);
    case OUTER_AFTER:
    case ROW_AFTER:
        break;
    }
    return separator(numbers, chunk);
}

/* Report that the text ended inside the array. */
static enum row_numbers_event end_early(struct row_numbers *numbers, const struct chunk *chunk)
{
    const size_t offset = chunk->offset + (size_t)(chunk->end - chunk->start);

    if (numbers->state >= ROW_AFTER || numbers->state == OUTER_AFTER)
        return fault_separator(numbers, offset);
    return fault_element(numbers, offset, '\0');
}

enum row_numbers_event row_numbers_next(struct row_numbers *numbers, struct chunk *chunk)
{
    enum row_numbers_event event = NUMBERS_MORE;

    if (numbers->carry.length > 0)
        event = carried_element(numbers, chunk);
    while (event == NUMBERS_MORE && numbers->carry.length == 0 && chunk_skip_space(chunk))
        event = step(numbers, chunk);
    return event == NUMBERS_MORE && chunk->last ? end_early(numbers, chunk) : event;
}

void logprobs_read(const char *text, const char *end, size_t count, double *out, bool *is_null)
{
    struct value value = {.next = text};

    for (size_t i = 0; i < count; i++) {
        const char *at = value.next;

        while (is_json_space(*at) || *at == ',')
            at++;
        read_element(at, end, true, true, DTYPE_F64, &value);
        out[i] = value.as.f64;
        is_null[i] = value.is_null;
    }
}
