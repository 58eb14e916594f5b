/* client.c - post a body to a server on this machine and tell how long each answer took.
 *
 * client [-c CONNECTIONS] [-n COUNT] [-t TYPE] [-f FIELD] PORT PATH PIECE...: every connection is
 * kept alive and posts COUNT times, at the same time as the others.  FIELD is one more header
 * field, "Name: value".  The body is its pieces one behind the other; a piece is a file, or
 * FILE*TIMES, so that a body of any size needs no file of that size. Prints the seconds of each
 * request, one a line, and at the end "wall SECONDS" for all of them.
 *
 * It sends from memory with send(): sendfile() costs the client less, but the server more than
 * that, which then has to collect the body from pages of 4 KB. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_CONNECTIONS 64
#define MOST_PIECES 256
#define PATIENCE 120 /* seconds that a socket may lie still */

struct chunk {
    char *bytes;
    size_t length;
    long times;
};

struct work {
    int port, count;
    size_t pieces;
    struct chunk chunk[MOST_PIECES];
    char head[1024];
    bool failed;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool fail(const char *what)
{
    fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
    return false;
}

/* ---- the body ---- */

static bool read_file(const char *name, struct chunk *chunk)
{
    FILE *file = fopen(name, "rb");

    if (!file)
        return fail(name);
    fseek(file, 0, SEEK_END);
    chunk->length = (size_t)ftell(file);
    rewind(file);
    chunk->bytes = malloc(chunk->length);
    if (!chunk->bytes || fread(chunk->bytes, 1, chunk->length, file) != chunk->length)
        return fail(name);
    fclose(file);
    return true;
}

static bool add_piece(struct work *work, char *name)
{
    char *star = strrchr(name, '*');
    struct chunk *chunk = &work->chunk[work->pieces++];

    chunk->times = star ? atol(star + 1) : 1;
    if (star)
        *star = '\0';
    return read_file(name, chunk);
}

static long long body_size(const struct work *work)
{
    long long size = 0;

    for (size_t i = 0; i < work->pieces; i++)
        size += (long long)work->chunk[i].length * work->chunk[i].times;
    return size;
}

/* ---- the request ---- */

static int connect_to(int port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct timeval patience = {.tv_sec = PATIENCE};
    const int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    /* Linux's default, which a machine may have changed: bbr paces what it sends by timers, which
     * through loopback costs more than the sending. */
    setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", sizeof "cubic" - 1);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (fd >= 0 && connect(fd, (const void *)&address, sizeof address) == 0)
        return fd;
    fail("connect");
    close(fd);
    return -1;
}

static bool send_all(int fd, const char *bytes, size_t length, int flags)
{
    while (length > 0) {
        const ssize_t sent = send(fd, bytes, length, flags);

        if (sent <= 0)
            return fail("send");
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool send_request(int fd, const struct work *work)
{
    if (!send_all(fd, work->head, strlen(work->head), MSG_MORE))
        return false;
    for (size_t i = 0; i < work->pieces; i++)
        for (long time = 0; time < work->chunk[i].times; time++)
            if (!send_all(fd, work->chunk[i].bytes, work->chunk[i].length, 0))
                return false;
    return true;
}

/* ---- the answer ---- */

/* Of an answer whose head is in `text`: where its body begins, and its length; false where the head
 * is not complete, or says neither. */
static bool read_head(const char *text, size_t *start, size_t *length)
{
    const char *end = strstr(text, "\r\n\r\n"), *field = strcasestr(text, "\r\ncontent-length:");

    if (!end || !field || field > end)
        return false;
    *start = (size_t)(end + 4 - text);
    *length = strtoul(field + sizeof "\r\ncontent-length:" - 1, NULL, 10);
    return true;
}

static bool receive(int fd)
{
    char text[65536];
    size_t got = 0, start = 0, length = 0;
    bool headed = false;

    while (!headed || got < start + length) {
        const size_t at = headed ? start : got; /* what is behind the head is not looked at */
        const ssize_t more = recv(fd, text + at, sizeof text - 1 - at, 0);

        if (more <= 0)
            return fail("recv");
        got += (size_t)more;
        if (headed)
            continue;
        text[got] = '\0';
        headed = read_head(text, &start, &length);
        if (headed && strncmp(text, "HTTP/1.1 200 ", 13) != 0) {
            fprintf(stderr, "client: %s\n", text);
            return false;
        }
    }
    return true;
}

/* ---- connections ---- */

static bool post(int fd, const struct work *work)
{
    const double start = seconds();

    if (!send_request(fd, work) || !receive(fd))
        return false;
    printf("%.6f\n", seconds() - start);
    return true;
}

static void *run(void *context)
{
    struct work *work = context;
    const int fd = connect_to(work->port);

    work->failed = fd < 0;
    for (int i = 0; i < work->count && !work->failed; i++)
        work->failed = !post(fd, work);
    close(fd);
    return NULL;
}

static bool run_all(const struct work *work, int connections)
{
    pthread_t threads[MOST_CONNECTIONS];
    struct work all[MOST_CONNECTIONS];
    const double start = seconds();
    bool good = true;

    for (int i = 0; i < connections; i++) {
        all[i] = *work;
        pthread_create(&threads[i], NULL, run, &all[i]);
    }
    for (int i = 0; i < connections; i++) {
        pthread_join(threads[i], NULL);
        good &= !all[i].failed;
    }
    printf("wall %.6f\n", seconds() - start);
    return good;
}

int main(int argc, char **argv)
{
    struct work work = {.count = 1};
    const char *type = "application/json", *field = "";
    int option, connections = 1;

    while ((option = getopt(argc, argv, "c:n:t:f:")) != -1) {
        if (option == 'c')
            connections = atoi(optarg);
        else if (option == 'n')
            work.count = atoi(optarg);
        else if (option == 't')
            type = optarg;
        else
            field = optarg;
    }
    if (argc - optind < 3 || argc - optind > MOST_PIECES + 2 || connections < 1
        || connections > MOST_CONNECTIONS) {
        fprintf(stderr,
                "client [-c CONNECTIONS] [-n COUNT] [-t TYPE] [-f FIELD] PORT PATH PIECE...\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    work.port = atoi(argv[optind]);
    for (int i = optind + 2; i < argc; i++)
        if (!add_piece(&work, argv[i]))
            return 1;
    snprintf(work.head, sizeof work.head,
             "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: %s\r\n"
             "Content-Length: %lld\r\n%s%s\r\n",
             argv[optind + 1], work.port, type, body_size(&work), field,
             field[0] != '\0' ? "\r\n" : "");
    return run_all(&work, connections) ? 0 : 1;
}
