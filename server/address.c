/* address.c - sockets from the text of --address. */
#include "server/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The path of a Unix socket (unix:/path or /path), or NULL for an Internet address. */
static const char *path_of(const char *address)
{
    if (strncmp(address, "unix:", 5) == 0)
        return address + 5;
    return address[0] == '/' ? address : NULL;
}

bool address_is_loopback(const char *address)
{
    struct in_addr four;
    struct in6_addr six;

    if (path_of(address) || strcmp(address, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, address, &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static int fail(char error[ADDRESS_ERROR_SIZE], const char *what, const char *address)
{
    snprintf(error, ADDRESS_ERROR_SIZE, "cannot %s %.100s: %s", what, address, strerror(errno));
    return -1;
}

static int fail_port(char error[ADDRESS_ERROR_SIZE], const char *what, const char *address,
                     uint16_t port)
{
    const char *advice =
        errno == EADDRINUSE ? "; --port takes another one, 0 any that is free" : "";
    char text[128];

    snprintf(text, sizeof text, "%.80s port %u", address, (unsigned)port);
    fail(error, what, text);
    snprintf(error + strlen(error), ADDRESS_ERROR_SIZE - strlen(error), "%s", advice);
    return -1;
}

/* ---- Unix sockets ---- */

static bool make_path(const char *path, struct sockaddr_un *out)
{
    const size_t length = strlen(path);

    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (length == 0 || length >= sizeof out->sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(out->sun_path, path, length);
    return true;
}

/* Only ECONNREFUSED says that nobody listens.  Where we may not connect (EACCES) or the queue is
 * full (EAGAIN), somebody may. */
static bool is_dead(const struct sockaddr_un *name)
{
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const bool dead = fd >= 0 && connect(fd, (const struct sockaddr *)name, sizeof *name) != 0
                      && errno == ECONNREFUSED;

    if (fd >= 0)
        close(fd);
    return dead;
}

/* Remove a socket that a dead server left.  Anything else stays, and bind() fails. */
static void remove_dead(const struct sockaddr_un *name)
{
    struct stat status;

    if (lstat(name->sun_path, &status) == 0 && S_ISSOCK(status.st_mode) && is_dead(name))
        unlink(name->sun_path);
}

static int listen_path(const char *path, char error[ADDRESS_ERROR_SIZE])
{
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_un name;
    mode_t mask;
    bool bound;

    if (fd < 0 || !make_path(path, &name)) {
        fail(error, "listen on", path);
        goto failed;
    }
    remove_dead(&name);
    mask = umask(0117);
    bound = bind(fd, (const struct sockaddr *)&name, sizeof name) == 0;
    umask(mask);
    if (bound && listen(fd, SOMAXCONN) == 0)
        return fd;
    fail(error, "listen on", path);
failed:
    if (fd >= 0)
        close(fd);
    return -1;
}

void address_claim(int fd, struct address_claim *claim)
{
    socklen_t length = sizeof claim->name;

    *claim = (struct address_claim){0};
    if (getsockname(fd, (struct sockaddr *)&claim->name, &length) != 0
        || claim->name.sun_family != AF_UNIX || lstat(claim->name.sun_path, &claim->file) != 0)
        claim->file.st_ino = 0;
}

/* The system may give a freed inode number to another file, but that file has another time. */
static bool is_same(const struct stat *one, const struct stat *other)
{
    return one->st_ino == other->st_ino && one->st_dev == other->st_dev
           && one->st_mtim.tv_sec == other->st_mtim.tv_sec
           && one->st_mtim.tv_nsec == other->st_mtim.tv_nsec;
}

void address_disclaim(const struct address_claim *claim)
{
    struct stat now;

    if (claim->file.st_ino != 0 && lstat(claim->name.sun_path, &now) == 0 && S_ISSOCK(now.st_mode)
        && is_same(&claim->file, &now))
        unlink(claim->name.sun_path);
}

/* ---- Internet sockets ---- */

static struct addrinfo *resolve(const char *address, uint16_t port, int flags,
                                char error[ADDRESS_ERROR_SIZE])
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char service[8];
    int status;

    snprintf(service, sizeof service, "%u", (unsigned)port);
    status = getaddrinfo(address, service, &hints, &found);
    if (status == 0)
        return found;
    snprintf(error, ADDRESS_ERROR_SIZE, "cannot find %.100s: %s", address, gai_strerror(status));
    return NULL;
}

static int listen_one(const struct addrinfo *info)
{
    const int on = 1;
    const int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    close(fd);
    return -1;
}

int address_listen(const char *address, uint16_t port, char error[ADDRESS_ERROR_SIZE])
{
    const char *path = path_of(address);
    struct addrinfo *found;
    int fd = -1;

    if (path)
        return listen_path(path, error);
    found = resolve(address, port, AI_PASSIVE, error);
    if (!found)
        return -1;
    for (const struct addrinfo *i = found; i && fd < 0; i = i->ai_next)
        fd = listen_one(i);
    if (fd < 0)
        fail_port(error, "listen on", address, port);
    freeaddrinfo(found);
    return fd;
}

/* ---- being a client ---- */

static int connect_one(int family, const struct sockaddr *name, socklen_t length, unsigned seconds)
{
    const struct timeval limit = {.tv_sec = (time_t)seconds};
    const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit); /* connect() heeds it too */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(fd, name, length) == 0)
        return fd;
    close(fd);
    return -1;
}

static int connect_path(const char *path, unsigned seconds, char error[ADDRESS_ERROR_SIZE])
{
    struct sockaddr_un name;
    const int fd = make_path(path, &name)
                       ? connect_one(AF_UNIX, (const struct sockaddr *)&name, sizeof name, seconds)
                       : -1;

    return fd < 0 ? fail(error, "connect to", path) : fd;
}

int address_connect(const char *address, uint16_t port, unsigned seconds,
                    char error[ADDRESS_ERROR_SIZE])
{
    const char *path = path_of(address);
    struct addrinfo *found;
    int fd = -1;

    if (path)
        return connect_path(path, seconds, error);
    if (strcmp(address, "0.0.0.0") == 0)
        address = "127.0.0.1";
    else if (strcmp(address, "::") == 0)
        address = "::1";
    found = resolve(address, port, 0, error);
    if (!found)
        return -1;
    for (const struct addrinfo *i = found; i && fd < 0; i = i->ai_next)
        fd = connect_one(i->ai_family, i->ai_addr, i->ai_addrlen, seconds);
    if (fd < 0)
        fail_port(error, "connect to", address, port);
    freeaddrinfo(found);
    return fd;
}

/* ---- names ---- */

void address_name(int fd, char out[ADDRESS_TEXT_SIZE])
{
    struct sockaddr_storage name = {0};
    socklen_t length = sizeof name;
    char host[ADDRESS_TEXT_SIZE] = "";

    getsockname(fd, (struct sockaddr *)&name, &length);
    address_client((const struct sockaddr *)&name, host);
    if (name.ss_family == AF_UNIX)
        snprintf(out, ADDRESS_TEXT_SIZE, "unix:%s", ((const struct sockaddr_un *)&name)->sun_path);
    else if (name.ss_family == AF_INET6)
        snprintf(out, ADDRESS_TEXT_SIZE, "http://[%.100s]:%u", host,
                 (unsigned)ntohs(((const struct sockaddr_in6 *)&name)->sin6_port));
    else
        snprintf(out, ADDRESS_TEXT_SIZE, "http://%.100s:%u", host,
                 (unsigned)ntohs(((const struct sockaddr_in *)&name)->sin_port));
}

void address_client(const struct sockaddr *address, char out[ADDRESS_TEXT_SIZE])
{
    const char *done = NULL;

    if (address && address->sa_family == AF_INET)
        done = inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, out,
                         INET_ADDRSTRLEN);
    else if (address && address->sa_family == AF_INET6)
        done = inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, out,
                         INET6_ADDRSTRLEN);
    if (!done)
        snprintf(out, ADDRESS_TEXT_SIZE, "unix");
}
