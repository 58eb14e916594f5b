/* infer_ask.h - what a request to a model asks for: outputs and parameters. */
#ifndef API_ROUTES_INFER_INFER_ASK_H
#define API_ROUTES_INFER_INFER_ASK_H

#include "api/routes/infer/infer_model.h"

struct wanted_output {
    const struct output_spec *output;
    bool binary;
};

struct ask {
    const char *id; /* NULL: absent */
    size_t id_length;
    struct settings settings;
    struct wanted_output choices[OUTPUT_MOST]; /* in the order of the answer */
    size_t count;
};

/* Read all members but `inputs`.  The tree may be the front of a request: members that are missing
 * have their defaults. */
bool ask_read(struct ask *ask, const struct model *model, json_t *tree, struct error *err);

/* Ask for all that the outputs of a model can tell. */
void ask_everything(struct settings *settings, const struct model *model);

/* The first parameter that says what is done with rows of logits; NULL: there is none. */
const char *ask_on_rows(const json_t *all);

#endif
