/* infer_about.c - information about the server and its models. */
#include "api/routes/infer/infer_about.h"

#include "api/base/json_writer.h"
#include "api/base/version.h"
#include "api/exchange/exchange.h"
#include "api/exchange/url_pattern.h"
#include "api/routes/infer/infer_endpoints.h"
#include "api/routes/infer/infer_models.h"

#include <stdio.h>
#include <string.h>

#define PLATFORM "logits_scorer"

/* ---- the model of a path ---- */

static bool fail_model(struct exchange *x, const char *name, size_t length)
{
    char known[128] = "";

    for (enum model_id id = 0; id < MODEL_COUNT; id++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", id > 0 ? ", " : "",
                 model_at(id)->name);
    return error_set(&x->error, ERR_NOT_FOUND, "", "there is no model \"%.*s\"; these are: %s",
                     (int)(length < 64 ? length : 64), name, known);
}

const struct model *model_asked(struct exchange *x)
{
    size_t length, version_length;
    const char *name =
        url_pattern_segment(x->request.route->path, x->request.path, "name", &length);
    const char *version =
        url_pattern_segment(x->request.route->path, x->request.path, "version", &version_length);
    const struct model *model = name ? model_find(name, length) : NULL;

    if (!model) {
        fail_model(x, name ? name : "", length);
        return NULL;
    }
    if (!version
        || (version_length == strlen(INFER_VERSION)
            && memcmp(version, INFER_VERSION, version_length) == 0))
        return model;
    error_set(&x->error, ERR_NOT_FOUND, "", "model %s has version " INFER_VERSION " only",
              model->name);
    return NULL;
}

/* ---- GET /v2 ---- */

static void finish_server(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};

    strbuf_snippet(&text, "{'name':'logitd','version':'" LOGITD_VERSION "','extensions':["
                          "'binary_tensor_data','statistics','model_configuration',"
                          "'model_repository','parameters']}");
    strbuf_puts(&text, "\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_oip_server = {.finish = finish_server};

/* ---- GET /v2/models/NAME ---- */

/* Write -1 for each axis of any length: [-1,-1]. */
static void put_axes(struct strbuf *text, const char *axes)
{
    strbuf_puts(text, "[");
    for (size_t i = 0; axes[i]; i++) {
        strbuf_puts(text, i > 0 ? "," : "");
        strbuf_puts(text, axes[i] == '1' ? "1" : "-1");
    }
    strbuf_puts(text, "]");
}

static void put_tensor(struct strbuf *text, const char *name, enum datatype type, const char *axes)
{
    strbuf_puts(text, "{");
    put_string(text, "name", name);
    put_string(text, "datatype", datatype_name(type));
    put_name(text, "shape");
    put_axes(text, axes);
    strbuf_puts(text, "}");
}

static void finish_model(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};
    const struct model *model = model_asked(x);

    if (!model) {
        exchange_fail(x);
        return;
    }
    strbuf_puts(&text, "{");
    put_string(&text, "name", model->name);
    strbuf_snippet(&text, ",'versions':['" INFER_VERSION "'],'platform':'" PLATFORM "','inputs':[");
    for (size_t i = 0; i < model->input_count; i++) {
        strbuf_puts(&text, i > 0 ? "," : "");
        put_tensor(&text, model->inputs[i].name, model->inputs[i].type, model->inputs[i].axes);
    }
    strbuf_puts(&text, "],\"outputs\":[");
    for (size_t i = 0; i < model->output_count; i++) {
        strbuf_puts(&text, i > 0 ? "," : "");
        put_tensor(&text, model->outputs[i].name, model->outputs[i].type, model->outputs[i].axes);
    }
    strbuf_puts(&text, "]}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_oip_model = {.finish = finish_model};

/* ---- GET /v2/models/NAME/config: Triton's ModelConfig ---- */

static void put_config(struct strbuf *text, const char *name, enum datatype type, const char *axes)
{
    strbuf_puts(text, "{");
    put_string(text, "name", name);
    put_string(text, "data_type", datatype_config(type));
    put_name(text, "dims");
    put_axes(text, axes);
}

static void finish_config(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};
    const struct model *model = model_asked(x);

    if (!model) {
        exchange_fail(x);
        return;
    }
    strbuf_puts(&text, "{");
    put_string(&text, "name", model->name);
    strbuf_snippet(&text, ",'platform':'" PLATFORM "','backend':'logitd',"
                          "'version_policy':{'latest':{'num_versions':1}},'max_batch_size':0,"
                          "'input':[");
    for (size_t i = 0; i < model->input_count; i++) {
        const struct input_spec *input = &model->inputs[i];

        strbuf_puts(&text, i > 0 ? "," : "");
        put_config(&text, input->name, input->type, input->axes);
        strbuf_puts(&text, input->optional ? ",\"optional\":true}" : ",\"optional\":false}");
    }
    strbuf_puts(&text, "],\"output\":[");
    for (size_t i = 0; i < model->output_count; i++) {
        strbuf_puts(&text, i > 0 ? "," : "");
        put_config(&text, model->outputs[i].name, model->outputs[i].type, model->outputs[i].axes);
        strbuf_puts(&text, "}");
    }
    strbuf_puts(&text, "]}\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_oip_config = {.finish = finish_config};

/* ---- GET /v2/models/stats ---- */

struct model_stats *infer_stats_of(struct infer_stats *stats, const struct model *model)
{
    enum model_id id = 0;

    while (model_at(id) != model)
        id++;
    return &stats->model[id];
}

static unsigned long long load(atomic_ullong *count)
{
    return atomic_load_explicit(count, memory_order_relaxed);
}

static void put_duration(struct strbuf *text, const char *name, struct duration_stats *stats)
{
    put_name(text, name);
    strbuf_puts(text, "{");
    put_count(text, "count", load(&stats->count));
    put_count(text, "ns", load(&stats->nanoseconds));
    strbuf_puts(text, "}");
}

static void put_stats(struct strbuf *text, const struct model *model, struct model_stats *stats)
{
    struct duration_stats none = {0};

    strbuf_puts(text, "{");
    put_string(text, "name", model->name);
    put_string(text, "version", INFER_VERSION);
    put_count(text, "last_inference", load(&stats->last));
    put_count(text, "inference_count", load(&stats->sequences));
    put_count(text, "execution_count", load(&stats->success.count));
    put_name(text, "inference_stats");
    strbuf_puts(text, "{");
    put_duration(text, "success", &stats->success);
    put_duration(text, "fail", &stats->fail);
    put_duration(text, "queue", &none);
    put_duration(text, "compute_input", &stats->input);
    put_duration(text, "compute_infer", &stats->score);
    put_duration(text, "compute_output", &stats->output);
    put_duration(text, "cache_hit", &none);
    put_duration(text, "cache_miss", &none);
    strbuf_puts(text, "},\"response_stats\":{},\"batch_stats\":[],\"memory_usage\":[]}");
}

/* Reply with the statistics of one model, or of all (NULL). */
static void reply_stats(struct exchange *x, const struct model *only)
{
    struct strbuf text = {.arena = &x->arena};
    struct infer_stats none = {0};
    struct infer_stats *stats = x->api->infer_stats ? x->api->infer_stats : &none;

    strbuf_puts(&text, "{\"model_stats\":[");
    for (enum model_id id = 0; id < MODEL_COUNT; id++) {
        const struct model *model = model_at(id);

        if (only && only != model)
            continue;
        strbuf_puts(&text, id > 0 && !only ? "," : "");
        put_stats(&text, model, infer_stats_of(stats, model));
    }
    strbuf_puts(&text, "]}\n");
    exchange_reply(x, &text);
}

static void finish_all_stats(struct exchange *x)
{
    reply_stats(x, NULL);
}

static void finish_stats(struct exchange *x)
{
    const struct model *model = model_asked(x);

    if (model)
        reply_stats(x, model);
    else
        exchange_fail(x);
}

const struct endpoint endpoint_oip_all_stats = {.finish = finish_all_stats};
const struct endpoint endpoint_oip_stats = {.finish = finish_stats};

/* ---- POST /v2/repository/index ---- */

/* All models are ready, so the filter "ready" in the body has no effect. */
static void finish_index(struct exchange *x)
{
    struct strbuf text = {.arena = &x->arena};

    strbuf_puts(&text, "[");
    for (enum model_id id = 0; id < MODEL_COUNT; id++) {
        strbuf_puts(&text, id > 0 ? ",{" : "{");
        put_string(&text, "name", model_at(id)->name);
        put_string(&text, "version", INFER_VERSION);
        put_string(&text, "state", "READY");
        put_string(&text, "reason", "");
        strbuf_puts(&text, "}");
    }
    strbuf_puts(&text, "]\n");
    exchange_reply(x, &text);
}

const struct endpoint endpoint_oip_index = {.finish = finish_index};
