/* body_scanner.c - a JSON body as it arrives. */
#include "api/body/body_scanner.h"

#include "api/base/arena_error.h"
#include "api/json/json_repair.h"

#include <stdio.h>
#include <string.h>

#define TEXT_STEP ((size_t)4096)       /* of a piece that is looked at before it is copied on */
#define KEPT_TEXT ((size_t)256 * 1024) /* of rows, in case they must be read as another dtype */

void body_scanner_init(struct body_scanner *scan, const struct body_use *use, struct exchange *x)
{
    scan->x = x;
    scan->text_left = x->api->kept_rows < KEPT_TEXT ? x->api->kept_rows : KEPT_TEXT;
    scan->owners.layout = use->layout;
    scan->use = use;
    scan->envelope.text.arena = &x->arena;
    scan->pool = (struct pool){.arena = &x->arena, .budget = x->api->kept_rows};
    walk_init(&scan->walk, NULL, 0, false);
}

/* ---- faults ---- */

static bool fail_memory(struct body_scanner *scan, const char *what, const char *remedy)
{
    struct arena *arena = &scan->x->arena;

    if (arena->fault != ARENA_LIMIT)
        return arena_fail(arena, &scan->x->error);
    return error_set(&scan->x->error, ERR_TOO_LARGE, "",
                     "%s must fit --max-request-memory (%zu bytes): %s, or raise it", what,
                     arena->limit, remedy);
}

static bool fail_text(struct body_scanner *scan)
{
    return fail_memory(scan, "what is not logits", "send fewer sequences at a time");
}

static bool fail_rows(struct body_scanner *scan)
{
    if (scan->use->kept)
        return fail_memory(scan, scan->use->kept, "send fewer tokens at a time");
    if (scan->open->intake.mode == INTAKE_HOLDS)
        return fail_memory(scan, "logits that come before the members they need",
                           "put logits last");
    return fail_memory(scan, "the rows of logits that are kept", "send fewer sequences at a time");
}

/* What is in the text so far comes first in the body. */
static bool fail_unless_earlier(struct body_scanner *scan, const struct error *err)
{
    bool cut;

    if (!envelope_read(&scan->envelope, &scan->x->arena, &cut, &scan->x->error) && !cut)
        return false;
    scan->x->error = *err;
    return false;
}

static bool fail_nul(struct body_scanner *scan, size_t offset)
{
    struct error err = {0};

    /* jansson 2.14 silently drops a NUL behind a number or a literal. */
    error_set(&err, ERR_BAD_JSON, "", "not JSON at byte %zu: a NUL", offset);
    return fail_unless_earlier(scan, &err);
}

static bool fail_numbers(struct body_scanner *scan)
{
    const struct numbers_fault *fault = &scan->numbers.fault;
    char pointer[256], steps[64] = "";
    struct error err = {0};

    walk_pointer(&scan->walk, pointer, sizeof pointer);
    if (fault->row != ROWS_NONE)
        snprintf(steps, sizeof steps, "/%zu", fault->row);
    if (fault->column != ROWS_NONE)
        snprintf(steps + strlen(steps), 32, "/%zu", fault->column);
    strncat(pointer, steps, sizeof pointer - strlen(pointer) - 1);
    if (!fault->json)
        error_set(&err, ERR_BAD_JSON, pointer,
                  "not JSON at byte %zu: a number, a comma or ] must be here", fault->offset);
    else
        error_set(&err, ERR_BAD_SHAPE, pointer, "must be %s (byte %zu)",
                  fault->row != ROWS_NONE && fault->column == ROWS_NONE
                      ? "a row, an array of numbers"
                      : "a number",
                  fault->offset);
    return fail_unless_earlier(scan, &err);
}

static bool fail_depth(struct body_scanner *scan)
{
    char pointer[sizeof scan->x->error.pointer];

    walk_pointer(&scan->walk, pointer, sizeof pointer);
    return error_set(&scan->x->error, ERR_BAD_JSON, pointer, "nested deeper than %d levels",
                     WALK_MAX_DEPTH);
}

/* ---- spans ---- */

/* How numbers of an owner are read, as far as is known: "dtype":"f64" of it, or of an object around
 * it.  (What an object in it said is about that one's own.) */
static enum dtype dtype_of(const struct body_scanner *scan, size_t owner)
{
    bool doubles = false;

    for (size_t level = 0; level <= owners_level(&scan->owners, owner); level++)
        doubles |= scan->doubles[level];
    return doubles ? DTYPE_F64 : DTYPE_F32;
}

/* Text that is no JSON need not be taken in any further. */
static bool judge_text(struct body_scanner *scan)
{
    bool cut;

    return envelope_read(&scan->envelope, &scan->x->arena, &cut, &scan->x->error) || cut;
}

/* An owner has one span of a kind.  If another comes, a name is there twice: that is told now,
 * since the members before it would be looked at for each. */
static bool check_single(struct body_scanner *scan, enum span_kind kind, size_t owner)
{
    return !envelope_span(&scan->envelope, kind, owner) || judge_text(scan);
}

/* Put a 0 in place of the value at hand, whose text will come in from `offset` of the body on. */
static bool open_span(struct body_scanner *scan, enum span_kind kind, size_t owner, size_t offset)
{
    struct exchange *x = scan->x;
    struct strbuf *text = &scan->envelope.text;
    const enum dtype dtype = kind == SPAN_LOGITS ? dtype_of(scan, owner) : DTYPE_F64;
    struct span *span;

    text->length = scan->walk.start;
    strbuf_puts(text, "0");
    walk_grow(&scan->walk, text->data, text->length);
    scan->walk.at = text->length;
    if (!check_single(scan, kind, owner))
        return false;
    span = envelope_add(&scan->envelope, kind, owner, &x->arena, &x->error);
    if (!span)
        return false;
    span->offset = offset;
    span->length = 1; /* its bracket or quote */
    span->text.text.arena = &x->arena;
    scan->open = span;
    row_intake_begin(&span->intake, &scan->pool, dtype);
    if (kind == SPAN_DATA)
        json_unescape_init(&scan->unescape);
    else
        row_numbers_init(&scan->numbers, x->api->reader, dtype, kind == SPAN_LOGPROBS, &x->arena);
    scan->numbers.lists =
        kind == SPAN_LOGITS && owner == TOP_LEVEL && scan->owners.layout->per_prompt;
    return true;
}

/* The text of the span at hand ended just before `offset` of the body. */
static void close_span(struct body_scanner *scan, size_t offset)
{
    struct span *span = scan->open;

    span->length = offset - span->offset;
    if (span->kind != SPAN_DATA)
        span->shape = scan->numbers.shape;
    row_intake_end(&span->intake);
    scan->open = NULL;
}

/* Put the list's bracket back into the text, with `spaces` behind it, and go on in the list. */
static bool enter_list(struct body_scanner *scan, size_t spaces)
{
    struct strbuf *text = &scan->envelope.text;
    struct walk *walk = &scan->walk;

    text->length = walk->start;
    strbuf_puts(text, "[");
    for (size_t i = 0; i < spaces && !text->failed; i++)
        strbuf_puts(text, " ");
    walk->level[walk->depth++] = (struct walk_level){.start = walk->start};
    walk->start = walk->at = text->length;
    walk_grow(walk, text->data, text->length);
    return !text->failed || fail_text(scan);
}

/* What was taken for an array of rows is a list of outputs.  The span becomes that of the first
 * one, or, where that is an object, never was. */
static bool open_list(struct body_scanner *scan, const struct chunk *chunk)
{
    const struct span list = *scan->open;
    struct strbuf *text = &scan->envelope.text;
    const size_t at = chunk_offset(chunk);
    struct span *span;

    envelope_drop(&scan->envelope);
    scan->open = NULL;
    if (scan->numbers.state == OUTER_FIRST)
        return enter_list(scan, at - list.offset - 1);
    if (!enter_list(scan, 0))
        return false;
    strbuf_puts(text, "0");
    walk_grow(&scan->walk, text->data, text->length);
    scan->walk.at = text->length;
    span = envelope_add(&scan->envelope, list.kind, 0, &scan->x->arena, &scan->x->error);
    if (!span)
        return false;
    span->offset = scan->numbers.row_offset;
    span->length = 1; /* its bracket */
    span->intake = list.intake;
    span->text = list.text;
    span->text.text.length = 0;
    if (!span->text.dropped)
        strbuf_puts(&span->text.text, "[");
    scan->open = span;
    return !(text->failed || span->text.text.failed) || fail_text(scan);
}

/* Rows do not fit the budget. */
static bool decide(struct body_scanner *scan)
{
    if (scan->use->decide)
        return scan->use->decide(scan, scan->route);
    row_intake_hold(&scan->open->intake);
    return true;
}

/* Keep text of the span at hand: all of log-probabilities, a little of rows. */
static bool keep_text(struct body_scanner *scan, const char *from, const char *to)
{
    struct kept_text *kept = &scan->open->text;
    const size_t length = (size_t)(to - from);

    if (scan->open->kind == SPAN_LOGITS && !kept->dropped) {
        kept->dropped = length > scan->text_left;
        scan->text_left -= kept->dropped ? 0 : length;
    }
    if (!kept->dropped)
        strbuf_add(&kept->text, from, length);
    return !kept->text.failed || fail_text(scan);
}

/* Take in as much of the piece as belongs to rows, or to log-probabilities. */
static bool feed_numbers(struct body_scanner *scan, struct chunk *chunk)
{
    struct span *span = scan->open;
    const char *from = chunk->at;
    const enum row_intake_event event = row_intake_numbers(&span->intake, &scan->numbers, chunk);

    if (!keep_text(scan, from, chunk->at))
        return false;
    switch (event) {
    case INTAKE_FULL:
        return decide(scan);
    case INTAKE_FAULT:
        return fail_numbers(scan);
    case INTAKE_SPENT:
        return fail_rows(scan);
    case INTAKE_LIST:
        return open_list(scan, chunk);
    case INTAKE_END:
        close_span(scan, chunk_offset(chunk));
        break;
    case INTAKE_MORE:
        break;
    }
    return true;
}

/* Take in as much of the piece as belongs to base64 text. */
static bool feed_data(struct body_scanner *scan, struct chunk *chunk)
{
    struct span *span = scan->open;
    const char *from = chunk->at;
    struct chunk run = json_unescape_next(&scan->unescape, chunk);
    const char *nul = memchr(from, '\0', (size_t)(chunk->at - from));
    enum row_intake_event event;

    if (nul)
        return fail_nul(scan, chunk->offset + (size_t)(nul - chunk->start));
    do {
        event = row_intake_base64(&span->intake, &span->encoding, &run);
        if (event == INTAKE_FULL && !decide(scan))
            return false;
    } while (event == INTAKE_FULL);
    if (event != INTAKE_SPENT && scan->unescape.ended) {
        event = row_intake_base64_end(&span->intake, &span->encoding);
        if (event == INTAKE_SPENT)
            return fail_rows(scan);
        close_span(scan, chunk_offset(chunk));
    }
    return event != INTAKE_SPENT || fail_rows(scan);
}

/* ---- text ---- */

static void note_dtype(struct body_scanner *scan)
{
    const struct walk *walk = &scan->walk;
    static const char doubles[] = "\"f64\"";
    const bool is_doubles = walk->at - walk->start == sizeof doubles - 1
                            && memcmp(walk->text + walk->start, doubles, sizeof doubles - 1) == 0;
    size_t owner;

    if (owners_at(&scan->owners, walk, walk->depth, "dtype", &owner))
        scan->doubles[owners_level(&scan->owners, owner)] = is_doubles;
}

/* A bootstrap takes as long as its samples say, however short the request is. */
static void note_bootstrap(struct body_scanner *scan)
{
    scan->x->is_long |= scan->walk.depth == 1 && walk_at_member(&scan->walk, 0, "bootstrap");
}

/* Each owner may be asked about all that stands outside of it: so many times so many bytes take a
 * few milliseconds. */
#define SHORT_SHARES ((uint64_t)256 << 10)

static void note_shares(struct body_scanner *scan)
{
    struct exchange *x = scan->x;

    x->is_long |= x->request.content_length > SHORT_SHARES / (scan->owners.count + 1);
}

/* An object is opened: what an owner before it said of its numbers does not count for it. */
static void note_owner(struct body_scanner *scan)
{
    for (size_t level = owners_note(&scan->owners, &scan->walk); level > 0 && level < LAYOUT_LEVELS;
         level++)
        scan->doubles[level] = false;
    note_shares(scan);
}

/* Engines write numbers in their answers that JSON does not have, and texts that jansson does not
 * take: as values, and as names of members. */
static void mend(struct body_scanner *scan, enum walk_token token)
{
    const struct walk *walk = &scan->walk;
    const bool is_text = token == WALK_STRING || token == WALK_KEY;
    const size_t length = walk->at - walk->start;
    char *text;

    if (token != WALK_SCALAR && !is_text)
        return;
    text = scan->envelope.text.data + walk->start;
    if (is_text ? !memchr(text, '\\', length) : !json_repair_is_needed(text, length))
        return;
    if (!owners_inside(&scan->owners, walk, "outputs"))
        return;
    if (is_text)
        json_repair_string(text, length);
    else
        json_repair_scalar(text, length);
}

/* Open a span if the value at hand is one.  (The 0 in its place could make a number with a value
 * that it touches.) */
static bool look_for_span(struct body_scanner *scan, enum walk_token token, size_t offset)
{
    struct walk *walk = &scan->walk;
    size_t owner;

    if (walk_touches(walk))
        return true;
    if (token == WALK_OPEN && !walk->level[walk->depth - 1].object) {
        const size_t depth = walk->depth - 1;
        const bool rows = owners_at_output(&scan->owners, walk, depth, &owner);

        if (!rows
            && (scan->owners.layout->per_prompt
                || !owners_at(&scan->owners, walk, depth, "logprobs", &owner)))
            return true;
        walk->depth--; /* the array is passed over in one step */
        return open_span(scan, rows ? SPAN_LOGITS : SPAN_LOGPROBS, owner, offset);
    }
    if (token == WALK_QUOTE && walk->depth >= 2 && walk_at_member(walk, walk->depth - 1, "data")
        && owners_at_output(&scan->owners, walk, walk->depth - 1, &owner)) {
        walk->quoted = false;
        return open_span(scan, SPAN_DATA, owner, offset);
    }
    return true;
}

/* Walk over the text that has come, up to the next span.  `ahead`: the offset in the body of what
 * follows the text. */
static bool walk_on(struct body_scanner *scan, size_t ahead)
{
    struct walk *walk = &scan->walk;

    walk_grow(walk, scan->envelope.text.data, scan->envelope.text.length);
    while (!scan->open && !scan->lost) {
        const enum walk_token token = walk_next(walk);

        if (token == WALK_MORE)
            return true;
        if (token == WALK_DEEP)
            return fail_depth(scan);
        scan->lost = token == WALK_END;
        if (token == WALK_OPEN && walk->level[walk->depth - 1].object)
            note_owner(scan);
        if (!member_offsets_note(&scan->envelope.arrivals, &scan->owners, walk, token,
                                 &scan->x->arena))
            return fail_text(scan);
        mend(scan, token);
        if (token == WALK_KEY)
            note_bootstrap(scan);
        if (token == WALK_STRING)
            note_dtype(scan);
        else if (!look_for_span(scan, token, ahead - (walk->length - walk->start)))
            return false;
    }
    return true;
}

/* Take in text of the envelope, up to the next span. */
static bool feed_text(struct body_scanner *scan, struct chunk *chunk)
{
    struct strbuf *text = &scan->envelope.text;
    const size_t left = (size_t)(chunk->end - chunk->at);
    size_t step = left < TEXT_STEP ? left : TEXT_STEP;
    const char *nul = memchr(chunk->at, '\0', step);
    const size_t offset = chunk_offset(chunk);
    const bool was_lost = scan->lost;

    step = nul ? (size_t)(nul - chunk->at) : step;
    strbuf_add(text, chunk->at, step);
    if (text->failed)
        return fail_text(scan);
    scan->walk.ended = nul != NULL; /* a number ends there, too */
    if (!walk_on(scan, offset + step))
        return false;
    if (scan->open) { /* behind its first byte the span begins */
        chunk->at += scan->open->offset + 1 - offset;
        return true;
    }
    chunk->at += step;
    if (nul)
        return fail_nul(scan, offset + step);
    return !scan->lost || was_lost || judge_text(scan);
}

bool body_scanner_feed(struct body_scanner *scan, const char *bytes, size_t length)
{
    struct chunk chunk = {
        .start = bytes, .end = bytes + length, .at = bytes, .offset = scan->envelope.length};

    scan->envelope.length += length;
    while (chunk.at < chunk.end) {
        const bool good = !scan->open                     ? feed_text(scan, &chunk)
                          : scan->open->kind == SPAN_DATA ? feed_data(scan, &chunk)
                                                          : feed_numbers(scan, &chunk);

        if (!good)
            return false;
    }
    return true;
}

struct envelope *body_scanner_end(struct body_scanner *scan)
{
    struct envelope *envelope = &scan->envelope;
    struct error *err = &scan->x->error;
    struct chunk nothing = {.start = "", .offset = envelope->length, .last = true};
    bool cut;

    nothing.at = nothing.end = nothing.start;
    if (scan->open && scan->open->kind != SPAN_DATA && !feed_numbers(scan, &nothing))
        return NULL;
    scan->walk.ended = true;
    if (!scan->open && !walk_on(scan, envelope->length))
        return NULL;
    if (!work_charge_each(&scan->x->work, envelope->text.length, WORK_TEXT, err))
        return NULL;
    envelope->tree = envelope_read(envelope, &scan->x->arena, &cut, err);
    if (!envelope->tree && cut)
        error_set(err, ERR_BAD_JSON, "", "not JSON: the body ends early, at byte %zu",
                  envelope->length);
    if (!envelope->tree)
        return NULL;
    if (!json_is_object(envelope->tree)) {
        error_set(err, ERR_BAD_SHAPE, "", "the body must be an object");
        return NULL;
    }
    return envelope;
}
