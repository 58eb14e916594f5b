/* log.h - the log: lines of JSON on standard output, written by a thread of its own.
 *
 * Logging never waits.  A line goes into a ring buffer of LOG_RING_SIZE bytes.  Where that is full,
 * because the log is read too slowly, the line is dropped and counted.  Names follow
 * OpenTelemetry's conventions. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include "api/base/error.h"
#include "server/log_line.h"

#define LOG_RING_SIZE ((size_t)1 << 20)

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log;

/* Start writing to `fd`.  NULL, with errno, where memory or a thread is missing. */
struct log *log_new(int fd, enum log_level least);

/* Wait until the ring is empty and written, for at most `nanoseconds`. */
void log_flush(struct log *log, uint64_t nanoseconds);

/* Write what is left, for at most `nanoseconds`, and free the log. */
void log_free(struct log *log, uint64_t nanoseconds);

bool log_wants(const struct log *log, enum log_level level);

/* Begin a line with timestamp, severity, body and service; then add members and log_write() it. */
void log_open(struct log_line *line, enum log_level level, const char *body);
void log_write(struct log *log, struct log_line *line);

/* An event of the process: a line of its own. */
PRINTF(3, 4)
void log_event(struct log *log, enum log_level level, const char *format, ...);

/* The same, at most one line a second; the next line counts those that were left out. */
PRINTF(3, 4)
void log_seldom(struct log *log, enum log_level level, const char *format, ...);

uint64_t log_dropped(const struct log *log);

#endif
