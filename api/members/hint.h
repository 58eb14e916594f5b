/* hint.h - what to use in place of a name that people bring from other tools (hints.def). */
#ifndef API_MEMBERS_HINT_H
#define API_MEMBERS_HINT_H

/* Routes, as bits of a mask. */
enum hint_route {
    ON_SCORE = 1 << 0,
    ON_RANK = 1 << 1,
    ON_COMPARE = 1 << 2,
    ON_POLICY = 1 << 3,
    ON_PREFERENCE = 1 << 4,
    ON_ALL = (1 << 5) - 1
};

/* The words for a name on a route ("use tokens").  NULL: there are none. */
const char *hint_find(enum hint_route route, const char *name);

#endif
