/* compare.c - the streaming way to take a body apart against the plain one. */
#include "tests/plain/compare.h"

#include "tests/plain/envelope.h"
#include "tests/unit/random.h"

#include "api/body/body_scanner.h"
#include "api/json/number_word.h"

#include <stdio.h>
#include <stdlib.h>

#define MEMORY ((size_t)64 << 20)

/* All rows are kept. */
static const struct body_use kept = {.layout = &body_layout_sequences};

static char difference[2048];

static const char *differ(const char *what)
{
    snprintf(difference, sizeof difference, "%s", what);
    return difference;
}

/* ---- feeding ---- */

/* Each piece in memory of just its size, so that a sanitizer sees what is read beyond it. */
static bool feed_piece(struct body_scanner *scan, const char *bytes, size_t length)
{
    char *copy = malloc(length ? length : 1);
    bool good;

    memcpy(copy, bytes, length);
    good = body_scanner_feed(scan, copy, length);
    free(copy);
    return good;
}

static size_t next_length(struct cut *cut, size_t left)
{
    size_t length = cut->step;

    if (cut->first > 0)
        length = cut->first;
    else if (length == 0)
        length = 1 + random_below(&cut->seed, random_below(&cut->seed, 4) ? 200 : 5);
    cut->first = 0;
    return length < left ? length : left;
}

static struct body *feed(struct body_scanner *scan, const char *body, size_t length, struct cut cut)
{
    for (size_t at = 0, chunk; at < length; at += chunk) {
        chunk = next_length(&cut, length - at);
        if (!feed_piece(scan, body + at, chunk))
            return NULL;
    }
    return body_scanner_end(scan);
}

/* ---- comparing ---- */

/* Where jansson stops just behind numbers, the plain way points into them, and the other, which has
 * them no more, at all of them.  Long names are cut in other places. */
static bool is_same_place(const struct error *a, const struct error *b)
{
    const size_t length = strlen(a->pointer);

    return strncmp(a->pointer, b->pointer, length < 100 ? length : 100) == 0
           && (length >= 100 || b->pointer[length] == '\0' || b->pointer[length] == '/');
}

/* In the text around encoded data, whose end only one of the two ways has to find. */
static bool is_at_data(const struct error *err)
{
    return strstr(err->pointer, "/logits/data") != NULL;
}

/* Which byte an error is about; the plain way may not tell. */
static size_t byte_of(const struct error *err, size_t untold)
{
    const char *found = strstr(err->detail, "byte ");

    return found ? strtoul(found + strlen("byte "), NULL, 10) : untold;
}

/* (In an engine's answer -Infinity is whole for one, and what touches it is wrong.) */
static bool is_not_behind(const struct error *a, const struct error *b)
{
    return byte_of(a, 0) <= byte_of(b, SIZE_MAX) || strstr(a->pointer, "/outputs");
}

static bool is_about_json(const struct error *err)
{
    return err->code == ERR_BAD_JSON || err->code == ERR_OUT_OF_RANGE;
}

/* What the plain way says of a text that is no JSON is jansson's, who stops behind what is wrong:
 * often it has read on a little, and found a number too large, or the end of the text. */
static bool is_found_later(const struct error *a, const struct error *b)
{
    const bool half = strstr(a->detail, "surrogate") && strstr(b->detail, "ends early");

    if (strstr(b->detail, "unable to decode byte"))
        return is_about_json(a)
               && (byte_of(a, 0) <= byte_of(b, SIZE_MAX) || strstr(a->detail, "ends early"));
    return is_about_json(a) && is_about_json(b) && is_not_behind(a, b)
           && (half
               || ((is_same_place(a, b) || is_same_place(b, a))
                   && (a->code != b->code || a->code == ERR_BAD_JSON)));
}

static const char *compare_errors(const struct error *a, const struct error *b, bool nul)
{
    /* A text that a NUL cuts, or whose encoded data do not end, can be wrong in more than one way.
     */
    if (a->code == ERR_BAD_JSON && b->code == ERR_BAD_JSON
        && (nul || is_at_data(a) || is_at_data(b)))
        return NULL;
    if (is_found_later(a, b))
        return NULL;
    if (a->code == b->code && is_same_place(a, b) && is_not_behind(a, b)
        && (a->code != ERR_BAD_SHAPE || strcmp(a->detail, b->detail) == 0))
        return NULL;
    snprintf(difference, sizeof difference, "%s %s %.300s\nplainly %s %s %.300s",
             error_slug(a->code), a->pointer, a->detail, error_slug(b->code), b->pointer,
             b->detail);
    return difference;
}

static const char *compare_rows(struct span *span, const struct plain_span *plain)
{
    const enum dtype dtype = span->intake.dtype;
    const size_t size = dtype_size(dtype), width = plain->shape.width;
    const char *text = plain->text + 1;
    char *row = malloc(width * size + 1);
    const char *found = NULL;

    if (plain->shape.batch)
        text = strchr(text, '[') + 1;
    for (size_t i = 0; i < plain->shape.rows && !found; i++) {
        text = dtype == DTYPE_F64 ? plain_rows_read_f64(text, width, (double *)(void *)row)
                                  : plain_rows_read_f32(text, width, (float *)(void *)row);
        if (memcmp(row, row_intake_row(&span->intake, i, width, dtype).data, width * size) != 0)
            found = differ("numbers of a row");
    }
    free(row);
    return found;
}

static const char *compare_logprobs(const struct span *span, const struct plain_span *plain)
{
    const struct strbuf *text = &span->text.text;
    const size_t count = plain->shape.rows;
    double *a = calloc(count + 1, sizeof *a), *b = calloc(count + 1, sizeof *b);
    bool *a_null = calloc(count + 1, 1), *b_null = calloc(count + 1, 1);
    bool same;

    logprobs_read(text->data, text->data + text->length, count, a, a_null);
    plain_logprobs_read(plain->text, count, b, b_null);
    for (size_t i = 0; i < count; i++)
        if (a_null[i])
            a[i] = b[i] = 0;
    same = memcmp(a, b, count * sizeof *a) == 0 && memcmp(a_null, b_null, count) == 0;
    free(a);
    free(b);
    free(a_null);
    free(b_null);
    return same ? NULL : differ("log-probabilities");
}

static const char *compare_span(struct span *span, const struct plain_span *plain)
{
    const struct rows_shape *a = &span->shape;
    const struct plain_rows_shape *b = &plain->shape;

    if ((int)span->kind != (int)plain->kind || span->owner != plain->owner)
        return differ("kinds of spans");
    if (span->kind == SPAN_DATA)
        return span->encoding.bad || span->encoding.characters == plain->data_length
                   ? NULL
                   : differ("encoded data");
    if (a->rows != b->rows || a->batch != b->batch || a->width != b->width || a->ragged != b->ragged
        || (b->ragged != PLAIN_ROWS_NONE && a->ragged_width != b->ragged_width))
        return differ("shapes");
    if (span->kind == SPAN_LOGPROBS)
        return compare_logprobs(span, plain);
    return b->ragged != PLAIN_ROWS_NONE || b->width > ROW_MAX_WIDTH ? NULL
                                                                    : compare_rows(span, plain);
}

static bool is_same(const json_t *a, const json_t *b);

static bool is_same_array(const json_t *a, const json_t *b)
{
    bool same = json_array_size(a) == json_array_size(b);

    for (size_t i = 0; same && i < json_array_size(a); i++)
        same = is_same(json_array_get(a, i), json_array_get(b, i));
    return same;
}

static bool is_same_object(const json_t *a, json_t *b)
{
    bool same = json_object_size(a) == json_object_size(b);
    void *at = json_object_iter(b);

    for (; same && at; at = json_object_iter_next(b, at)) {
        const char *name = json_object_iter_key(at);
        const json_t *value = json_object_getn(a, name, json_object_iter_key_len(at));

        same = value && is_same(value, json_object_iter_value(at));
    }
    return same;
}

/* A word for a number is cut, or has blanks behind it, where the plain way has put it in place of
 * the number. */
static bool is_same_string(const char *a, const char *b)
{
    double x = 0, y = 0;

    return strcmp(a, b) == 0
           || (number_word_guess(a, &x) && number_word_guess(b, &y)
               && memcmp(&x, &y, sizeof x) == 0);
}

static bool is_same(const json_t *a, const json_t *b)
{
    if (json_is_array(a) && json_is_array(b))
        return is_same_array(a, b);
    if (json_is_object(a) && json_is_object(b))
        return is_same_object(a, (json_t *)(uintptr_t)b);
    if (json_is_string(a) && json_is_string(b))
        return is_same_string(json_string_value(a), json_string_value(b));
    return json_equal(a, b);
}

static const char *compare_envelopes(const struct body *a, const struct plain_envelope *b)
{
    const char *found = NULL;

    if (a->count != b->count)
        return differ("the number of spans");
    if (!is_same(a->tree, b->tree))
        return differ("envelopes");
    for (size_t i = 0; i < a->count && !found; i++)
        found = compare_span(a->spans[i], &b->spans[i]);
    return found;
}

static bool is_spent(const struct error *err)
{
    return err->code == ERR_TOO_LARGE || err->code == ERR_NO_MEMORY;
}

const char *plain_compare(const char *body, size_t length, const struct reader *reader,
                          struct cut cut)
{
    const struct api api = {.reader = reader, .request_memory = MEMORY, .kept_rows = MEMORY};
    struct exchange *x = malloc(sizeof *x);
    struct arena arena;
    struct error err = {0};
    struct plain_envelope plain;
    struct body *read;
    struct body_scanner *scan;
    const char *found = NULL;
    bool good;

    arena_init(&arena, MEMORY, NULL);
    exchange_init(x, &api);
    scan = arena_new(&x->arena, struct body_scanner, 1);
    body_scanner_init(scan, &kept, x);
    read = feed(scan, body, length, cut);
    good = plain_envelope_read(&plain, arena_copy(&arena, body, length), length, &arena, &err);
    if (is_spent(&err) || is_spent(&x->error))
        found = NULL;
    else if (!read || !good)
        found = !read && x->error.code == ERR_NONE
                    ? differ("neither answer nor error")
                    : compare_errors(&x->error, &err, memchr(body, '\0', length));
    else
        found = compare_envelopes(read, &plain);
    exchange_release(x);
    free(x);
    arena_release(&arena);
    return found;
}
