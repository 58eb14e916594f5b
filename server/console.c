/* console.c - poll(2), then write. */
#include "server/console.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A pipe that polls as writable takes this much without blocking (PIPE_BUF). */
#define PIECE_SIZE 4096

#define PATIENCE 200 /* milliseconds for a line to standard error */

ssize_t console_write(int fd, const char *text, size_t length, int milliseconds)
{
    struct pollfd poller = {.fd = fd, .events = POLLOUT};
    ssize_t sent;

    if (poll(&poller, 1, milliseconds) == 0) {
        errno = EAGAIN;
        return -1;
    }
    sent = send(fd, text, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0 || errno != ENOTSOCK)
        return sent;
    return write(fd, text, length < PIECE_SIZE ? length : PIECE_SIZE);
}

static void put(const char *text, size_t length)
{
    while (length > 0) {
        const ssize_t done = console_write(STDERR_FILENO, text, length, PATIENCE);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return;
        text += done;
        length -= (size_t)done;
    }
}

__attribute__((format(printf, 2, 0))) static void say(const char *before, const char *format,
                                                      va_list arguments)
{
    char text[1024];
    int length = snprintf(text, sizeof text, "%s", before);
    int more = vsnprintf(text + length, sizeof text - (size_t)length, format, arguments);

    if (more < 0)
        return;
    length += more;
    if ((size_t)length >= sizeof text - 1)
        length = sizeof text - 2;
    text[length++] = '\n';
    put(text, (size_t)length);
}

void console_error(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say("logitd: ", format, arguments);
    va_end(arguments);
}

void console_print(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say("", format, arguments);
    va_end(arguments);
}

/* ---- terminals ---- */

bool console_is_terminal(int fd)
{
    return isatty(fd) == 1;
}

bool console_has_colours(int fd)
{
    const char *no = getenv("NO_COLOR"), *kind = getenv("TERM");

    return console_is_terminal(fd) && (!no || *no == '\0') && kind && strcmp(kind, "dumb") != 0;
}
