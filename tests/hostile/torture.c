/* torture.c - calls to the kernel that fail, or do little, when they are told to; preloaded into
 * the server by r05_io.py, which maps the file $TORTURE_FILE as struct torture.
 *
 * A failing close() closes all the same, as Linux does.  A write that wakes a thread (to an
 * eventfd) never fails, as on Linux, where libmicrohttpd would wait for it for ever. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* In the order of r05_io.py's CALLS. */
enum call {
    ACCEPT,
    RECV,
    SEND,
    SENDMSG,
    EPOLL_WAIT,
    EPOLL_CTL,
    EPOLL_CREATE,
    READ,
    WRITE,
    CLOSE,
    EVENTFD,
    THREAD,
    MMAP,
    OPEN,
    SOCKET,
    SETSOCKOPT,
    POLL,
    CALLS
};

static struct torture {
    atomic_int call;   /* the one that fails; -1: none */
    atomic_int error;  /* with this errno; 0: it reads or writes one byte, every time */
    atomic_int left;   /* calls that still succeed */
    atomic_int failed; /* so far */
} * torture;

__attribute__((constructor)) static void attach(void)
{
    const char *path = getenv("TORTURE_FILE");
    FILE *file = path ? fopen(path, "r+") : NULL;
    void *shared =
        file ? mmap(NULL, sizeof *torture, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0)
             : MAP_FAILED;

    if (file)
        fclose(file);
    torture = shared == MAP_FAILED ? NULL : shared;
}

/* The error that a call has to fail with, or 0. */
static int error_of(enum call call)
{
    const int error =
        torture && atomic_load(&torture->call) == (int)call ? atomic_load(&torture->error) : 0;

    if (!error || atomic_fetch_sub(&torture->left, 1) != 0)
        return 0;
    atomic_fetch_add(&torture->failed, 1);
    errno = error;
    return error;
}

/* How many bytes a call may move. */
static size_t at_most(enum call call, size_t length)
{
    if (!torture || atomic_load(&torture->call) != (int)call || atomic_load(&torture->error)
        || length < 2)
        return length;
    atomic_fetch_add(&torture->failed, 1);
    return 1;
}

/* REAL(name): the C library's function of that name. */
#define REAL(name) (*(__typeof__(&name) *)&(void *){dlsym(RTLD_NEXT, #name)})

int accept4(int fd, __SOCKADDR_ARG address, socklen_t *length, int flags)
{
    return error_of(ACCEPT) ? -1 : REAL(accept4)(fd, address, length, flags);
}

ssize_t recv(int fd, void *bytes, size_t length, int flags)
{
    return error_of(RECV) ? -1 : REAL(recv)(fd, bytes, at_most(RECV, length), flags);
}

ssize_t send(int fd, const void *bytes, size_t length, int flags)
{
    return error_of(SEND) ? -1 : REAL(send)(fd, bytes, at_most(SEND, length), flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    struct msghdr one = *message;
    struct iovec first;
    size_t length = 0;

    if (error_of(SENDMSG))
        return -1;
    for (size_t i = 0; i < message->msg_iovlen; i++)
        length += message->msg_iov[i].iov_len;
    if (at_most(SENDMSG, length) == length)
        return REAL(sendmsg)(fd, message, flags);
    while (one.msg_iov->iov_len == 0)
        one.msg_iov++;
    first = (struct iovec){one.msg_iov->iov_base, 1};
    one.msg_iov = &first;
    one.msg_iovlen = 1;
    return REAL(sendmsg)(fd, &one, flags);
}

int epoll_wait(int fd, struct epoll_event *events, int count, int timeout)
{
    return error_of(EPOLL_WAIT) ? -1 : REAL(epoll_wait)(fd, events, count, timeout);
}

/* A socket that says EAGAIN though it is ready, or moves less than it could, is no edge: while
 * these are armed, sockets are watched by their level. */
static bool is_by_level(void)
{
    const int call = torture ? atomic_load(&torture->call) : -1;

    return call == RECV || call == SEND || call == SENDMSG;
}

int epoll_ctl(int fd, int what, int other, struct epoll_event *event)
{
    struct epoll_event by_level;

    if (error_of(EPOLL_CTL))
        return -1;
    if (event && is_by_level()) {
        by_level = *event;
        by_level.events &= ~(uint32_t)EPOLLET;
        event = &by_level;
    }
    return REAL(epoll_ctl)(fd, what, other, event);
}

int epoll_create1(int flags)
{
    return error_of(EPOLL_CREATE) ? -1 : REAL(epoll_create1)(flags);
}

ssize_t read(int fd, void *bytes, size_t length)
{
    return error_of(READ) ? -1 : REAL(read)(fd, bytes, at_most(READ, length));
}

static atomic_bool wakes[4096]; /* by descriptor */

static bool is_wake(int fd)
{
    return fd >= 0 && fd < 4096 && atomic_load(&wakes[fd]);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    if (is_wake(fd))
        return REAL(write)(fd, bytes, length);
    return error_of(WRITE) ? -1 : REAL(write)(fd, bytes, at_most(WRITE, length));
}

int close(int fd)
{
    int error, result;

    if (is_wake(fd))
        atomic_store(&wakes[fd], false);
    error = error_of(CLOSE);
    result = REAL(close)(fd);
    errno = error ? error : errno;
    return error ? -1 : result;
}

int eventfd(unsigned first, int flags)
{
    const int fd = error_of(EVENTFD) ? -1 : REAL(eventfd)(first, flags);

    if (fd >= 0 && fd < 4096)
        atomic_store(&wakes[fd], true);
    return fd;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*begin)(void *),
                   void *context)
{
    const int error = error_of(THREAD);

    return error ? error : REAL(pthread_create)(thread, how, begin, context);
}

void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t offset)
{
    return error_of(MMAP) ? MAP_FAILED : REAL(mmap)(where, length, protection, flags, fd, offset);
}

int open(const char *path, int flags, ...)
{
    va_list list;
    int mode;

    va_start(list, flags);
    mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, int) : 0;
    va_end(list);
    return error_of(OPEN) ? -1 : REAL(open)(path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    return error_of(OPEN) ? NULL : REAL(fopen)(path, mode);
}

int socket(int domain, int type, int protocol)
{
    return error_of(SOCKET) ? -1 : REAL(socket)(domain, type, protocol);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
    return error_of(SETSOCKOPT) ? -1 : REAL(setsockopt)(fd, level, name, value, length);
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
    return error_of(POLL) ? -1 : REAL(poll)(fds, count, timeout);
}
