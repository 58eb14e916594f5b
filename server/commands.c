/* commands.c - what the program does instead of serving. */
#include "server/commands.h"

#include "api/base/version.h"
#include "api/exchange/api.h"
#include "api/routes/about/reference.h"
#include "server/address.h"
#include "server/metrics.h"
#include "server/routes.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEALTH_SECONDS 3

typedef void text_writer_f(struct strbuf *text);

/* Print a text that one or more functions make.  Returns the exit code: 0 if all of it was. */
static int print(text_writer_f *const *writers)
{
    struct arena arena;
    struct strbuf text = {.arena = &arena};
    bool printed;

    arena_init(&arena, SIZE_MAX, NULL);
    for (; *writers; writers++)
        (*writers)(&text);
    printed = !text.failed && fwrite(text.data, 1, text.length, stdout) == text.length
              && fflush(stdout) == 0;
    arena_release(&arena);
    return printed ? 0 : 1;
}

int command_help(void)
{
    return print((text_writer_f *const[]){config_help, NULL});
}

static void put_version(struct strbuf *text)
{
    strbuf_puts(text, "logitd " LOGITD_VERSION "\n");
}

int command_version(void)
{
    return print((text_writer_f *const[]){put_version, NULL});
}

static void put_title(struct strbuf *text)
{
    strbuf_puts(text,
                "<!-- made by `logitd --docs` (make docs); do not edit -->\n\n# Reference\n\n");
}

int command_docs(void)
{
    return print((text_writer_f *const[]){put_title, config_reference, route_reference,
                                          metrics_reference, reference_write, NULL});
}

/* ---- the container's health check ---- */

/* The first line of the answer to a question. */
static bool ask(int fd, char *line, size_t size)
{
    static const char question[] =
        "GET /readyz HTTP/1.1\r\nHost: localhost\r\nUser-Agent: logitd-healthcheck\r\n"
        "Connection: close\r\n\r\n";
    size_t length = 0;

    if (send(fd, question, sizeof question - 1, MSG_NOSIGNAL) != (ssize_t)sizeof question - 1)
        return false;
    while (length < size - 1 && !memchr(line, '\n', length)) {
        const ssize_t got = recv(fd, line + length, size - 1 - length, 0);

        if (got <= 0)
            return false;
        length += (size_t)got;
    }
    line[length] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

int command_healthcheck(const struct config *config)
{
    char error[ADDRESS_ERROR_SIZE], line[128] = "";
    const int fd = address_connect(config->address, (uint16_t)config->port, HEALTH_SECONDS, error);
    bool answered;

    if (fd < 0) {
        printf("not ready: %s\n", error);
        return 1;
    }
    answered = ask(fd, line, sizeof line);
    close(fd);
    if (answered && strncmp(line, "HTTP/1.1 200", 12) == 0) {
        printf("ready\n");
        return 0;
    }
    printf("not ready: %s\n", answered ? line : "no answer");
    return 1;
}
