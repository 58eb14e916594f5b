/* socket_stats.h - how many bytes went through a socket, and how many wait.
 *
 * The system does not count the bytes of Unix sockets.  There socket_received() is 0, so that half
 * a head cannot be told from none, and progress shows only as change. */
#ifndef SERVER_SOCKET_STATS_H
#define SERVER_SOCKET_STATS_H

#include <stdbool.h>
#include <stdint.h>

uint64_t socket_unread(int fd);       /* arrived, and not read yet */
uint64_t socket_unsent(int fd);       /* written, and not acknowledged yet */
uint64_t socket_received(int fd);     /* since the connection was made */
uint64_t socket_acknowledged(int fd); /* sent by us and acknowledged since then */
bool socket_ended(int fd);            /* the other side will send nothing more */

/* Bytes acknowledged since `start`; without counts, a number that changes when something is. */
uint64_t socket_progress(int fd, uint64_t start);

#endif
