/* log.h - lines of JSON on standard output, by a thread of their own.
 *
 * Logging never waits: a line goes into a ring of LOG_RING_SIZE bytes, or is dropped and counted
 * where that is full (a reader that is too slow).  Names follow OpenTelemetry's conventions. */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include "api/base/error.h"
#include "server/log_line.h"

#define LOG_RING_SIZE ((size_t)1 << 20)

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log;

/* Start writing to `fd`.  NULL, with errno, where memory or a thread is missing. */
struct log *log_new(int fd, enum log_level least);

/* Wait until what is in the ring is written, for at most `nanoseconds`. */
void log_flush(struct log *log, uint64_t nanoseconds);

/* Write what is left, for at most `nanoseconds`; then forget it. */
void log_free(struct log *log, uint64_t nanoseconds);

bool log_wants(const struct log *log, enum log_level level);

/* Begin a line with timestamp, severity, body and service; then add members and log_write() it. */
void log_open(struct log_line *line, enum log_level level, const char *body);
void log_write(struct log *log, struct log_line *line);

/* An event of the process: a line of its own. */
PRINTF(3, 4)
void log_event(struct log *log, enum log_level level, const char *format, ...);

/* The same, at most one a second; what is left out is told by the next. */
PRINTF(3, 4)
void log_seldom(struct log *log, enum log_level level, const char *format, ...);

uint64_t log_dropped(const struct log *log);

#endif
