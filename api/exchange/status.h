/* status.h - maps errors to HTTP statuses.  No other file knows HTTP statuses of errors. */
#ifndef API_EXCHANGE_STATUS_H
#define API_EXCHANGE_STATUS_H

#include "api/base/error.h"
#include "api/exchange/endpoint.h"

unsigned status_of(enum error_code code); /* e.g. 422 for ERR_OUT_OF_RANGE */

/* The same in the style of a route: the Open Inference Protocol has 400 in place of 422. */
unsigned status_in(enum error_style style, enum error_code code);

#endif
