/* address.h - where to listen, as the --address setting says it. */
#ifndef SERVER_ADDRESS_H
#define SERVER_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define ADDRESS_ERROR_SIZE 256
#define ADDRESS_TEXT_SIZE 160

/* Whether only this machine can reach it: 127/8, ::1, localhost or a Unix socket. */
bool address_is_loopback(const char *address);

/* A listening socket (not blocking), or -1 with the reason.  `port` may be 0.  Where the file of a
 * Unix socket refuses connections, its server is dead, and the file is replaced.  The new file has
 * mode 0660. */
int address_listen(const char *address, uint16_t port, char error[ADDRESS_ERROR_SIZE]);

/* The file that a listening Unix socket was bound to, so that it can be removed at the end.  Other
 * sockets have none.  If another file has taken its place by then, that file stays: it belongs to
 * another server. */
struct address_claim {
    struct sockaddr_un name;
    struct stat file; /* st_ino 0: there is none */
};

void address_claim(int fd, struct address_claim *claim);
void address_disclaim(const struct address_claim *claim);

/* A connected socket whose calls take at most `seconds`, or -1 with the reason.  0.0.0.0 and ::
 * mean loopback. */
int address_connect(const char *address, uint16_t port, unsigned seconds,
                    char error[ADDRESS_ERROR_SIZE]);

/* Where a socket listens: "http://127.0.0.1:8080", "http://[::1]:8080" or "unix:/path". */
void address_name(int fd, char out[ADDRESS_TEXT_SIZE]);

/* The address of a client for the log: "127.0.0.1", "::1" or "unix". */
void address_client(const struct sockaddr *address, char out[ADDRESS_TEXT_SIZE]);

#endif
