/* json_parser.h - a parser of JSON (RFC 8259) that is fed: it reads each byte once, wherever the
 * text is cut, and grows the tree as it goes.
 *
 * Values are attached where they belong as soon as they are read, objects and arrays when they are
 * opened: what has come so far is always a tree that can be looked at.  The stack knows the path,
 * and where in the body each member begins.
 *
 * Its caller is told of names, of objects and arrays, and of strings that are members.  At an array
 * or a string it may divert the text: a 0 stands in the tree then, the caller reads up to the
 * closing bracket or quote itself, and the parser goes on behind it.
 *
 * Refused are duplicate names, more than JSON_MAX_DEPTH levels, numbers that fit neither 64 bits
 * nor a double, and texts that json_string.h does not take.  Errors are worded for people: byte,
 * line, column, pointer, and what was probably meant (json_hint.h). */
#ifndef API_JSON_JSON_PARSER_H
#define API_JSON_JSON_PARSER_H

#include "api/json/json_hint.h"
#include "api/json/json_lines.h"
#include "api/json/json_path.h"
#include "api/json/json_string.h"

enum parse_event {
    PARSE_MORE,   /* the chunk is used up */
    PARSE_KEY,    /* a member's name: the top level has it */
    PARSE_OBJECT, /* an object was opened: it is the top level */
    PARSE_ARRAY,  /* an array begins: divert it, or go on and enter it */
    PARSE_STRING, /* a string begins that is a member: divert it, or go on and read it */
    PARSE_CLOSED, /* an object or array ended; path.level[path.depth] still tells of it */
    PARSE_END,    /* the text ended behind a whole document: `tree` */
    PARSE_FAULT,  /* it is no JSON: *err */
    PARSE_SPENT,  /* no memory */
};

struct json_parser {
    struct dom dom;
    struct error *err; /* borrowed */
    json_t *tree;      /* NULL until it begins */
    enum json_state state;
    struct json_path path;
    size_t start;  /* offset of the token at hand */
    size_t passed; /* nothing is told of the member at hand of this level; 0: of none */
    bool repairs;  /* what json_string.h and json_scalar.h repair, in that member */

    struct strbuf token; /* text that the last chunk cut, or with its escapes undone */
    struct json_string string;

    struct json_lines lines;
    struct json_found near; /* what stands where the text is no JSON, and a little behind it */
};

/* Begin a text; `arena` and `err` are borrowed. */
void json_parser_init(struct json_parser *parser, struct arena *arena, struct error *err);

/* Read on, up to the next event.  The chunk that is the last one ends with PARSE_END, PARSE_FAULT
 * or PARSE_SPENT. */
enum parse_event json_parser_next(struct json_parser *parser, struct chunk *chunk);

/* At PARSE_ARRAY or PARSE_STRING: the caller reads the value, whose bracket or quote was read, and
 * parser->start is its offset.  False: no memory. */
bool json_parser_divert(struct json_parser *parser);

/* The array that was diverted is none that the caller reads: its elements come next. */
bool json_parser_enter(struct json_parser *parser);

/* At PARSE_KEY: tell nothing of this member. */
void json_parser_pass(struct json_parser *parser, bool repairs);

/* The string that was diverted has a fault.  Returns false. */
bool json_parser_fail_string(struct json_parser *parser, const struct json_string *string);

/* A whole text as a tree; NULL with *err set. */
json_t *json_parser_read(const char *text, size_t length, struct arena *arena, struct error *err);

#endif
