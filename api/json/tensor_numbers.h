/* tensor_numbers.h - parses the `data` of a JSON tensor: numbers in one flat array, or in arrays
 * nested to any depth.
 *
 * Nesting is ignored: the numbers are in row-major order, and only their count matters.  A chunk
 * may end anywhere; an incomplete number at its end is kept until the next chunk.
 *
 * Grammar: JSON numbers (RFC 8259).  Floats may also be the bare words NaN, Infinity and -Infinity,
 * as Python writes them.  Integers have no fraction and no exponent.  A flag is true, false, 1 or
 * 0. */
#ifndef API_JSON_TENSOR_NUMBERS_H
#define API_JSON_TENSOR_NUMBERS_H

#include "api/json/row_numbers.h"

enum element_kind {
    ELEMENT_F32,
    ELEMENT_F64,
    ELEMENT_I32,
    ELEMENT_I64,
    ELEMENT_U8,  /* an integer of 0 to 255 */
    ELEMENT_FLAG /* a byte, 0 or 1 */
};

/* What an element of a kind must be: "an integer of 32 bits". */
const char *element_kind_words(enum element_kind kind);

enum tensor_numbers_event {
    ELEMENTS_MORE,  /* the chunk is used up */
    ELEMENTS_ROOM,  /* `out` is full: set `out` and `room`, or `blind` */
    ELEMENTS_END,   /* the outermost array ended */
    ELEMENTS_FAULT, /* the array is not valid: see fault, fault_offset */
    ELEMENTS_SPENT, /* memory is used up */
};

enum elements_fault {
    ELEMENTS_SYNTAX, /* not JSON */
    ELEMENTS_VALUE,  /* not a number of this kind */
    ELEMENTS_DEPTH,  /* nested too deeply */
};

struct tensor_numbers {
    const struct reader *reader;
    enum element_kind kind;
    bool blind;   /* check and count numbers, do not store them */
    void *out;    /* where numbers are stored */
    size_t room;  /* how many fit; 0 at first */
    size_t count; /* numbers stored in `out` so far; the caller may reset it */
    size_t total; /* numbers so far */
    size_t depth; /* number of open arrays */
    enum { ELEMENTS_FIRST, ELEMENTS_NEXT, ELEMENTS_AFTER } state; /* after [, a comma, a value */
    enum elements_fault fault;
    size_t fault_offset; /* in the body, in bytes */
    struct strbuf carry; /* an incomplete number */
    size_t carry_offset; /* its offset in the body */
};

/* Start after the outermost opening bracket.  `reader` is borrowed. */
void tensor_numbers_init(struct tensor_numbers *elements, const struct reader *reader,
                         enum element_kind kind, struct arena *arena);

/* Parse on until the next event; chunk->at moves. */
enum tensor_numbers_event tensor_numbers_next(struct tensor_numbers *elements, struct chunk *chunk);

#endif
