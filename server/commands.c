/* commands.c - what the program does instead of serving. */
#include "server/commands.h"

#include "api/base/version.h"
#include "api/exchange/api.h"
#include "api/routes/about/examples.h"
#include "api/routes/about/reference.h"
#include "server/address.h"
#include "server/console.h"
#include "server/help.h"
#include "server/metrics.h"
#include "server/routes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEALTH_SECONDS 3

typedef void text_writer_f(struct strbuf *text);

/* Print a text.  Returns the exit code: 0 if all of it was. */
static int print_text(const struct strbuf *text)
{
    const bool printed = !text->failed
                         && fwrite(text->data, 1, text->length, stdout) == text->length
                         && fflush(stdout) == 0;

    return printed ? 0 : 1;
}

/* Print a text that one or more functions make. */
static int print(text_writer_f *const *writers)
{
    struct arena arena;
    struct strbuf text = {.arena = &arena};
    int code;

    arena_init(&arena, SIZE_MAX, NULL);
    for (; *writers; writers++)
        (*writers)(&text);
    code = print_text(&text);
    arena_release(&arena);
    return code;
}

static void put_help(struct strbuf *text)
{
    help_write(text, console_has_colours(STDOUT_FILENO));
}

int command_help(void)
{
    return print((text_writer_f *const[]){put_help, NULL});
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
    return print((text_writer_f *const[]){put_title, help_reference, route_reference,
                                          metrics_reference, reference_write, NULL});
}

/* ---- requests to begin with ---- */

static void put_command(struct strbuf *text, const struct example *example, uint64_t port)
{
    strbuf_printf(text,
                  "\n%s - %s\n    %s --example %s |\n"
                  "        curl -H 'Content-Type: %s' --data-binary @- localhost:%llu%s\n",
                  example->name, example->what, program_invocation_name, example->name,
                  example->type, (unsigned long long)port, example->path);
}

static void put_list(struct strbuf *text, uint64_t port)
{
    const struct example *example;

    strbuf_puts(text, "Each prints the body of a request; curl sends it to a server that runs on "
                      "this machine.\n");
    for (size_t i = 0; (example = example_at(i)) != NULL; i++)
        put_command(text, example, port);
}

int command_example(const struct config *config)
{
    const char *nearest = NULL;
    const struct example *example =
        config->example ? example_find(config->example, &nearest) : NULL;
    struct arena arena;
    struct strbuf text = {.arena = &arena};
    int code;

    if (config->example && !example) {
        console_error("--example %s: there is no such example%s%s; --example alone lists them",
                      config->example, nearest ? "; did you mean " : "", nearest ? nearest : "");
        return 2;
    }
    arena_init(&arena, SIZE_MAX, NULL);
    if (example)
        strbuf_snippet(&text, example->body);
    else
        put_list(&text, config->port);
    code = print_text(&text);
    arena_release(&arena);
    return code;
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
