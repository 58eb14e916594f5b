/* recv_filter.c - recv(), as libmicrohttpd calls it: this definition comes before that of libc. */
#undef _FORTIFY_SOURCE /* it brings a definition of its own */
#include "server/recv_filter.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* One for each descriptor.  Atomic, because another thread may get the same descriptor later. */
struct stream {
    atomic_ullong total; /* bytes received */
    atomic_ullong end;   /* the offset at which the body at hand ends */
    atomic_uint last;    /* the last four bytes that are not of a body */
    atomic_bool watched, in_head;
    atomic_bool unsound; /* there may be a trap after the request at hand */
};

static struct stream *streams;
static size_t stream_count;

/* The system gives the lowest free number, so that few of these are ever used. */
#define FILES_MOST ((size_t)1 << 21)

bool recv_filter_init(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    stream_count = limit.rlim_cur < FILES_MOST ? (size_t)limit.rlim_cur : FILES_MOST;
    streams = calloc(stream_count, sizeof *streams);
    stream_count = streams ? stream_count : 0;
    return streams != NULL;
}

void recv_filter_release(void)
{
    free(streams);
    streams = NULL;
    stream_count = 0;
}

static struct stream *stream_of(int fd)
{
    return fd >= 0 && (size_t)fd < stream_count ? &streams[fd] : NULL;
}

bool recv_filter_open(int fd)
{
    struct stream *stream = stream_of(fd);

    if (!stream)
        return false;
    atomic_store(&stream->total, 0);
    atomic_store(&stream->watched, true);
    recv_filter_head(fd, 0);
    return true;
}

void recv_filter_close(int fd)
{
    if (stream_of(fd))
        atomic_store(&stream_of(fd)->watched, false);
}

void recv_filter_body(int fd, uint64_t size)
{
    if (!stream_of(fd))
        return;
    atomic_store(&stream_of(fd)->end, size);
    atomic_store(&stream_of(fd)->in_head, false);
}

void recv_filter_head(int fd, uint64_t size)
{
    struct stream *stream = stream_of(fd);

    if (!stream)
        return;
    if (atomic_load(&stream->total) <= size)
        atomic_store(&stream->last, 0);
    atomic_store(&stream->in_head, true);
    atomic_store(&stream->unsound, false);
}

bool recv_filter_is_unsound(int fd, uint64_t size)
{
    struct stream *stream = stream_of(fd);

    return stream && atomic_load(&stream->unsound) && atomic_load(&stream->total) > size;
}

/* ---- the bytes ---- */

/* Whether the last bytes end a head: an empty line, whose carriage return may be missing. */
static bool is_end(unsigned last)
{
    return (last & 0xffffU) == 0x0a0aU || (last & 0xffffffU) == 0x0a0d0aU;
}

/* A trap: a NUL, which ends a text for libmicrohttpd, or the colon of a field without a name, which
 * it overwrites with a NUL before it asks whether the line is empty. */
static bool is_trap(unsigned last, unsigned char c)
{
    return c == '\0' || (c == ':' && ((last & 0xffU) == '\n' || (last & 0xffU) == '\r'));
}

static bool has_trap(unsigned last, const unsigned char *bytes, size_t length)
{
    return is_trap(last, bytes[0]) || memchr(bytes, '\0', length) || memmem(bytes, length, "\n:", 2)
           || memmem(bytes, length, "\r:", 2);
}

/* Take in bytes of a head, up to its end; returns how many those are. */
static size_t pass_head(struct stream *stream, unsigned char *bytes, size_t length)
{
    unsigned last = atomic_load(&stream->last);
    size_t i = 0;

    while (i < length && (i == 0 || !is_end(last))) {
        if (is_trap(last, bytes[i]))
            bytes[i] = 1;
        last = last << 8 | bytes[i++];
    }
    atomic_store(&stream->last, last);
    return i;
}

/* Without a trap only the last bytes matter. */
static void keep_last(struct stream *stream, const unsigned char *bytes, size_t length)
{
    unsigned last = atomic_load(&stream->last);

    for (size_t i = length < 4 ? 0 : length - 4; i < length; i++)
        last = last << 8 | bytes[i];
    atomic_store(&stream->last, last);
}

/* A body may hold anything; what follows it is the next head. */
static void look_behind(struct stream *stream, const unsigned char *bytes, size_t length)
{
    const uint64_t total = atomic_load(&stream->total), end = atomic_load(&stream->end);
    const size_t rest = total <= end ? 0 : total - end < length ? (size_t)(total - end) : length;

    if (rest < length)
        atomic_store(&stream->last, 0);
    if (rest == 0)
        return;
    if (has_trap(atomic_load(&stream->last), bytes + length - rest, rest))
        atomic_store(&stream->unsound, true);
    keep_last(stream, bytes + length - rest, rest);
}

static void look(struct stream *stream, unsigned char *bytes, size_t length)
{
    atomic_fetch_add(&stream->total, length);
    if (!atomic_load(&stream->in_head)) {
        look_behind(stream, bytes, length);
    } else if (has_trap(atomic_load(&stream->last), bytes, length)) {
        const size_t head = pass_head(stream, bytes, length);

        if (head < length && has_trap(atomic_load(&stream->last), bytes + head, length - head))
            atomic_store(&stream->unsound, true);
    } else {
        keep_last(stream, bytes, length);
    }
}

ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
    const ssize_t got = recvfrom(fd, buffer, size, flags, NULL, NULL);
    struct stream *stream = stream_of(fd);

    if (got > 0 && stream && atomic_load(&stream->watched) && !(flags & MSG_PEEK))
        look(stream, buffer, (size_t)got);
    return got;
}
