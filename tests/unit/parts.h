/* parts.h - multipart bodies with many parts, made in memory. */
#ifndef TESTS_UNIT_PARTS_H
#define TESTS_UNIT_PARTS_H

#include "tests/unit/post.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define PARTS_BOUNDARY "logitd-test-boundary"
#define PARTS_TYPE "multipart/form-data; boundary=" PARTS_BOUNDARY

/* Bytes that grow on the heap. */
struct parts {
    char *bytes;
    size_t length, room;
};

static inline void parts_add(struct parts *parts, const void *bytes, size_t length)
{
    if (length > parts->room - parts->length) {
        parts->room = 2 * parts->room + length;
        parts->bytes = realloc(parts->bytes, parts->room);
    }
    memcpy(parts->bytes + parts->length, bytes, length);
    parts->length += length;
}

__attribute__((format(printf, 2, 3))) static inline void parts_print(struct parts *parts,
                                                                     const char *format, ...)
{
    char text[512];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    parts_add(parts, text, (size_t)length);
}

/* The head of a part: `logits.N`, or `name` where that is not NULL. */
static inline void parts_open(struct parts *parts, const char *name, size_t number)
{
    parts_print(parts, "--" PARTS_BOUNDARY "\r\nContent-Disposition: form-data; name=\"");
    if (name)
        parts_print(parts, "%s", name);
    else
        parts_print(parts, "logits.%zu", number);
    parts_print(parts, "\"\r\n\r\n");
}

static inline void parts_close(struct parts *parts)
{
    parts_print(parts, "\r\n");
}

static inline void parts_end(struct parts *parts)
{
    parts_print(parts, "--" PARTS_BOUNDARY "--\r\n");
}

/* A part of .npy, version 1: [rows, width] of f4. */
static inline void parts_npy(struct parts *parts, const char *name, size_t number,
                             const float *logits, size_t rows, size_t width)
{
    char text[96];

    snprintf(text, sizeof text, "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }",
             rows, width);
    parts_open(parts, name, number);
    parts_add(parts, "\x93NUMPY\1\0\x76\0", 10);
    parts_print(parts, "%-117s\n", text); /* 0x76 bytes */
    parts_add(parts, logits, rows * width * sizeof *logits);
    parts_close(parts);
}

#endif
