/* call_admission.h - how a call asks for the memory that its body will need.
 *
 * A part of call.c: what is said of a call's ticket (admission.h) stands here. */
#ifndef SERVER_CALL_ADMISSION_H
#define SERVER_CALL_ADMISSION_H

#include "server/call.h"

/* Stop reading from the connection, and go on; `context` is the call. */
void call_hold(void *context);
void call_resume(void *context);

/* Reserve what the body will need, or wait for it (call->waiting).  False: there are too many who
 * wait. */
bool call_admit(struct call *call);

/* The error of a body that may not wait, or no longer, because of `flag`.  Returns false. */
bool call_refuse_queue(struct call *call, const char *flag);

/* More of the body was fed: give back what it will not need. */
void call_judge(struct call *call);

/* The request is over: remember what it needed. */
void call_learn(struct call *call);

#endif
