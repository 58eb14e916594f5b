/* request_id.h - the id of a request, and of the trace it belongs to. */
#ifndef SERVER_REQUEST_ID_H
#define SERVER_REQUEST_ID_H

/* The client's id if it is 1 to 128 of A-Z a-z 0-9 . _ : -, else a new one (UUID version 7). */
void request_id_take(char out[129], const char *offered);

/* The trace id of a W3C traceparent; "" where it is absent or not valid. */
void trace_id_take(char out[33], const char *traceparent);

#endif
