/* console.h - writes to standard output and standard error that do not block.
 *
 * A pipe that nobody reads would block write() for ever.  O_NONBLOCK is no help: whoever started us
 * shares the open file descriptions, and would get it too. */
#ifndef SERVER_CONSOLE_H
#define SERVER_CONSOLE_H

#include "api/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Wait at most `milliseconds` for room, then write as much as fits.  Returns what write(2) does; -1
 * with EAGAIN where there was no room. */
ssize_t console_write(int fd, const char *text, size_t length, int milliseconds);

/* Write a line to standard error: "logitd: TEXT" for an error, TEXT alone otherwise. */
PRINTF(1, 2)
void console_error(const char *format, ...);
PRINTF(1, 2)
void console_print(const char *format, ...);

/* Whether a person reads it, at a terminal. */
bool console_is_terminal(int fd);

/* Whether it shows colours: a terminal that can, and NO_COLOR is not set (no-color.org). */
bool console_has_colours(int fd);

#endif
