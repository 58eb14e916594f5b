/* plan_padding.h - which entries of a sequence's members, and which rows, are padding.
 *
 * Padding stands before the first token or behind the last one.  It is no token of the plan: the
 * plan's arrays have entries for the others only. */
#ifndef API_PLAN_PLAN_PADDING_H
#define API_PLAN_PLAN_PADDING_H

#include "api/plan/plan.h"

/* Read `attention_mask`, and take the padding out of a plan whose length is that of its members.
 * False with *err set: the mask does not fit, or has no token, or padding between tokens. */
bool plan_padding_read(struct plan *plan, const struct members *members, struct arena *arena,
                       struct error *err);

/* Find the rows of padding of a plan whose length and alignment are known; a file of [B, T, V] may
 * have more than its mask tells (`padding`).  Notes a warning if rows are dropped unasked.  False
 * with *err set: rows are missing, or memory is used up. */
bool plan_padding_read_rows(struct plan *plan, const struct members *members, struct arena *arena,
                            struct error *err);

#endif
