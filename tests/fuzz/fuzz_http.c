/* fuzz_http.c - any bytes as what a client sends on a connection, through libmicrohttpd and the
 * whole server, by a pair of sockets.
 *
 * Every reply is well-formed; every request that all readers read in the same way is answered, and
 * nothing else is, but for one error, behind which the connection ends; it ends in time, and what
 * it held is given back.
 *
 * The length of the input says in how long pieces it is sent. */
#include "tests/fuzz/start.h"
#include "tests/plain/requests.h"

#include "server/http.h"
#include "server/routes.h"
#include "server/socket_stats.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *count, char ***arguments);

#define STEPS 16 /* pieces are shorter than this; 0: the whole at once */
#define MOST_PIECES 32
#define PATIENCE 50    /* milliseconds without a byte, after which the connections are swept */
#define DEADLINE 10000 /* milliseconds until a connection has ended */
#define MOST_REPLY (8 << 20)

static struct server server;
static struct http *http;

static void start_server(void)
{
    char *argv[] = {(char *)(uintptr_t) "logitd", (char *)(uintptr_t) "--threads=1",
                    (char *)(uintptr_t) "--log-level=error", (char *)(uintptr_t) "--max-body=64KiB",
                    NULL};
    char error[CONFIG_ERROR_SIZE + HTTP_ERROR_SIZE];
    struct config config;

    FUZZ_HOLDS(config_load(&config, 4, argv, error));
    signal(SIGPIPE, SIG_IGN);
    FUZZ_HOLDS(dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO) == STDOUT_FILENO);
    FUZZ_HOLDS(server_prepare(&server, &config, routes));
    api_start();
    FUZZ_HOLDS((http = http_start(&server, 1, error)) != NULL);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    start_server();
    return 0;
}

/* ---- one connection ---- */

struct replies {
    char *data;
    size_t length;
    bool ended;
};

static void take(struct replies *r, int fd)
{
    const ssize_t got = recv(fd, r->data + r->length, MOST_REPLY - r->length, MSG_DONTWAIT);

    if (got > 0)
        r->length += (size_t)got;
    else
        r->ended |= got == 0 || (errno != EAGAIN && errno != EINTR);
    FUZZ_HOLDS(r->length < MOST_REPLY);
}

/* Let the server read all that was sent, for a while. */
static void let_read(struct replies *r, int fd)
{
    for (int tries = 0; tries < 100 && socket_unsent(fd) > 0 && !r->ended; tries++) {
        take(r, fd);
        sched_yield();
    }
}

static void send_all(struct replies *r, int fd, const uint8_t *data, size_t size, size_t step)
{
    for (size_t at = 0, pieces = 0, length; at < size && !r->ended; at += length) {
        length = step > 0 && ++pieces < MOST_PIECES && step < size - at ? step : size - at;
        if (send(fd, data + at, length, MSG_NOSIGNAL) != (ssize_t)length)
            break;
        let_read(r, fd);
    }
    shutdown(fd, SHUT_WR);
}

static void hear_all(struct replies *r, int fd)
{
    struct pollfd ready = {fd, POLLIN, 0};

    for (int waited = 0; !r->ended; waited += PATIENCE) {
        while (!r->ended && poll(&ready, 1, PATIENCE) > 0)
            take(r, fd);
        FUZZ_HOLDS(waited < DEADLINE);
        if (!r->ended)
            connections_sweep(&server.connections, PATIENCE * UINT64_C(1000000));
    }
}

/* The connection is forgotten and all of its memory given back. */
static void check_forgotten(void)
{
    for (int tries = 0; atomic_load(&server.connections.count) > 0; tries++) {
        FUZZ_HOLDS(tries < DEADLINE);
        nanosleep(&(struct timespec){0, tries < 100 ? 10000 : 1000000}, NULL);
    }
    FUZZ_HOLDS(atomic_load(&server.in_flight) == 0 && atomic_load(&server.admitted) == 0);
    FUZZ_HOLDS(atomic_load(&server.memory.requests.used) == 0);
    FUZZ_HOLDS(atomic_load(&server.memory.operators.used) == 0);
}

/* ---- the replies ---- */

/* The value of a field of a head that ends at `end`; NULL where it is absent. */
static const char *find_field(const char *head, const char *end, const char *name)
{
    const char *at = memmem(head, (size_t)(end - head), name, strlen(name));

    return at ? at + strlen(name) : NULL;
}

/* Past the second of two heads: libmicrohttpd 0.9.75 sends that of its own answer to a bad or too
 * large Content-Length twice, and closes. */
static const char *skip_twin(const char *at, const char *stop, const char *end, unsigned status)
{
    const size_t length = (size_t)(stop - at);

    return (status == 400 || status == 413) && (size_t)(end - stop) >= length
                   && memcmp(at, stop, length) == 0
               ? stop + length
               : stop;
}

/* Whether the reply to a request has no body though it says how long that is.  What is no request
 * may have looked like HEAD to the library. */
static bool is_bare(const struct requests *requests, size_t number, bool nothing_follows)
{
    return requests->is_head[number] || (number == requests->whole && nothing_follows);
}

/* The reply to a request; the place behind it. */
static const char *read_reply(const char *at, const char *end, const struct requests *requests,
                              size_t number, unsigned *status, bool *close)
{
    const char *stop = memmem(at, (size_t)(end - at), "\r\n\r\n", 4), *field;
    size_t length;

    FUZZ_HOLDS(stop && sscanf(at, "HTTP/1.1 %3u ", status) == 1);
    FUZZ_HOLDS(*status == 100 || (*status >= 200 && *status < 600 && *status != 500));
    stop += 4;
    field = find_field(at, stop - 2, "\r\nContent-Length: ");
    *close = find_field(at, stop - 2, "\r\nConnection: close\r\n") != NULL;
    length = field && !is_bare(requests, number, stop == end) ? strtoul(field, NULL, 10) : 0;
    FUZZ_HOLDS((field != NULL) == (*status != 100 && *status != 204));
    stop = skip_twin(at, stop, end, *status);
    FUZZ_HOLDS((size_t)(end - stop) >= length);
    return stop + length;
}

/* Each reply answers a request, and the last one is that of the last request or says the end. */
static void check_replies(const struct replies *r, const struct requests *requests)
{
    const char *at = r->data, *end = r->data + r->length;
    const size_t most = requests->whole + requests->rest;
    bool close = false;
    size_t count = 0;
    unsigned status;

    while (at < end) {
        FUZZ_HOLDS(!close && count < most);
        at = read_reply(at, end, requests, count, &status, &close);
        count += status != 100;
    }
    FUZZ_HOLDS(close || count >= requests->whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct replies r;
    struct requests requests;
    int ends[2];

    r = (struct replies){.data = r.data ? r.data : malloc(MOST_REPLY + 1)};
    FUZZ_HOLDS(r.data && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    http_add(http, ends[1], (const struct sockaddr *)&(struct sockaddr_un){.sun_family = AF_UNIX},
             sizeof(struct sockaddr_un));
    send_all(&r, ends[0], data, size, size % STEPS);
    hear_all(&r, ends[0]);
    close(ends[0]);
    r.data[r.length] = '\0';
    requests_read(&requests, (const char *)data, size);
    check_replies(&r, &requests);
    check_forgotten();
    return 0;
}
