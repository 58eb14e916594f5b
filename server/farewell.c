/* farewell.c - a ring of sockets that are about to be closed. */
#include "server/farewell.h"

#include "server/clock.h"
#include "server/raw.h"

#include <sys/socket.h>
#include <unistd.h>

#define LINGER SECOND
#define PIECES 4 /* read of one at a time */

static void end(struct farewell *farewell, size_t i)
{
    if (farewell->place[i].fd == 0)
        return;
    close(farewell->place[i].fd);
    farewell->place[i].fd = 0;
    farewell->count--;
}

void farewell_say(struct farewell *farewell, int fd, const struct api *api,
                  const struct error *error)
{
    const size_t i = farewell->next++ % FAREWELL_MOST;
    struct exchange x = {0};

    exchange_init(&x, api);
    x.error = *error;
    exchange_fail(&x);
    raw_answer(fd, &x);
    exchange_release(&x);
    shutdown(fd, SHUT_WR);
    end(farewell, i); /* the oldest, where all places are taken */
    farewell->place[i].fd = fd;
    farewell->place[i].until = clock_now() + LINGER;
    farewell->count++;
}

/* Whether the client has closed its side, too. */
static bool has_ended(int fd)
{
    char piece[4096];
    ssize_t got = 1;

    for (int n = 0; n < PIECES && got > 0; n++)
        got = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
    return got == 0;
}

void farewell_sweep(struct farewell *farewell)
{
    const uint64_t now = clock_now();

    for (size_t i = 0; farewell->count > 0 && i < FAREWELL_MOST; i++) {
        if (farewell->place[i].fd != 0
            && (has_ended(farewell->place[i].fd) || now >= farewell->place[i].until))
            end(farewell, i);
    }
}

void farewell_end(struct farewell *farewell)
{
    for (size_t i = 0; i < FAREWELL_MOST; i++)
        end(farewell, i);
}
