/* acceptor.c - the thread that calls accept(2). */
#include "server/acceptor.h"

#include "server/clock.h"

#include <errno.h>
#include <linux/filter.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LAST_CALL (50 * MILLISECOND)
#define BACK_OFF (50 * MILLISECOND)
#define LINGERING_MILLISECONDS 20
#define BATCH 64 /* connections between two looks at whether to stop */

static void take(struct acceptor *acceptor, int fd, const struct sockaddr *address,
                 socklen_t length)
{
    struct error error = {0};

    if (http_allow(acceptor->http, address, &error))
        http_add(acceptor->http, fd, address, length);
    else
        lingering_close_add(&acceptor->refused, fd, acceptor->api, &error);
}

/* False where no connection was waiting, or none can be taken now. */
static bool accept_one(struct acceptor *acceptor)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    const int fd =
        accept4(acceptor->fd, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd >= 0) {
        take(acceptor, fd, (const struct sockaddr *)&address, length);
        return true;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        /* The connection stays in the queue: without a pause this would spin. */
        log_seldom(acceptor->log, LOG_ERROR, "cannot accept a connection: %s", strerror(errno));
        clock_sleep(BACK_OFF);
        return false;
    }
    return errno == ECONNABORTED || errno == EINTR || errno == EPROTO;
}

/* From now on drop the first packet of each new handshake; handshakes under way go on.  Otherwise a
 * connection that is made between the last accept() and close() would be reset, with the request
 * that its client has sent.  The client sends its packet again after a second, and is refused then.
 * Where the system has no such filter, that small gap stays. */
static void refuse_handshakes(int fd)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),           /* the flags in the TCP header */
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x02, 0, 1), /* SYN? */
        BPF_STMT(BPF_RET | BPF_K, 0),                     /* drop */
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),            /* keep all of it */
    };
    const struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};

    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static void accept_batch(struct acceptor *acceptor)
{
    for (int n = 0; n < BATCH && accept_one(acceptor); n++)
        continue;
}

/* Takes at most twice LAST_CALL, however many connections come. */
static void take_last_call(struct acceptor *acceptor)
{
    const uint64_t start = clock_now();

    while (clock_now() < start + LAST_CALL) {
        if (!accept_one(acceptor))
            clock_sleep(MILLISECOND);
    }
    while (clock_now() < start + 2 * LAST_CALL && accept_one(acceptor))
        continue;
}

static void *run(void *context)
{
    struct acceptor *acceptor = context;
    struct pollfd poller[2] = {{.fd = acceptor->fd, .events = POLLIN},
                               {.fd = acceptor->wake, .events = POLLIN}};

    while (poll(poller, 2, acceptor->refused.count > 0 ? LINGERING_MILLISECONDS : -1) < 0
           || !(poller[1].revents & POLLIN)) {
        accept_batch(acceptor);
        lingering_close_sweep(&acceptor->refused);
    }
    refuse_handshakes(acceptor->fd);
    take_last_call(acceptor);
    lingering_close_end(&acceptor->refused);
    return NULL;
}

bool acceptor_start(struct acceptor *acceptor, int fd, struct http *http, const struct api *api,
                    struct log *log)
{
    int status;

    *acceptor = (struct acceptor){.fd = fd, .http = http, .api = api, .log = log};
    lingering_close_init(&acceptor->refused);
    address_claim(fd, &acceptor->claim);
    acceptor->wake = eventfd(0, EFD_CLOEXEC);
    if (acceptor->wake < 0)
        return false;
    status = pthread_create(&acceptor->thread, NULL, run, acceptor);
    if (status == 0)
        return true;
    close(acceptor->wake);
    address_disclaim(&acceptor->claim);
    errno = status;
    return false;
}

void acceptor_stop(struct acceptor *acceptor)
{
    const uint64_t one = 1;

    /* The file goes first, so that nobody can connect after the last call. */
    address_disclaim(&acceptor->claim);
    (void)!write(acceptor->wake, &one, sizeof one);
    pthread_join(acceptor->thread, NULL);
    close(acceptor->fd);
    close(acceptor->wake);
}
