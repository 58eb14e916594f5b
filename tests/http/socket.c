/* socket.c - requests as raw bytes. */
#include "tests/http/socket.h"

#include "tests/unit/suite.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 15000

void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

int dial_from(const struct service *service, const char *from)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = inet_addr(from);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    address.sin_port = htons((uint16_t)atoi(strrchr(service->url, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

int dial(const struct service *service)
{
    return dial_from(service, "127.0.0.1");
}

void say(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        const ssize_t sent = send(fd, text, left, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        text += sent;
        left -= (size_t)sent;
    }
}

/* Whether the text ends with `end`, or (without one) is a whole answer with its Content-Length. */
static bool is_whole(const char *text, size_t length, const char *end)
{
    const char *body = strstr(text, "\r\n\r\n"), *field = strstr(text, "Content-Length: ");

    if (end)
        return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
    return body && field && field < body
           && strlen(body + 4) >= strtoul(field + strlen("Content-Length: "), NULL, 10);
}

size_t hear_until(int fd, char *text, size_t size, const char *end)
{
    size_t length = 0;
    struct pollfd ready = {fd, POLLIN, 0};

    text[0] = '\0';
    while (length < size - 1 && !is_whole(text, length, end) && poll(&ready, 1, WAIT_MS) > 0) {
        const ssize_t got = recv(fd, text + length, size - 1 - length, 0);

        if (got <= 0)
            break;
        length += (size_t)got;
        text[length] = '\0';
    }
    return length;
}

int status_in(const char *text)
{
    int status = 0;

    sscanf(text, "HTTP/1.1 %d", &status);
    return status;
}

int ask(const struct service *service, const char *request, char *answer, size_t size)
{
    const int fd = dial(service);

    ck_assert_int_ge(fd, 0);
    say(fd, request);
    shutdown(fd, SHUT_WR); /* a half-closed connection still gets its answer */
    hear_until(fd, answer, size, strncmp(request, "HEAD", 4) == 0 ? "\r\n\r\n" : NULL);
    close(fd);
    return status_in(answer);
}

int count_of(const char *text, const char *what)
{
    int count = 0;

    for (; (text = strstr(text, what)) != NULL; text += strlen(what))
        count++;
    return count;
}
