/* socket_stats.h - what the system knows of a socket's bytes.
 *
 * Unix sockets have no counts of bytes: there socket_received() is 0 (so a half-read head cannot be
 * told from none) and progress shows only as change. */
#ifndef SERVER_SOCKET_STATS_H
#define SERVER_SOCKET_STATS_H

#include <stdbool.h>
#include <stdint.h>

uint64_t socket_unread(int fd);       /* arrived, and waiting for us */
uint64_t socket_unsent(int fd);       /* written by us, and not yet taken by the other side */
uint64_t socket_received(int fd);     /* since the connection was made */
uint64_t socket_acknowledged(int fd); /* likewise, of what we sent */
bool socket_ended(int fd);            /* the other side will send nothing more */

/* Bytes acknowledged since `start`; without counts, a number that changes when something is. */
uint64_t socket_progress(int fd, uint64_t start);

#endif
