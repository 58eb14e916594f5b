/* lingering_close.c - a ring of sockets that are about to be closed. */
#include "server/lingering_close.h"

#include "server/clock.h"
#include "server/raw_reply.h"

#include <sys/socket.h>
#include <unistd.h>

#define LINGER SECOND
#define PIECES 4 /* read of one at a time */

static void end(struct lingering_close *closing, size_t i)
{
    if (closing->place[i].fd == 0)
        return;
    close(closing->place[i].fd);
    closing->place[i].fd = 0;
    closing->count--;
}

void lingering_close_init(struct lingering_close *closing)
{
    *closing = (struct lingering_close){.next = 0};
    pthread_mutex_init(&closing->lock, NULL);
}

void lingering_close_keep(struct lingering_close *closing, int fd)
{
    size_t i;

    shutdown(fd, SHUT_WR);
    pthread_mutex_lock(&closing->lock);
    i = closing->next++ % LINGERING_CLOSE_MOST;
    end(closing, i); /* where all places are taken, the oldest is closed now */
    closing->place[i].fd = fd;
    closing->place[i].until = clock_now() + LINGER;
    closing->count++;
    pthread_mutex_unlock(&closing->lock);
}

void lingering_close_add(struct lingering_close *closing, int fd, const struct api *api,
                         const struct error *error)
{
    struct exchange x = {0};

    exchange_init(&x, api);
    x.error = *error;
    exchange_fail(&x);
    raw_reply_send(fd, &x);
    exchange_release(&x);
    lingering_close_keep(closing, fd);
}

/* Whether the client has closed its side, too. */
static bool has_ended(int fd)
{
    char chunk[4096];
    ssize_t got = 1;

    for (int n = 0; n < PIECES && got > 0; n++)
        got = recv(fd, chunk, sizeof chunk, MSG_DONTWAIT);
    return got == 0;
}

void lingering_close_sweep(struct lingering_close *closing)
{
    const uint64_t now = clock_now();

    pthread_mutex_lock(&closing->lock);
    for (size_t i = 0; closing->count > 0 && i < LINGERING_CLOSE_MOST; i++) {
        if (closing->place[i].fd != 0
            && (has_ended(closing->place[i].fd) || now >= closing->place[i].until))
            end(closing, i);
    }
    pthread_mutex_unlock(&closing->lock);
}

void lingering_close_end(struct lingering_close *closing)
{
    for (size_t i = 0; i < LINGERING_CLOSE_MOST; i++)
        end(closing, i);
    pthread_mutex_destroy(&closing->lock);
}
