/* json_parser.c - an incremental parser for JSON. */
#include "api/json/json_parser.h"

#include <stdio.h>
#include <string.h>

#define QUOTED(text) #text
#define TEXT_OF(macro) QUOTED(macro)

void json_parser_init(struct json_parser *parser, struct arena *arena, struct error *err)
{
    parser->err = err;
    parser->tree = NULL;
    parser->state = JSON_BEGIN;
    parser->passed = parser->start = 0;
    parser->repair = REPAIR_NOTHING;
    parser->in_array = false;
    parser->lines = (struct json_lines){0};
    parser->token = (struct strbuf){.arena = arena};
    json_path_init(&parser->path, arena);
    dom_init(&parser->dom, arena);
}

static struct json_level *top(struct json_parser *parser)
{
    return json_path_top(&parser->path);
}

/* ---- faults ---- */

bool json_parser_fail_string(struct json_parser *parser, const struct json_string *string)
{
    char pointer[sizeof parser->err->pointer];

    json_path_pointer(&parser->path, pointer, sizeof pointer);
    return json_lines_fail(&parser->lines, parser->err, string->fault_offset,
                           string->is_nul ? "" : pointer, string->fault);
}

/* Report a token that is JSON but is not accepted. */
static enum parse_event fail_token(struct json_parser *parser, enum error_code code,
                                   const char *words)
{
    char pointer[sizeof parser->err->pointer];

    json_path_pointer(&parser->path, pointer, sizeof pointer);
    error_set(parser->err, code, pointer, "%s (byte %zu)", words, parser->start);
    return PARSE_FAULT;
}

/* Report what was found.  For the end of the text, and for a NUL, the pointer is "". */
static enum parse_event fail_found(struct json_parser *parser)
{
    const struct json_found *near = &parser->near;
    char pointer[sizeof parser->err->pointer] = "", words[160];

    if ((near->length > 0 && near->text[0] != '\0') || parser->in_array)
        json_path_pointer(&parser->path, pointer, sizeof pointer);
    if (parser->in_array)
        strncat(pointer, parser->steps, sizeof pointer - strlen(pointer) - 1);
    json_hint_write(near, words, sizeof words);
    json_lines_fail(&parser->lines, parser->err, near->offset, pointer, words);
    return PARSE_FAULT;
}

/* Collect enough bytes after the fault for the error, from several chunks if need be. */
static enum parse_event gather(struct json_parser *parser, struct chunk *chunk)
{
    struct json_found *near = &parser->near;

    while (near->length < JSON_FOUND_MAX && chunk->at < chunk->end)
        near->text[near->length++] = *chunk->at++;
    return near->length == JSON_FOUND_MAX || chunk->last ? fail_found(parser) : PARSE_MORE;
}

/* Report a token that is not expected, of which `length` bytes were read. */
static enum parse_event fail(struct json_parser *parser, enum json_state expected, const char *text,
                             size_t length, struct chunk *chunk)
{
    struct json_found *near = &parser->near;

    near->state = expected;
    near->offset = parser->start;
    near->length = length < JSON_FOUND_MAX ? length : JSON_FOUND_MAX;
    memcpy(near->text, text, near->length);
    parser->state = JSON_IN_FAULT;
    return gather(parser, chunk);
}

void json_parser_fail_array(struct json_parser *parser, const struct json_found *found,
                            const char *steps)
{
    parser->near = *found;
    parser->in_array = true;
    parser->state = JSON_IN_FAULT;
    snprintf(parser->steps, sizeof parser->steps, "%s", steps);
}

static enum parse_event fail_here(struct json_parser *parser, struct chunk *chunk)
{
    return fail(parser, parser->state, "", 0, chunk);
}

/* ---- the tree ---- */

/* Add a value (NULL: memory is used up) to the tree. */
static enum parse_event put(struct json_parser *parser, json_t *value)
{
    const struct json_level *level = top(parser);

    if (level->object) {
        parser->state = JSON_AFTER_MEMBER;
        return dom_put(&parser->dom, level->container, json_path_name_at(&parser->path, level),
                       level->name_length, value)
                   ? PARSE_MORE
                   : PARSE_SPENT;
    }
    parser->state = JSON_AFTER_ELEMENT;
    return dom_append(&parser->dom, level->container, value) ? PARSE_MORE : PARSE_SPENT;
}

static void push(struct json_parser *parser, json_t *container, bool object)
{
    json_path_push(&parser->path, container, object);
    parser->state = object ? JSON_FIRST_NAME : JSON_FIRST_VALUE;
}

static bool is_told(const struct json_parser *parser)
{
    return parser->passed == 0;
}

/* Open an object or array, and add it to the tree. */
static enum parse_event open(struct json_parser *parser, bool object)
{
    json_t *container = object ? dom_object(&parser->dom) : dom_array(&parser->dom);

    if (parser->path.depth == 0)
        parser->tree = container;
    if (!container || (parser->path.depth > 0 && put(parser, container) == PARSE_SPENT))
        return PARSE_SPENT;
    push(parser, container, object);
    return object && is_told(parser) ? PARSE_OBJECT : PARSE_MORE;
}

static void end_passed(struct json_parser *parser)
{
    parser->passed = 0;
    parser->repair = REPAIR_NOTHING;
    parser->in_array = false;
}

static enum parse_event close(struct json_parser *parser, struct chunk *chunk)
{
    chunk->at++;
    parser->path.depth--;
    if (parser->path.depth < parser->passed)
        end_passed(parser);
    parser->state = parser->path.depth == 0 ? JSON_AFTER_ALL
                    : top(parser)->object   ? JSON_AFTER_MEMBER
                                            : JSON_AFTER_ELEMENT;
    return is_told(parser) ? PARSE_CLOSED : PARSE_MORE;
}

bool json_parser_divert(struct json_parser *parser)
{
    return put(parser, dom_integer(&parser->dom, 0)) == PARSE_MORE;
}

bool json_parser_enter(struct json_parser *parser)
{
    json_t *array = dom_array(&parser->dom);

    if (!array || put(parser, array) == PARSE_SPENT)
        return false;
    push(parser, array, false);
    return true;
}

void json_parser_pass(struct json_parser *parser, enum json_repair repair)
{
    parser->passed = parser->path.depth;
    parser->repair = repair;
}

/* ---- strings ---- */

static enum parse_event end_name(struct json_parser *parser, const char *text, size_t length)
{
    struct json_level *level = top(parser);

    if (parser->path.depth <= parser->passed)
        end_passed(parser);
    if (!json_path_name(&parser->path, text, length))
        return PARSE_SPENT;
    parser->state = JSON_COLON;
    if (json_object_getn(level->container, json_path_name_at(&parser->path, level), length))
        return fail_token(parser, ERR_DUPLICATE_NAME, "the name occurs twice");
    return is_told(parser) ? PARSE_KEY : PARSE_MORE;
}

static enum parse_event end_string(struct json_parser *parser, const char *text, size_t length)
{
    if (parser->state == JSON_IN_NAME)
        return end_name(parser, text, length);
    return put(parser, dom_string(&parser->dom, length > 0 ? text : "", length));
}

/* Continue a string that is cut off by the chunk, or has escapes. */
static enum parse_event read_string(struct json_parser *parser, struct chunk *chunk)
{
    enum json_string_event event;

    while ((event = json_string_next(&parser->string, chunk)) == STRING_RUN)
        strbuf_add(&parser->token, parser->string.run, parser->string.length);
    if (parser->token.failed)
        return PARSE_SPENT;
    if (event != STRING_MORE)
        parser->lines.wide += parser->string.wide;
    if (event == STRING_FAULT) {
        json_parser_fail_string(parser, &parser->string);
        return PARSE_FAULT;
    }
    return event == STRING_END ? end_string(parser, parser->token.data, parser->token.length)
                               : PARSE_MORE;
}

/* Start a string, after its opening quote. */
static enum parse_event begin_string(struct json_parser *parser, enum json_state state,
                                     struct chunk *chunk)
{
    const char *text;
    size_t length;

    parser->state = state;
    if (json_string_plain(chunk, &text, &length))
        return end_string(parser, text, length);
    parser->string = (struct json_string){.repairs = parser->repair == REPAIR_ALL};
    parser->token.length = 0;
    return read_string(parser, chunk);
}

/* ---- numbers and literals ---- */

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Read a token while `belongs` holds.  True: it is complete, and the byte after it can be read. */
static bool take_token(struct json_parser *parser, struct chunk *chunk, bool (*belongs)(char),
                       const char **text, size_t *length)
{
    struct strbuf *token = &parser->token;
    const char *from = chunk->at;

    while (chunk->at < chunk->end && belongs(*chunk->at))
        chunk->at++;
    *text = from;
    *length = (size_t)(chunk->at - from);
    if (token->length == 0 && chunk->at < chunk->end)
        return true;
    strbuf_add(token, from, *length);
    if (chunk->at == chunk->end && !chunk->last)
        return false;
    strbuf_add(token, "", 1);
    *text = token->data;
    *length = token->length - 1;
    return !token->failed;
}

static enum parse_event end_scalar(struct json_parser *parser, enum json_scalar found,
                                   json_t *value, const char *text, size_t length,
                                   struct chunk *chunk)
{
    if (found == SCALAR_GOOD)
        return put(parser, value);
    if (found == SCALAR_BEYOND)
        return fail_token(parser, ERR_OUT_OF_RANGE,
                          "the number does not fit a 64-bit integer or double");
    return fail(parser, parser->near.state, text, length, chunk);
}

static enum parse_event read_word(struct json_parser *parser, struct chunk *chunk)
{
    const char *text;
    size_t length;
    json_t *value = NULL;
    enum json_scalar found;

    parser->state = JSON_IN_WORD;
    if (!take_token(parser, chunk, is_word_byte, &text, &length)) {
        if (parser->token.failed)
            return PARSE_SPENT;
        if (parser->token.length < JSON_FOUND_MAX)
            return PARSE_MORE;
        return fail(parser, parser->near.state, parser->token.data, parser->token.length, chunk);
    }
    found = json_scalar_word(&parser->dom, text, length, parser->repair, &value);
    return end_scalar(parser, found, value, text, length, chunk);
}

/* A letter follows a number, as in -Infinity. */
static enum parse_event end_in_letter(struct json_parser *parser, const char *text, size_t length,
                                      struct chunk *chunk)
{
    if (length > 1 || *text != '-')
        return fail(parser, parser->near.state, text, length, chunk);
    parser->token.length = 0;
    strbuf_add(&parser->token, "-", 1);
    return parser->token.failed ? PARSE_SPENT : read_word(parser, chunk);
}

static enum parse_event read_number(struct json_parser *parser, struct chunk *chunk)
{
    const char *text;
    size_t length;
    json_t *value = NULL;
    enum json_scalar found;

    parser->state = JSON_IN_NUMBER;
    if (!take_token(parser, chunk, is_number_byte, &text, &length))
        return parser->token.failed ? PARSE_SPENT : PARSE_MORE;
    if (chunk->at < chunk->end && is_word_byte(*chunk->at))
        return end_in_letter(parser, text, length, chunk);
    found = json_scalar_number(&parser->dom, text, length, parser->repair, &value);
    return end_scalar(parser, found, value, text, length, chunk);
}

/* ---- grammar ---- */

static enum parse_event begin_container(struct json_parser *parser, struct chunk *chunk)
{
    const bool object = *chunk->at == '{';

    if (parser->path.depth == JSON_MAX_DEPTH)
        return fail_token(parser, ERR_BAD_JSON,
                          "nested deeper than " TEXT_OF(JSON_MAX_DEPTH) " levels");
    chunk->at++;
    if (object || parser->path.depth == 0 || !is_told(parser))
        return open(parser, object);
    parser->state = JSON_AT_ARRAY;
    return PARSE_ARRAY;
}

static enum parse_event begin_text(struct json_parser *parser, struct chunk *chunk)
{
    chunk->at++;
    if (!top(parser)->object || !is_told(parser))
        return begin_string(parser, JSON_IN_STRING, chunk);
    parser->state = JSON_AT_STRING;
    return PARSE_STRING;
}

static enum parse_event begin_value(struct json_parser *parser, struct chunk *chunk)
{
    const char c = *chunk->at;

    if (c == '"')
        return begin_text(parser, chunk);
    if (c == '{' || c == '[')
        return begin_container(parser, chunk);
    if (!is_word_byte(c) && c != '-')
        return fail_here(parser, chunk);
    parser->near.state = parser->state;
    parser->token.length = 0;
    return c == '-' || (c >= '0' && c <= '9') ? read_number(parser, chunk)
                                              : read_word(parser, chunk);
}

static enum parse_event begin_name(struct json_parser *parser, struct chunk *chunk)
{
    if (*chunk->at != '"')
        return fail_here(parser, chunk);
    chunk->at++;
    return begin_string(parser, JSON_IN_NAME, chunk);
}

static enum parse_event pass_colon(struct json_parser *parser, struct chunk *chunk)
{
    if (*chunk->at != ':')
        return fail_here(parser, chunk);
    chunk->at++;
    parser->state = JSON_MEMBER_VALUE;
    return PARSE_MORE;
}

/* Read the comma or the bracket after a value. */
static enum parse_event pass_comma(struct json_parser *parser, struct chunk *chunk, char bracket)
{
    if (*chunk->at == bracket)
        return close(parser, chunk);
    if (*chunk->at != ',')
        return fail_here(parser, chunk);
    chunk->at++;
    json_path_next(&parser->path);
    parser->state = top(parser)->object ? JSON_NEXT_NAME : JSON_NEXT_VALUE;
    return PARSE_MORE;
}

/* Start a token, by what must come. */
static enum parse_event begin_token(struct json_parser *parser, struct chunk *chunk)
{
    const char c = *chunk->at;

    parser->start = chunk_offset(chunk);
    switch (parser->state) {
    case JSON_BEGIN:
        return c == '{' || c == '[' ? begin_container(parser, chunk) : fail_here(parser, chunk);
    case JSON_FIRST_VALUE:
        return c == ']' ? close(parser, chunk) : begin_value(parser, chunk);
    case JSON_NEXT_VALUE:
    case JSON_MEMBER_VALUE:
        return begin_value(parser, chunk);
    case JSON_FIRST_NAME:
        return c == '}' ? close(parser, chunk) : begin_name(parser, chunk);
    case JSON_NEXT_NAME:
        return begin_name(parser, chunk);
    case JSON_COLON:
        return pass_colon(parser, chunk);
    case JSON_AFTER_ELEMENT:
        return pass_comma(parser, chunk, ']');
    case JSON_AFTER_MEMBER:
        return pass_comma(parser, chunk, '}');
    default:
        return fail_here(parser, chunk);
    }
}

static bool skip_space(struct json_parser *parser, struct chunk *chunk)
{
    for (; chunk->at < chunk->end && is_json_space(*chunk->at); chunk->at++)
        if (*chunk->at == '\n')
            json_lines_newline(&parser->lines, chunk_offset(chunk) + 1);
    return chunk->at < chunk->end;
}

/* Continue in the current state; the chunk has at least one byte left. */
static enum parse_event step(struct json_parser *parser, struct chunk *chunk)
{
    switch (parser->state) {
    case JSON_IN_NAME:
    case JSON_IN_STRING:
        return read_string(parser, chunk);
    case JSON_IN_NUMBER:
        return read_number(parser, chunk);
    case JSON_IN_WORD:
        return read_word(parser, chunk);
    case JSON_AT_ARRAY:
        return open(parser, false);
    case JSON_AT_STRING:
        return begin_string(parser, JSON_IN_STRING, chunk);
    case JSON_IN_FAULT:
        return gather(parser, chunk);
    default:
        return skip_space(parser, chunk) ? begin_token(parser, chunk) : PARSE_MORE;
    }
}

/* Handle the end of the text. */
static enum parse_event end(struct json_parser *parser, struct chunk *chunk)
{
    enum parse_event event = PARSE_MORE;

    if (parser->state == JSON_IN_FAULT)
        return fail_found(parser);
    if (parser->state == JSON_IN_NUMBER)
        event = read_number(parser, chunk);
    else if (parser->state == JSON_IN_WORD)
        event = read_word(parser, chunk);
    if (event != PARSE_MORE)
        return event;
    if (parser->state == JSON_AFTER_ALL)
        return PARSE_END;
    parser->near.length = 0;
    parser->near.offset = chunk_offset(chunk);
    return fail_found(parser);
}

enum parse_event json_parser_next(struct json_parser *parser, struct chunk *chunk)
{
    enum parse_event event = PARSE_MORE;

    while (event == PARSE_MORE && chunk->at < chunk->end)
        event = step(parser, chunk);
    return event == PARSE_MORE && chunk->last ? end(parser, chunk) : event;
}

json_t *json_parser_read(const char *text, size_t length, struct arena *arena, struct error *err)
{
    struct json_parser parser;
    struct chunk chunk = {.start = text, .at = text, .end = text + length, .last = true};
    enum parse_event event;

    json_parser_init(&parser, arena, err);
    while ((event = json_parser_next(&parser, &chunk)) != PARSE_END)
        if (event == PARSE_FAULT || event == PARSE_SPENT)
            return NULL;
    return parser.tree;
}
