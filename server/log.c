/* log.c - the ring and the thread that empties it. */
#include "server/log.h"

#include "api/base/version.h"
#include "server/clock.h"
#include "server/console.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE_SIZE 4096
#define POLL_MILLISECONDS 100
#define NAP                                                                                        \
    (2 * MILLISECOND) /* after the ring was empty, so that several lines are written at once */

struct log {
    int fd;
    enum log_level least;
    pthread_t thread;
    pthread_mutex_t lock; /* over what follows */
    pthread_cond_t filled;
    size_t head, tail;  /* bytes ever written and read; the difference is what waits */
    atomic_size_t done; /* of those read, the bytes that were written out */
    bool stopping;
    bool waiting;          /* the thread must be woken */
    atomic_bool abandoned; /* there is no more time to write the rest */
    atomic_ullong dropped;
    atomic_ullong seldom_next; /* when the next seldom line may come */
    atomic_uint seldom_left_out;
    char ring[LOG_RING_SIZE];
};

/* ---- the writing side ---- */

/* Copy up to a piece out of the ring (not past its end); 0 when stopping and empty. */
static size_t take(struct log *log, char chunk[PIECE_SIZE])
{
    size_t size, place;
    bool nap = false;

    pthread_mutex_lock(&log->lock);
    while (log->head == log->tail && !log->stopping) {
        log->waiting = true;
        pthread_cond_wait(&log->filled, &log->lock);
        log->waiting = false;
        nap = true;
    }
    if (nap && !log->stopping) {
        pthread_mutex_unlock(&log->lock);
        clock_sleep(NAP);
        pthread_mutex_lock(&log->lock);
    }
    place = log->tail % LOG_RING_SIZE;
    size = log->head - log->tail < PIECE_SIZE ? log->head - log->tail : PIECE_SIZE;
    size = size < LOG_RING_SIZE - place ? size : LOG_RING_SIZE - place;
    memcpy(chunk, log->ring + place, size);
    log->tail += size;
    pthread_mutex_unlock(&log->lock);
    return size;
}

static bool put(struct log *log, const char *chunk, size_t size)
{
    while (size > 0 && !atomic_load(&log->abandoned)) {
        const ssize_t done = console_write(log->fd, chunk, size, POLL_MILLISECONDS);

        if (done < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        if (done > 0) {
            chunk += done;
            size -= (size_t)done;
        }
    }
    return size == 0;
}

static void *run(void *context)
{
    struct log *log = context;
    char chunk[PIECE_SIZE];

    for (size_t size = take(log, chunk); size > 0; size = take(log, chunk)) {
        if (!put(log, chunk, size)) /* the reader is gone: the lines are lost */
            atomic_fetch_add(&log->dropped, 1);
        atomic_fetch_add(&log->done, size);
    }
    return NULL;
}

struct log *log_new(int fd, enum log_level least)
{
    struct log *log = calloc(1, sizeof *log);
    int status;

    if (!log)
        return NULL;
    log->fd = fd;
    log->least = least;
    pthread_mutex_init(&log->lock, NULL);
    pthread_cond_init(&log->filled, NULL);
    status = pthread_create(&log->thread, NULL, run, log);
    if (status == 0)
        return log;
    free(log);
    errno = status;
    return NULL;
}

static bool is_written(struct log *log)
{
    bool written;

    pthread_mutex_lock(&log->lock);
    written = atomic_load(&log->done) == log->head;
    pthread_mutex_unlock(&log->lock);
    return written;
}

void log_flush(struct log *log, uint64_t nanoseconds)
{
    const uint64_t end = clock_now() + nanoseconds;

    while (!is_written(log) && clock_now() < end)
        clock_sleep(MILLISECOND);
}

static bool join(struct log *log, uint64_t nanoseconds)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (time_t)(nanoseconds / SECOND);
    return pthread_timedjoin_np(log->thread, NULL, &until) == 0;
}

void log_free(struct log *log, uint64_t nanoseconds)
{
    pthread_mutex_lock(&log->lock);
    log->stopping = true;
    pthread_cond_signal(&log->filled);
    pthread_mutex_unlock(&log->lock);
    if (!join(log, nanoseconds)) {
        atomic_store(&log->abandoned, true);
        if (!join(log, SECOND)) /* another writer filled the pipe between poll() and write() */
            return;
    }
    pthread_cond_destroy(&log->filled);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

/* ---- the logging side ---- */

bool log_wants(const struct log *log, enum log_level level)
{
    return level >= log->least;
}

uint64_t log_dropped(const struct log *log)
{
    return atomic_load_explicit(&log->dropped, memory_order_relaxed);
}

/* RFC 3339.  Each thread works out the date once a second. */
static void stamp(char out[64])
{
    static _Thread_local char second[32];
    static _Thread_local time_t of = -1;
    struct timespec now;
    struct tm utc;
    long microseconds;
    size_t length;

    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != of) {
        gmtime_r(&now.tv_sec, &utc);
        strftime(second, sizeof second, "%Y-%m-%dT%H:%M:%S.", &utc);
        of = now.tv_sec;
    }
    length = strlen(second);
    memcpy(out, second, length);
    microseconds = now.tv_nsec / 1000;
    for (size_t i = 6; i > 0; i--, microseconds /= 10)
        out[length + i - 1] = (char)('0' + microseconds % 10);
    memcpy(out + length + 6, "Z", 2);
}

void log_open(struct log_line *line, enum log_level level, const char *body)
{
    static const char *const severities[] = {"DEBUG", "INFO", "WARN", "ERROR"};
    char time[64];

    stamp(time);
    log_line_open(line);
    log_line_string(line, "timestamp", time);
    log_line_string(line, "severity_text", severities[level]);
    log_line_string(line, "body", body);
    log_line_string(line, "service.name", "logitd");
    log_line_string(line, "service.version", LOGITD_VERSION);
}

/* Copy into the ring, in two parts where it wraps.  The lock is held. */
static void push(struct log *log, const char *text, size_t length)
{
    const size_t place = log->head % LOG_RING_SIZE;
    const size_t first = length < LOG_RING_SIZE - place ? length : LOG_RING_SIZE - place;

    memcpy(log->ring + place, text, first);
    memcpy(log->ring, text + first, length - first);
    log->head += length;
}

void log_write(struct log *log, struct log_line *line)
{
    bool fits, waiting;

    log_line_close(line);
    pthread_mutex_lock(&log->lock);
    fits = line->length <= LOG_RING_SIZE - (log->head - log->tail);
    if (fits)
        push(log, line->text, line->length);
    waiting = log->waiting;
    log->waiting = false;
    pthread_mutex_unlock(&log->lock);
    if (!fits)
        atomic_fetch_add_explicit(&log->dropped, 1, memory_order_relaxed);
    else if (waiting)
        pthread_cond_signal(&log->filled);
}

void log_event(struct log *log, enum log_level level, const char *format, ...)
{
    char body[1024];
    struct log_line line;
    va_list arguments;

    if (!log_wants(log, level))
        return;
    va_start(arguments, format);
    vsnprintf(body, sizeof body, format, arguments);
    va_end(arguments);
    log_open(&line, level, body);
    log_write(log, &line);
}

/* Whether this is the first line of its second. */
static bool take_turn(struct log *log)
{
    const unsigned long long now = clock_now();
    unsigned long long next = atomic_load(&log->seldom_next);

    return now >= next && atomic_compare_exchange_strong(&log->seldom_next, &next, now + SECOND);
}

void log_seldom(struct log *log, enum log_level level, const char *format, ...)
{
    char body[1024];
    struct log_line line;
    va_list arguments;

    if (!log_wants(log, level))
        return;
    if (!take_turn(log)) {
        atomic_fetch_add(&log->seldom_left_out, 1);
        return;
    }
    va_start(arguments, format);
    vsnprintf(body, sizeof body, format, arguments);
    va_end(arguments);
    log_open(&line, level, body);
    log_line_count(&line, "logitd.lines_left_out", atomic_exchange(&log->seldom_left_out, 0));
    log_write(log, &line);
}
