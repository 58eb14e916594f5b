/* output_lines.h - lines of batches. */
#ifndef API_ENGINES_OUTPUT_LINES_H
#define API_ENGINES_OUTPUT_LINES_H

#include "api/json/dom.h"

#include <stdbool.h>

/* A line of a batch: an answer with an id of the caller's. */
struct output_line {
    const json_t *id;
    const char *member;  /* the name of that id: "custom_id" */
    json_t *answer;      /* NULL: the line has none */
    const char *suffix;  /* where it is in the line: "/response/body" */
    const json_t *error; /* what the line says instead; NULL: nothing */
    json_int_t status;   /* of HTTP; 0: not told */
};

/* Whether a value is the line of a batch; *line is what it has. */
bool output_line_read(const json_t *value, struct output_line *line);

#endif
