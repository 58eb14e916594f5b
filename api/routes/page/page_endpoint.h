/* page_endpoint.h - the endpoint of the page for people: GET /, /docs and /web/NAME.
 *
 * The page is HTML, style and scripts that the program holds (assets.h).  It needs no key: what it
 * shows comes from the other routes.  --no-page turns it off; GET / then still answers a client
 * that asks for JSON, with an index of links. */
#ifndef API_ROUTES_PAGE_PAGE_ENDPOINT_H
#define API_ROUTES_PAGE_PAGE_ENDPOINT_H

#include "api/exchange/endpoint.h"

extern const struct endpoint endpoint_page;

#endif
