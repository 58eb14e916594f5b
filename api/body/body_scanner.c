/* body_scanner.c - parses a JSON body as it arrives. */
#include "api/body/body_scanner.h"

#include <stdio.h>
#include <string.h>

static body_event_f take_event;
static body_diverted_f take_diverted;

size_t body_text_most(const struct api *api)
{
    const size_t share = api->request_memory / 8;

    return api->kept_rows < share ? api->kept_rows : share;
}

void body_scanner_init(struct body_scanner *scan, const struct body_use *use, struct exchange *x)
{
    body_feeder_init(&scan->feeder, x);
    scan->feeder.self = scan;
    scan->feeder.event = take_event;
    scan->feeder.divert = take_diverted;
    scan->x = x;
    scan->text_most = body_text_most(x->api);
    scan->owners.layout = use->layout;
    scan->use = use;
    scan->body.dom = &scan->feeder.parser.dom;
    member_offsets_init(&scan->body.offsets, &x->arena);
    scan->pool = (struct pool){.arena = &x->arena, .budget = x->api->kept_rows};
}

static const struct json_path *path_of(const struct body_scanner *scan)
{
    return &scan->feeder.parser.path;
}

/* ---- faults ---- */

#define NOT_NUMBER "must be %s (byte %zu)"
#define OF_ENGINE "; if this is an engine's answer, wrap all of it in outputs"

static bool fail_rows(struct body_scanner *scan)
{
    if (scan->use->kept)
        return body_fail_memory(scan->x, scan->use->kept, "send fewer tokens at a time");
    if (scan->open->intake.mode == INTAKE_HOLDS)
        return body_fail_memory(scan->x, "logits that come before the members they need",
                                "put logits last");
    return body_fail_memory(scan->x, "the rows of logits that are kept",
                            "send fewer sequences at a time");
}

/* Where the fault is in the array, as the end of a JSON pointer. */
static void write_steps(const struct row_numbers *numbers, char *out, size_t size)
{
    const struct numbers_fault *fault = &numbers->fault;

    snprintf(out, size, "%s", numbers->shape.batch && !fault->batch ? "/0" : "");
    if (fault->row != ROWS_NONE)
        snprintf(out + strlen(out), size - strlen(out), "/%zu", fault->row);
    if (fault->column != ROWS_NONE)
        snprintf(out + strlen(out), size - strlen(out), "/%zu", fault->column);
}

/* The array is no JSON: the parser words it, with the text that follows. */
static bool refuse_array(struct body_scanner *scan, struct chunk *chunk, const char *steps)
{
    struct json_found found = {.offset = scan->numbers.fault.offset,
                               .state = row_numbers_expected(&scan->numbers)};

    if (found.offset >= chunk->offset)
        chunk->at = chunk->start + (found.offset - chunk->offset);
    else
        found.length = row_numbers_carried(&scan->numbers, found.text, sizeof found.text);
    json_parser_fail_array(&scan->feeder.parser, &found, steps);
    scan->feeder.diverted = false;
    return true;
}

/* What is probably meant by what is no number: engines list log-probabilities as objects. */
static const char *meant_by(const struct body_scanner *scan, const struct chunk *chunk)
{
    const struct numbers_fault *fault = &scan->numbers.fault;

    if (fault->row == 0 && fault->column == ROWS_NONE)
        return "; a row alone is written [[...]]";
    if (scan->open->kind == SPAN_LOGPROBS && fault->offset >= chunk->offset
        && chunk->start[fault->offset - chunk->offset] == '{')
        return OF_ENGINE;
    return fault->nan ? "; what is not a number is written NaN" : "";
}

static bool fail_numbers(struct body_scanner *scan, struct chunk *chunk)
{
    const struct numbers_fault *fault = &scan->numbers.fault;
    char pointer[sizeof scan->x->error.pointer], steps[48];

    write_steps(&scan->numbers, steps, sizeof steps);
    if (!fault->json)
        return refuse_array(scan, chunk, steps);
    json_path_pointer(path_of(scan), pointer, sizeof pointer);
    strncat(pointer, steps, sizeof pointer - strlen(pointer) - 1);
    if (fault->batch)
        return error_set(&scan->x->error, ERR_BAD_SHAPE, pointer,
                         "a batch of several outputs: give each sequence its own, in the list "
                         "sequences");
    return error_set(&scan->x->error, ERR_BAD_SHAPE, pointer, NOT_NUMBER "%s",
                     fault->row != ROWS_NONE && fault->column == ROWS_NONE
                         ? "a row, an array of numbers"
                         : "a number",
                     fault->offset, meant_by(scan, chunk));
}

/* ---- spans ---- */

/* The dtype to parse numbers as: `dtype` of the innermost owner that has it so far. */
static enum dtype dtype_here(const struct body_scanner *scan)
{
    const struct json_path *path = path_of(scan);
    struct owner_at around[LAYOUT_LEVELS];
    const char *name = NULL;

    for (size_t i = owners_around(&scan->owners, path, path->depth, around); i > 0 && !name; i--)
        name =
            json_string_value(json_object_get(path->level[around[i - 1].level].container, "dtype"));
    return dtype_of_decimals(name);
}

/* Divert the current value, and add its span. */
static struct span *add_span(struct body_scanner *scan, enum span_kind kind, size_t owner,
                             size_t offset)
{
    struct span *span;

    if (!json_parser_divert(&scan->feeder.parser)) {
        body_fail_text(scan->x);
        return NULL;
    }
    span = body_add_span(&scan->body, kind, owner, offset, &scan->x->arena, &scan->x->error);
    scan->feeder.diverted = true;
    return scan->open = span;
}

static bool open_span(struct body_scanner *scan, enum span_kind kind, size_t owner)
{
    struct exchange *x = scan->x;
    const enum dtype dtype = kind == SPAN_LOGITS ? dtype_here(scan) : DTYPE_F64;
    struct span *span = add_span(scan, kind, owner, scan->feeder.parser.start);

    if (!span)
        return false;
    span->text.text.arena = &x->arena;
    row_intake_begin(&span->intake, &scan->pool, dtype);
    if (kind == SPAN_DATA)
        scan->string = (struct json_string){0};
    else
        row_numbers_init(&scan->numbers, x->api->reader, dtype, kind == SPAN_LOGPROBS, &x->arena);
    scan->numbers.lists = owner == TOP_LEVEL
                          && (kind == SPAN_LOGITS ? scan->owners.layout->per_prompt
                                                  : kind == SPAN_LOGPROBS && scan->use->knows);
    return true;
}

static void close_span(struct body_scanner *scan)
{
    struct span *span = scan->open;

    if (span->kind != SPAN_DATA)
        span->shape = scan->numbers.shape;
    row_intake_end(&span->intake);
    scan->open = NULL;
    scan->feeder.diverted = false;
}

/* The array `logprobs` begins with an object, as in an engine's answer: its elements become values
 * of the tree.  In a request that is a fault, which is kept. */
static bool open_answer(struct body_scanner *scan, const struct chunk *chunk)
{
    error_set(&scan->no_numbers, ERR_BAD_SHAPE, "/logprobs/0", NOT_NUMBER OF_ENGINE, "a number",
              chunk_offset(chunk));
    body_drop_span(&scan->body);
    scan->open = NULL;
    scan->feeder.diverted = false;
    json_parser_pass(&scan->feeder.parser, REPAIR_ALL);
    return json_parser_enter(&scan->feeder.parser) || body_fail_text(scan->x);
}

/* The array is a list of outputs, not an array of rows.  Its span becomes that of the first output;
 * if that is an object, the span is removed. */
static bool open_list(struct body_scanner *scan)
{
    const struct span list = *scan->open;
    struct span *span;

    body_drop_span(&scan->body);
    scan->open = NULL;
    scan->feeder.diverted = false;
    if (!json_parser_enter(&scan->feeder.parser))
        return body_fail_text(scan->x);
    if (scan->numbers.state == OUTER_FIRST)
        return true;
    span = add_span(scan, list.kind, 0, scan->numbers.row_offset);
    if (!span)
        return false;
    span->intake = list.intake;
    span->text = list.text;
    span->text.text.length = 0;
    if (!span->text.dropped)
        strbuf_puts(&span->text.text, "[");
    return !span->text.text.failed || body_fail_text(scan->x);
}

/* The budget for kept rows is used up. */
static bool decide(struct body_scanner *scan)
{
    if (scan->use->decide)
        return scan->use->decide(scan, scan->route);
    row_intake_hold(&scan->open->intake);
    return true;
}

static void drop_text(struct body_scanner *scan, struct span *span)
{
    struct strbuf *text = &span->text.text;

    arena_free(&scan->x->arena, text->data);
    *text = (struct strbuf){.arena = text->arena};
    span->text.dropped = true;
}

/* Whether the text of the rows may be needed again: the rows are kept, and the body, of which
 * `length` bytes came, is not too long.  Its length is often known from the start. */
static bool is_text_kept(const struct body_scanner *scan, size_t length)
{
    const uint64_t announced = scan->x->request.content_length;
    const struct row_intake *intake = &scan->open->intake;

    return length <= scan->text_most
           && (announced == REQUEST_LENGTH_UNKNOWN || announced <= scan->text_most)
           && (intake->mode == INTAKE_KEEPS || intake->mode == INTAKE_HOLDS);
}

/* Keep text of the current span that ends where the chunk is now: all of log-probabilities, and of
 * rows as long as they may have to be parsed again as another dtype. */
static bool keep_text(struct body_scanner *scan, const char *from, const struct chunk *chunk)
{
    struct span *span = scan->open;
    struct kept_text *kept = &span->text;

    if (span->kind == SPAN_LOGITS && !kept->dropped && !is_text_kept(scan, chunk_offset(chunk)))
        drop_text(scan, span);
    if (!kept->dropped)
        strbuf_add(&kept->text, from, (size_t)(chunk->at - from));
    return !kept->text.failed || body_fail_text(scan->x);
}

/* Parse rows or log-probabilities, up to their end or the end of the chunk. */
static bool feed_numbers(struct body_scanner *scan, struct chunk *chunk)
{
    struct span *span = scan->open;
    const char *from = chunk->at;
    const enum row_intake_event event = row_intake_numbers(&span->intake, &scan->numbers, chunk);

    json_lines_skip(&scan->feeder.parser.lines, chunk, from);
    if (!keep_text(scan, from, chunk))
        return false;
    switch (event) {
    case INTAKE_FULL:
        return decide(scan);
    case INTAKE_FAULT:
        return fail_numbers(scan, chunk);
    case INTAKE_SPENT:
        return fail_rows(scan);
    case INTAKE_LIST:
        return span->kind == SPAN_LOGPROBS ? open_answer(scan, chunk) : open_list(scan);
    case INTAKE_END:
        close_span(scan);
        break;
    case INTAKE_MORE:
        break;
    }
    return true;
}

/* Decode base64 text: all of it, or its front. */
static bool feed_base64(struct body_scanner *scan, struct chunk *text, bool whole)
{
    struct span *span = scan->open;
    base64_groups_f *decode = scan->x->api->reader->base64;
    enum row_intake_event event;

    while ((event = row_intake_base64(&span->intake, &span->encoding, decode, text, whole))
           == INTAKE_FULL)
        if (!decide(scan))
            return false;
    return event != INTAKE_SPENT || fail_rows(scan);
}

static bool feed_run(struct body_scanner *scan)
{
    const char *text = scan->string.run;
    struct chunk run = {.start = text, .at = text, .end = text + scan->string.length};

    return feed_base64(scan, &run, true);
}

static bool end_base64(struct body_scanner *scan)
{
    struct span *span = scan->open;

    if (row_intake_base64_end(&span->intake, &span->encoding) == INTAKE_SPENT)
        return fail_rows(scan);
    close_span(scan);
    return true;
}

/* Parse the string of an encoded tensor, up to its end or the end of the chunk.  Characters of
 * base64 need no look at them as text of JSON. */
static bool feed_data(struct body_scanner *scan, struct chunk *chunk)
{
    if (json_string_is_plain(&scan->string) && !feed_base64(scan, chunk, false))
        return false;
    switch (json_string_next(&scan->string, chunk)) {
    case STRING_RUN:
        return feed_run(scan);
    case STRING_END:
        return end_base64(scan);
    case STRING_FAULT:
        return json_parser_fail_string(&scan->feeder.parser, &scan->string);
    case STRING_MORE:
        break;
    }
    return true;
}

static bool take_diverted(void *self, struct chunk *chunk)
{
    struct body_scanner *scan = self;

    return scan->open->kind == SPAN_DATA ? feed_data(scan, chunk) : feed_numbers(scan, chunk);
}

/* ---- text ---- */

/* Each owner may be compared with all of the text outside of it.  Up to this product of owners and
 * bytes, that takes a few milliseconds. */
#define SHORT_SHARES ((uint64_t)256 << 10)

/* An object is opened; it may be an owner. */
static bool take_object(struct body_scanner *scan)
{
    struct exchange *x = scan->x;
    const struct json_path *path = path_of(scan);
    size_t owner;

    scan->body.tree = scan->feeder.parser.tree;
    owners_note(&scan->owners, path);
    x->is_long |= x->request.content_length > SHORT_SHARES / (scan->owners.count + 1);
    return !owners_own(&scan->owners, path, path->depth - 1, &owner)
           || member_offsets_begin(&scan->body.offsets, owner, scan->feeder.parser.start)
           || body_fail_text(x);
}

static bool take_closed(struct body_scanner *scan)
{
    const struct json_path *path = path_of(scan);
    size_t owner;

    return !owners_own(&scan->owners, path, path->depth, &owner)
           || member_offsets_end(&scan->body.offsets, owner, scan->feeder.parser.start)
           || body_fail_text(scan->x);
}

/* Whether the current member of an owner may have spans or owners in it, or be a list of
 * temperatures. */
static bool is_entered(const struct body_scanner *scan)
{
    const struct json_path *path = path_of(scan);
    const size_t level = path->depth - 1;

    return json_path_at(path, level, "logits") || json_path_at(path, level, "logprobs")
           || json_path_at(path, level, "temperature") || owners_at_part(&scan->owners, path);
}

/* Whether the current member of an owner is an engine's answer, or a member of one. */
static bool is_answer(const struct body_scanner *scan)
{
    const struct json_path *path = path_of(scan);
    const struct json_level *level = &path->level[path->depth - 1];
    char name[64];

    if (path->depth > 1 || !scan->use->knows || level->name_length >= sizeof name)
        return json_path_at(path, path->depth - 1, "outputs");
    snprintf(name, sizeof name, "%.*s", (int)level->name_length, json_path_name_at(path, level));
    return strcmp(name, "outputs") == 0 || !scan->use->knows(name);
}

/* What is accepted in the current member of an owner: log-probabilities in the tree are read as
 * those of an array are. */
static enum json_repair repair_of(const struct body_scanner *scan)
{
    static const char *const log_probs[] = {"log_prob", "unconditional", "top_logprobs"};
    const struct json_path *path = path_of(scan);

    if (is_answer(scan))
        return REPAIR_ALL;
    for (size_t i = 0; i < sizeof log_probs / sizeof *log_probs; i++)
        if (json_path_at(path, path->depth - 1, log_probs[i]))
            return REPAIR_LOG_PROBS;
    return REPAIR_NOTHING;
}

/* A name of an owner's member.  A bootstrap takes as
 * long as `samples` says, even in a short request. */
static bool take_key(struct body_scanner *scan)
{
    struct json_parser *parser = &scan->feeder.parser;
    const struct json_path *path = &parser->path;
    const struct json_level *level = &path->level[path->depth - 1];
    size_t owner;

    if (!owners_own(&scan->owners, path, path->depth - 1, &owner))
        return true;
    scan->x->is_long |= path->depth == 1 && json_path_at(path, 0, "bootstrap");
    if (!is_entered(scan))
        json_parser_pass(parser, repair_of(scan));
    return member_offsets_add(&scan->body.offsets, owner, json_path_name_at(path, level),
                              level->name_length, parser->start)
           || body_fail_text(scan->x);
}

/* A list of temperatures reduces each row as often as it is long. */
static bool take_array(struct body_scanner *scan)
{
    const struct json_path *path = path_of(scan);
    size_t owner;

    if (owners_at_output(&scan->owners, path, path->depth, &owner))
        return open_span(scan, SPAN_LOGITS, owner);
    scan->x->is_long |= owners_at(&scan->owners, path, path->depth, "temperature", &owner);
    return scan->owners.layout->per_prompt
           || !owners_at(&scan->owners, path, path->depth, "logprobs", &owner)
           || open_span(scan, SPAN_LOGPROBS, owner);
}

static bool take_string(struct body_scanner *scan)
{
    const struct json_path *path = path_of(scan);
    size_t owner;

    return path->depth < 2 || !json_path_at(path, path->depth - 1, "data")
           || !owners_at_output(&scan->owners, path, path->depth - 1, &owner)
           || open_span(scan, SPAN_DATA, owner);
}

static bool take_event(void *self, enum parse_event event)
{
    struct body_scanner *scan = self;

    switch (event) {
    case PARSE_KEY:
        return take_key(scan);
    case PARSE_OBJECT:
        return take_object(scan);
    case PARSE_ARRAY:
        return take_array(scan);
    case PARSE_STRING:
        return take_string(scan);
    default:
        return take_closed(scan);
    }
}

bool body_scanner_feed(struct body_scanner *scan, const char *bytes, size_t length)
{
    return body_feeder_feed(&scan->feeder, bytes, length);
}

struct body *body_scanner_end(struct body_scanner *scan)
{
    struct body *body = &scan->body;

    if (!body_feeder_end(&scan->feeder))
        return NULL;
    for (size_t i = 0; i < body->count && scan->feeder.length > scan->text_most; i++)
        if (body->spans[i]->kind == SPAN_LOGITS)
            drop_text(scan, body->spans[i]);
    return body;
}
