/* answers.h - the members of answers (answers.def), as documents tell of them. */
#ifndef API_ROUTES_ABOUT_ANSWERS_H
#define API_ROUTES_ABOUT_ANSWERS_H

#include "api/base/strbuf.h"

/* Write the schemas of answers, as members of components.schemas. */
void answers_schemas(struct strbuf *text);

/* Write the section of docs/reference.md about the members of answers. */
void answers_reference(struct strbuf *page);

#endif
