/* status.h - the HTTP status of each error: the one place that knows. */
#ifndef API_EXCHANGE_STATUS_H
#define API_EXCHANGE_STATUS_H

#include "api/base/error.h"
#include "api/exchange/endpoint.h"

unsigned status_of(enum error_code code);

/* The same in the style of a route: the Open Inference Protocol has 400 for 422. */
unsigned status_in(enum error_style style, enum error_code code);

#endif
