/* tensor_numbers.h - the `data` of a JSON tensor: numbers in one flat array, or nested to any
 * depth.
 *
 * How they are nested says nothing: their number counts, row-major.  The text may be cut anywhere;
 * what is at the end of a piece and not complete is carried over to the next one.
 *
 * Grammar: JSON numbers (RFC 8259); among floats also the bare words NaN, Infinity and -Infinity as
 * Python writes them; integers without fraction and exponent. */
#ifndef API_JSON_TENSOR_NUMBERS_H
#define API_JSON_TENSOR_NUMBERS_H

#include "api/json/row_numbers.h"

enum element_kind { ELEMENT_F32, ELEMENT_F64, ELEMENT_I32, ELEMENT_I64 };

enum tensor_numbers_event {
    ELEMENTS_MORE,  /* the piece is used up */
    ELEMENTS_ROOM,  /* the next number has no room: give `out` and `room`, or set `blind` */
    ELEMENTS_END,   /* the outermost array ended */
    ELEMENTS_FAULT, /* it is no such array: fault, fault_offset */
    ELEMENTS_SPENT, /* no memory to carry a number that is cut */
};

enum elements_fault {
    ELEMENTS_SYNTAX, /* no JSON */
    ELEMENTS_VALUE,  /* something else than a number of this kind */
    ELEMENTS_DEPTH,
};

struct tensor_numbers {
    const struct reader *reader;
    enum element_kind kind;
    bool blind;   /* numbers are only checked and counted */
    void *out;    /* where they go, `room` of them ... */
    size_t room;  /* (0 at first) */
    size_t count; /* ... and how many are there */
    size_t total; /* since the beginning */
    size_t depth; /* arrays that are open */
    enum { ELEMENTS_FIRST, ELEMENTS_NEXT, ELEMENTS_AFTER } state; /* behind [, a comma, a value */
    enum elements_fault fault;
    size_t fault_offset; /* in the body */
    struct strbuf carry; /* a number that is cut */
    size_t carry_offset; /* where it begins in the body */
};

/* Begin behind the outermost opening bracket. */
void tensor_numbers_init(struct tensor_numbers *elements, const struct reader *reader,
                         enum element_kind kind, struct arena *arena);

/* Read on, up to the next event; piece->at moves. */
enum tensor_numbers_event tensor_numbers_next(struct tensor_numbers *elements, struct chunk *chunk);

#endif
