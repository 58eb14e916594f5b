/* page.h - the table of bounds and worst cases in docs/numerics.md. */
#ifndef TESTS_WORST_PAGE_H
#define TESTS_WORST_PAGE_H

#include <stdbool.h>

/* Whether the page has the table as the vectors give it. */
bool page_is_current(void);

/* Write the table into the page. */
bool page_write(void);

#endif
