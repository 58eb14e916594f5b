/* console.h - standard output and standard error, which must never hold us up.
 *
 * Their descriptions are shared with whoever started us, so that they are not ours to make
 * non-blocking; and a pipe that nobody reads would block a write() for ever. */
#ifndef SERVER_CONSOLE_H
#define SERVER_CONSOLE_H

#include "api/base/error.h"

#include <stddef.h>
#include <sys/types.h>

/* Write as much as goes at once, having waited for room for at most `milliseconds`.  Returns as
 * write(2); -1 with EAGAIN where there was no room. */
ssize_t console_write(int fd, const char *text, size_t length, int milliseconds);

/* A line to standard error: "logitd: ..." for what went wrong, or the text alone. */
PRINTF(1, 2)
void console_error(const char *format, ...);
PRINTF(1, 2)
void console_print(const char *format, ...);

#endif
