/* infer_ask.h - what a request to a model asks for: outputs and parameters. */
#ifndef API_ROUTES_INFER_INFER_ASK_H
#define API_ROUTES_INFER_INFER_ASK_H

#include "api/json/dom.h"
#include "api/routes/infer/infer_model.h"

struct ask {
    const char *id; /* NULL: absent */
    size_t id_length;
    struct settings settings;      /* of a model of rows */
    const json_t *request;         /* of a model of whole tensors, a string; NULL: absent */
    struct wanted_output *choices; /* in the order of the answer */
    size_t count;                  /* number of choices */
};

/* Read all members other than `inputs`.  If the tree is not complete yet, missing members have
 * their defaults.  False with *err set. */
bool ask_read(struct ask *ask, const struct model *model, json_t *tree, struct arena *arena,
              struct error *err);

/* Ask for everything that the outputs of a model may need. */
void ask_everything(struct settings *settings, const struct model *model);

/* The first parameter that affects what is computed from rows of logits.  NULL: there is none. */
const char *ask_on_rows(const json_t *all);

#endif
