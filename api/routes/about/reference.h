/* reference.h - the part of docs/reference.md that is made from the tables of api/ and core/. */
#ifndef API_ROUTES_ABOUT_REFERENCE_H
#define API_ROUTES_ABOUT_REFERENCE_H

#include "api/base/strbuf.h"

/* Append it, as Markdown. */
void reference_write(struct strbuf *page);

#endif
