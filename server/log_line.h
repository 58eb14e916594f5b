/* log_line.h - one line of JSON, built member by member in memory of a fixed size.
 *
 * A member that does not fit is left out, so that the line is always valid JSON. */
#ifndef SERVER_LOG_LINE_H
#define SERVER_LOG_LINE_H

#include <stddef.h>
#include <stdint.h>

struct log_line {
    char text[6144];
    size_t length;
};

void log_line_open(struct log_line *line);

/* Add a member.  `name` must need no escapes. */
void log_line_text(struct log_line *line, const char *name, const char *text, size_t length);
void log_line_string(struct log_line *line, const char *name, const char *text);
void log_line_count(struct log_line *line, const char *name, uint64_t count);
void log_line_number(struct log_line *line, const char *name,
                     double number); /* infinities as strings */

/* Ends the object and the line ("}\n"). */
void log_line_close(struct log_line *line);

#endif
