/* access_log.h - count a request that is over in the metrics, and write its line to the log. */
#ifndef SERVER_ACCESS_LOG_H
#define SERVER_ACCESS_LOG_H

#include "server/log.h"
#include "server/metrics.h"

struct access_entry {
    const struct exchange *exchange;
    const char *method, *version; /* "POST", "1.1" */
    const char *client, *agent, *trace_id;
    uint64_t start;    /* when its first line was read, as clock_now() */
    uint64_t received; /* bytes of the body */
    uint64_t waited;   /* nanoseconds in the queue for memory */
    unsigned sent;     /* the status that libmicrohttpd sent if there was no reply; 0: none */
    bool answered;     /* the exchange has a reply */
    bool lost;         /* the answer did not get out */
    bool late;         /* the sweep has ended it */
};

void access_log_record(struct metrics *metrics, struct log *log, const struct access_entry *entry);

#endif
