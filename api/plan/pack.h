/* pack.h - several documents end to end in one object: the member `cu_seqlens`.
 *
 * cu_seqlens is [0, n1, n1 + n2, ..., T]: where each document begins, and where the last one ends.
 * The object has one plan, and its columns are filled as those of any other.  Only two things are
 * of the documents: where x and y are, and that nothing before a document predicts its first token.
 * When the columns are filled, documents are cut out of them (score/documents.h). */
#ifndef API_PLAN_PACK_H
#define API_PLAN_PACK_H

#include "api/plan/plan.h"

/* Whether the members fit together, as far as they have arrived: nothing that is of one document
 * only stands beside cu_seqlens, and only there prompt_length may be an array.  False with *err
 * set; *later is set too if cu_seqlens may still arrive. */
bool pack_check(const struct members *members, bool *later, struct error *err);

/* Find the documents of a plan whose length is known.  False with *err set: they do not fit. */
bool pack_find(struct plan *plan, const struct members *members, struct error *err);

/* The number of documents; 1 without cu_seqlens. */
size_t pack_documents(const struct plan *plan);

/* The first token of a document.  That of the document behind the last one is T. */
size_t pack_start(const struct plan *plan, size_t document);

/* Whether a token is the first one of a document; without cu_seqlens: whether it is token 0. */
bool pack_begins(const struct plan *plan, size_t token);

/* Set the segments of each document by its prompt length: that of prompt_length, a number or an
 * array, or `absent`.  False with *err set: it is more than the document has. */
bool pack_split(struct plan *plan, const json_t *prompt_length, size_t absent, struct error *err);

#endif
