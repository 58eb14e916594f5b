/* help.h - the settings and commands as people read them: --help, and the tables of
 * docs/reference.md. */
#ifndef SERVER_HELP_H
#define SERVER_HELP_H

#include "api/base/strbuf.h"

#include <stdbool.h>

/* Append the text of --help, with a terminal's colours or plain. */
void help_write(struct strbuf *text, bool colours);

/* Append the settings as Markdown, a table a group. */
void help_reference(struct strbuf *page);

#endif
