/* envelope.c - a JSON body, taken apart. */
#include "tests/plain/envelope.h"

#include "api/base/arena_error.h"
#include "api/base/strbuf.h"
#include "tests/plain/load.h"
#include "tests/plain/repair.h"
#include "tests/plain/walk.h"

#include <stdio.h>
#include <string.h>

struct taking {
    struct plain_envelope *envelope;
    struct arena *arena;
    struct error *err;
    struct plain_walk walk;
    struct strbuf rest; /* the envelope's text */
    const char *copied; /* up to here the body is in `rest` */
    size_t capacity;    /* of the spans */

    /* Objects that may have spans are numbered as they begin: so many have begun, and the numbers
     * of the last sequence and of the last window. */
    size_t owners, sequence, window;
};

/* Where a byte of the envelope's text stands in the body. */
static size_t body_offset(const struct plain_envelope *envelope, size_t offset)
{
    for (size_t i = 0; i < envelope->count; i++) {
        const struct plain_span *span = &envelope->spans[i];
        const size_t start =
            (size_t)(span->text - envelope->body) - (span->kind == PLAIN_SPAN_DATA);

        if (offset <= start)
            break;
        offset += span->length - 2; /* a 0 and a blank stand for it */
    }
    return offset < envelope->length ? offset : envelope->length;
}

static enum error_code code_of(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return ERR_DUPLICATE_NAME;
    case json_error_numeric_overflow:
        return ERR_OUT_OF_RANGE;
    default:
        return ERR_BAD_JSON;
    }
}

static bool tree_fail(const struct taking *taking, const json_error_t *error)
{
    const struct plain_envelope *envelope = taking->envelope;
    const size_t offset = body_offset(envelope, error->position > 0 ? (size_t)error->position : 0);
    const enum error_code code = code_of(error);
    char pointer[sizeof taking->err->pointer];

    /* jansson stops behind the offending token; a comma too many must not count. */
    plain_walk_locate(envelope->body, envelope->length,
                      offset - (code == ERR_BAD_JSON && offset > 0), pointer, sizeof pointer);
    if (code == ERR_DUPLICATE_NAME)
        return error_set(taking->err, code, pointer, "the name occurs twice (byte %zu)", offset);
    if (code == ERR_OUT_OF_RANGE)
        return error_set(taking->err, code, pointer,
                         "the number does not fit a 64-bit integer or double (byte %zu)", offset);
    return error_set(taking->err, code, pointer, "not JSON at byte %zu: %s", offset, error->text);
}

/* Read the tree from the envelope's text so far.  What jansson finds wrong is told with its place
 * in the body; that the text just ends is for the caller to tell (*cut). */
static bool tree_read(struct taking *taking, bool *cut)
{
    json_error_t error;
    bool starved;

    *cut = false;
    if (taking->rest.failed)
        return arena_fail(taking->arena, taking->err);
    taking->envelope->tree =
        plain_load(taking->rest.data, taking->rest.length, taking->arena, &error, &starved);
    if (taking->envelope->tree)
        return true;
    if (starved)
        return arena_fail(taking->arena, taking->err);
    *cut = json_error_code(&error) == json_error_premature_end_of_input;
    return *cut ? false : tree_fail(taking, &error);
}

/* Copy the body up to `to` into the envelope's text. */
static void rest_copy(struct taking *taking, const char *to)
{
    strbuf_add(&taking->rest, taking->copied, (size_t)(to - taking->copied));
    taking->copied = to;
}

/* What is probably meant by what is no number. */
static const char *meant_by(const struct plain_rows_fault *fault)
{
    if (fault->column == PLAIN_ROWS_NONE)
        return fault->row == 0 ? "; a row alone is written [[...]]" : "";
    if (*fault->at == '{' && fault->row == PLAIN_ROWS_NONE)
        return "; if this is an engine's answer, wrap all of it in outputs";
    return *fault->at == 'n' ? "; what is not a number is written NaN" : "";
}

/* Numbers that are not: told unless the text before them is not JSON either. */
static bool numbers_fail(struct taking *taking, const struct plain_rows_fault *fault, bool batch)
{
    char pointer[256], steps[64] = "";
    const size_t offset = (size_t)(fault->at - taking->envelope->body);
    bool cut;

    rest_copy(taking, taking->walk.start);
    strbuf_puts(&taking->rest, "0");
    if (!tree_read(taking, &cut) && !cut)
        return false;
    plain_walk_pointer(&taking->walk, pointer, sizeof pointer);
    if (batch && !fault->second)
        strcat(steps, "/0");
    if (fault->row != PLAIN_ROWS_NONE)
        snprintf(steps + strlen(steps), 32, "/%zu", fault->row);
    if (fault->column != PLAIN_ROWS_NONE)
        snprintf(steps + strlen(steps), 32, "/%zu", fault->column);
    strncat(pointer, steps, sizeof pointer - strlen(pointer) - 1);
    if (!fault->json)
        return error_set(taking->err, ERR_BAD_JSON, pointer,
                         "not JSON at byte %zu: a number, a comma or ] must be here", offset);
    if (fault->second)
        return error_set(taking->err, ERR_BAD_SHAPE, pointer,
                         "a batch of several outputs: give each sequence its own, in the list "
                         "sequences");
    return error_set(taking->err, ERR_BAD_SHAPE, pointer, "must be %s (byte %zu)%s",
                     fault->row != PLAIN_ROWS_NONE && fault->column == PLAIN_ROWS_NONE
                         ? "a row, an array of numbers"
                         : "a number",
                     offset, meant_by(fault));
}

static struct plain_span *span_add(struct taking *taking, enum plain_span_kind kind, size_t owner)
{
    struct plain_envelope *envelope = taking->envelope;
    struct plain_span *spans = envelope->spans;

    if (envelope->count == taking->capacity) {
        const size_t capacity = taking->capacity == 0 ? 4 : taking->capacity * 2;

        spans = arena_grow(taking->arena, spans, taking->capacity * sizeof *spans,
                           capacity * sizeof *spans);
        if (!spans) {
            arena_fail(taking->arena, taking->err);
            return NULL;
        }
        envelope->spans = spans;
        taking->capacity = capacity;
    }
    spans[envelope->count] =
        (struct plain_span){.kind = kind, .owner = owner, .text = taking->walk.start};
    return &spans[envelope->count++];
}

/* Put a 0 in place of the span that ends at `end`, and walk on behind it. */
static void span_close(struct taking *taking, struct plain_span *span, const char *end)
{
    span->length = (size_t)(end - taking->walk.start);
    rest_copy(taking, taking->walk.start);
    strbuf_puts(&taking->rest, "0 "); /* what follows makes no other number of it */
    taking->copied = end;
    taking->walk.at = end;
}

/* An object has one span of a kind.  Another is no JSON, or a name twice: that is told where it
 * begins, whatever is in it. */
static bool check_single(struct taking *taking, enum plain_span_kind kind, size_t owner)
{
    const struct plain_envelope *envelope = taking->envelope;
    bool cut, found = false;

    for (size_t i = 0; i < envelope->count; i++)
        found |= envelope->spans[i].kind == kind && envelope->spans[i].owner == owner;
    if (!found)
        return true;
    rest_copy(taking, taking->walk.start);
    strbuf_puts(&taking->rest, "0");
    if (tree_read(taking, &cut) || cut)
        return error_set(taking->err, ERR_INTERNAL, "", "a second span is no fault");
    return false;
}

static bool take_numbers(struct taking *taking, enum plain_span_kind kind, size_t owner)
{
    struct plain_rows_shape shape;
    struct plain_rows_fault fault;
    const char *end;
    const bool good = kind == PLAIN_SPAN_LOGITS
                          ? plain_rows_check(taking->walk.start, &end, &shape, &fault)
                          : plain_logprobs_check(taking->walk.start, &end, &shape, &fault);
    struct plain_span *span;

    if (!check_single(taking, kind, owner))
        return false;
    taking->walk.depth--; /* the array is passed over in one step */
    if (!good)
        return numbers_fail(taking, &fault, kind == PLAIN_SPAN_LOGITS && shape.batch);
    span = span_add(taking, kind, owner);
    if (!span)
        return false;
    span->shape = shape;
    span_close(taking, span, end);
    return true;
}

/* Undo the escapes of a string in place (writers may say \/ for /).  What is left over becomes
 * blank, and nothing that would end the string appears in it, so the body can be walked again. */
static size_t unescape_in_place(char *text, size_t length)
{
    const size_t plain = plain_walk_unescape(text, length, text, length);

    for (size_t i = 0; i < plain; i++)
        if (text[i] == '"' || text[i] == '\\')
            text[i] = '?';
    memset(text + plain, ' ', length - plain);
    return plain;
}

/* Encoded data are a string as any other. */
static bool check_string(struct taking *taking)
{
    const char *text = taking->walk.start;
    char pointer[sizeof taking->err->pointer];
    json_error_t error;
    bool cut;

    if (plain_is_string(text, (size_t)(taking->walk.at - text), taking->arena, &error))
        return true;
    rest_copy(taking, text);
    strbuf_puts(&taking->rest, "0");
    if (!tree_read(taking, &cut) && !cut)
        return false;
    plain_walk_pointer(&taking->walk, pointer, sizeof pointer);
    return error_set(taking->err, ERR_BAD_JSON, pointer, "not JSON at byte %zu: %s",
                     (size_t)(text - taking->envelope->body) + (size_t)error.position, error.text);
}

static bool take_data(struct taking *taking, size_t owner)
{
    struct plain_span *span = check_single(taking, PLAIN_SPAN_DATA, owner) && check_string(taking)
                                  ? span_add(taking, PLAIN_SPAN_DATA, owner)
                                  : NULL;
    char *text = taking->envelope->body + (taking->walk.start + 1 - taking->envelope->body);
    size_t length = (size_t)(taking->walk.at - taking->walk.start) - 2;

    if (!span)
        return false;
    if (memchr(text, '\\', length))
        length = unescape_in_place(text, length);
    span->text++;
    span_close(taking, span, taking->walk.at);
    span->data_length = length;
    return true;
}

/* Whether a list of that name stands at a level, with an object in it that is still in the first
 * `depth` levels. */
static bool at_listed(const struct plain_walk *walk, size_t level, size_t depth, const char *name)
{
    return level + 2 < depth && plain_walk_at_member(walk, level, name)
           && !walk->level[level + 1].object && walk->level[level + 2].object;
}

/* The level of the innermost object in the first `depth` that may have spans, and its number: the
 * request, an element of its `sequences`, or one of `windows` in either. */
static size_t innermost(const struct taking *taking, size_t depth, size_t *owner)
{
    size_t level = 0;

    *owner = PLAIN_TOP_LEVEL;
    if (at_listed(&taking->walk, 0, depth, "sequences")) {
        level = 2;
        *owner = taking->sequence;
    }
    if (at_listed(&taking->walk, level, depth, "windows")) {
        level += 2;
        *owner = taking->window;
    }
    return level;
}

/* Number the object that has just begun, if it may have spans. */
static void note_owner(struct taking *taking)
{
    const struct plain_walk *walk = &taking->walk;
    size_t owner;
    const size_t level = innermost(taking, walk->depth, &owner);

    if (level == 0 || level + 1 != walk->depth)
        return;
    if (plain_walk_at_member(walk, level - 2, "windows"))
        taking->window = taking->owners++;
    else
        taking->sequence = taking->owners++;
}

/* Whether the value at hand is `name` of an object that may have spans; its parents end at `depth`.
 */
static bool at_field(const struct taking *taking, size_t depth, const char *name, size_t *owner)
{
    const size_t level = innermost(taking, depth, owner);

    return level + 1 == depth && plain_walk_at_member(&taking->walk, level, name);
}

/* Take the value at hand if it is one of the spans.  (A 0 in place of one that touches the value
 * before it could make a number with that.) */
static bool take_value(struct taking *taking, enum plain_walk_token token)
{
    const struct plain_walk *walk = &taking->walk;
    const bool array = token == PLAIN_WALK_OPEN && *walk->start == '[';
    size_t owner;

    if (walk->touches)
        return true;
    if (array && at_field(taking, walk->depth - 1, "logits", &owner))
        return take_numbers(taking, PLAIN_SPAN_LOGITS, owner);
    if (array && at_field(taking, walk->depth - 1, "logprobs", &owner))
        return take_numbers(taking, PLAIN_SPAN_LOGPROBS, owner);
    if (token == PLAIN_WALK_STRING && walk->depth >= 2
        && plain_walk_at_member(walk, walk->depth - 1, "data")
        && at_field(taking, walk->depth - 1, "logits", &owner))
        return take_data(taking, owner);
    return true;
}

/* Numbers in an engine's answer that JSON does not have, and texts that jansson does not take. */
static void mend(struct taking *taking, enum plain_walk_token token)
{
    const struct plain_walk *walk = &taking->walk;
    char *text = taking->envelope->body + (walk->start - taking->envelope->body);
    const size_t length = (size_t)(walk->at - walk->start);
    size_t owner;

    if (!plain_walk_at_member(walk, innermost(taking, walk->depth, &owner), "outputs"))
        return;
    if (token == PLAIN_WALK_SCALAR && !walk->level[walk->depth - 1].wants_key)
        plain_repair_scalar(text, length);
    if (token == PLAIN_WALK_STRING || token == PLAIN_WALK_KEY)
        plain_repair_string(text, length);
}

static bool take_spans(struct taking *taking)
{
    enum plain_walk_token token;

    while ((token = plain_walk_next(&taking->walk)) > PLAIN_WALK_DEEP) {
        if (token == PLAIN_WALK_OPEN && *taking->walk.start == '{')
            note_owner(taking);
        mend(taking, token);
        if (!take_value(taking, token))
            return false;
    }
    if (token == PLAIN_WALK_DEEP) {
        char pointer[sizeof taking->err->pointer];
        bool cut;

        rest_copy(taking, taking->walk.start);
        if (!tree_read(taking, &cut) && !cut)
            return false;
        plain_walk_pointer(&taking->walk, pointer, sizeof pointer);
        return error_set(taking->err, ERR_BAD_JSON, pointer, "nested deeper than %d levels",
                         PLAIN_WALK_MAX_DEPTH);
    }
    return true;
}

/* jansson 2.14 silently drops a NUL behind a number or a literal. */
static bool fail_nul(size_t offset, struct error *err)
{
    return error_set(err, ERR_BAD_JSON, "", "not JSON at byte %zu: a NUL", offset);
}

bool plain_envelope_read(struct plain_envelope *envelope, char *body, size_t length,
                         struct arena *arena, struct error *err)
{
    const char *nul = memchr(body, '\0', length);
    const size_t good = nul ? (size_t)(nul - body) : length;
    struct taking taking = {.envelope = envelope, .arena = arena, .err = err, .copied = body};
    bool cut;

    *envelope = (struct plain_envelope){.body = body, .length = good};
    taking.rest.arena = arena;
    plain_walk_init(&taking.walk, body, good);
    if (!take_spans(&taking))
        return false;
    rest_copy(&taking, body + good);
    if (!tree_read(&taking, &cut))
        return cut && nul ? fail_nul(good, err)
               : cut      ? error_set(err, ERR_BAD_JSON, "",
                                      "not JSON: the body ends early, at byte %zu", length)
                          : false;
    if (nul)
        return fail_nul(good, err);
    return json_is_object(envelope->tree)
           || error_set(err, ERR_BAD_SHAPE, "",
                        "the body must be an object (a list goes into a member of it)");
}
