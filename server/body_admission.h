/* body_admission.h - how one request asks for the memory that its body will need.
 *
 * admission.h keeps the queue.  This says how much a body of a kind and length needs, and how its
 * connection waits. */
#ifndef SERVER_BODY_ADMISSION_H
#define SERVER_BODY_ADMISSION_H

#include "server/admission.h"
#include "server/connections.h"
#include "server/head.h"

struct body_admission {
    struct admission *admission;
    struct connection *connection;
    const struct framing *framing;
    bool compressed;
    unsigned kind;        /* bodies of one route have one need */
    struct ticket ticket; /* its reserve exists before body_admission_enter() */
    uint64_t judged;      /* bytes that were fed when body_admission_judge() trimmed last */
};

/* Reserve what the body will need.  ADMISSION_QUEUED: the connection is held until there is room or
 * the time is over; then the ticket's state tells which. */
enum admission_answer body_admission_enter(struct body_admission *body);

/* `fed` bytes of the body took `used` bytes of memory: give back what the rest will not need. */
void body_admission_judge(struct body_admission *body, uint64_t fed, size_t used);

/* The request is over: remember that `fed` bytes needed `peak` bytes of memory. */
void body_admission_learn(struct body_admission *body, uint64_t fed, size_t peak);

/* The body needs no more than it has. */
void body_admission_trim(struct body_admission *body);

/* Give everything back.  The connection is about to be closed, or to read the next head. */
void body_admission_leave(struct body_admission *body);

#endif
