/* line.h - one line of JSON, built member by member in memory of a fixed size.
 *
 * A member that does not fit is left out, so that a line is always whole JSON. */
#ifndef SERVER_LINE_H
#define SERVER_LINE_H

#include <stddef.h>
#include <stdint.h>

struct line {
    char text[6144];
    size_t length;
};

void line_open(struct line *line);

/* `name` must need no escaping. */
void line_text(struct line *line, const char *name, const char *text, size_t length);
void line_string(struct line *line, const char *name, const char *text);
void line_count(struct line *line, const char *name, uint64_t count);
void line_number(struct line *line, const char *name, double number); /* infinities as strings */

/* Ends the object and the line ("}\n"). */
void line_close(struct line *line);

#endif
