/* answer_lists.h - lists of names in answers that come from other tables: objectives, measures, ...
 */
#ifndef API_ROUTES_ABOUT_ANSWER_LISTS_H
#define API_ROUTES_ABOUT_ANSWER_LISTS_H

#include <stdbool.h>
#include <stddef.h>

struct answer_name {
    const char *name;
    const char *what; /* what it means; empty: all names of the list mean the same */
};

/* The name at `index` of a list.  False: the list ends before it, or there is no such list. */
bool answer_list_at(const char *list, size_t index, struct answer_name *name);

#endif
