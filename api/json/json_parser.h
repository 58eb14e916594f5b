/* json_parser.h - an incremental parser for JSON (RFC 8259): it reads each byte once, and builds
 * the tree as bytes arrive.
 *
 * A value is added to the tree as soon as it is parsed, an object or array when it is opened.  So
 * the tree can be read at any time.  The parser knows its path, and the offset of each member.
 *
 * It stops at events: names, objects and arrays, and strings that are members.  At an array or a
 * string the caller may divert the text: the tree gets a 0, the caller parses the text up to the
 * closing bracket or quote, and the parser continues after it.
 *
 * It refuses duplicate names, more than JSON_MAX_DEPTH levels, numbers that fit neither 64 bits nor
 * a double, and strings that json_string.h refuses.  Errors say byte, line, column and pointer, and
 * what was probably meant (json_hint.h). */
#ifndef API_JSON_JSON_PARSER_H
#define API_JSON_JSON_PARSER_H

#include "api/json/json_hint.h"
#include "api/json/json_lines.h"
#include "api/json/json_path.h"
#include "api/json/json_scalar.h"
#include "api/json/json_string.h"

enum parse_event {
    PARSE_MORE,   /* the chunk is used up */
    PARSE_KEY,    /* a name; it is the current member of the innermost level */
    PARSE_OBJECT, /* an object was opened; it is the innermost level */
    PARSE_ARRAY,  /* an array begins: divert it, or go on to enter it */
    PARSE_STRING, /* a string that is a member begins: divert it, or go on */
    PARSE_CLOSED, /* an object or array ended: path.level[path.depth] */
    PARSE_END,    /* the document is complete: `tree` */
    PARSE_FAULT,  /* it is not valid: *err */
    PARSE_SPENT,  /* memory is used up */
};

struct json_parser {
    struct dom dom;
    struct error *err; /* borrowed */
    json_t *tree;      /* NULL: not begun */
    enum json_state state;
    struct json_path path;
    size_t start;            /* offset of the current token */
    size_t passed;           /* depth of the level whose current member causes no events; 0: none */
    enum json_repair repair; /* what is accepted in that member (json_scalar.h) */

    struct strbuf token; /* a token that the last chunk cut off, or a string without its escapes */
    struct json_string string;

    struct json_lines lines;
    struct json_found near; /* the bytes at a syntax error */
    bool in_array;          /* it is in a diverted array: */
    char steps[48];         /* the end of its JSON pointer */
};

/* Start a text.  `arena` and `err` are borrowed. */
void json_parser_init(struct json_parser *parser, struct arena *arena, struct error *err);

/* Parse until the next event; chunk->at moves.  The last chunk ends with PARSE_END, PARSE_FAULT or
 * PARSE_SPENT. */
enum parse_event json_parser_next(struct json_parser *parser, struct chunk *chunk);

/* At PARSE_ARRAY or PARSE_STRING: divert the value.  Its opening bracket or quote is at offset
 * parser->start, and was read.  False: memory is used up. */
bool json_parser_divert(struct json_parser *parser);

/* Take back a diverted array, which is a member, right after its bracket: the parser parses its
 * elements.  False:
 * memory is used up. */
bool json_parser_enter(struct json_parser *parser);

/* At PARSE_KEY: skip events inside this member.  `repair`: see above. */
void json_parser_pass(struct json_parser *parser, enum json_repair repair);

/* A diverted array is no JSON at `found->offset`.  `found->text` was read already; feed the text
 * that follows it to the parser, which then words the fault.  `steps` is the place in the array as
 * the end of a JSON pointer ("/3/1"). */
void json_parser_fail_array(struct json_parser *parser, const struct json_found *found,
                            const char *steps);

/* Record a fault of a diverted string.  Returns false. */
bool json_parser_fail_string(struct json_parser *parser, const struct json_string *string);

/* Parse a whole text.  NULL with *err set. */
json_t *json_parser_read(const char *text, size_t length, struct arena *arena, struct error *err);

#endif
