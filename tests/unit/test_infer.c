/* test_infer.c - /v2/models/NAME/infer without a server: what is refused and why, that answers do
 * not depend on how a body is cut or what is kept, that they are the numbers of POST /v1/score, and
 * that large bodies need little memory. */
#include "tests/unit/infer.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- cuts ---- */

static void check_same(const struct exchange *a, const struct exchange *b, const char *name)
{
    ck_assert_msg(a->status == b->status && a->reply_length == b->reply_length
                      && a->inference_length == b->inference_length
                      && memcmp(a->reply, b->reply, a->reply_length) == 0,
                  "%s\n%u %.*s\n%u %.*s", name, a->status, (int)a->reply_length, a->reply,
                  b->status, (int)b->reply_length, b->reply);
}

/* Every two pieces and every byte alone, with few rows kept; with `all` also every reader, and none
 * or all rows kept. */
static void check_cuts(const char *name, const char *path, const char *header, const char *body,
                       size_t length, bool all)
{
    static const size_t kept[] = {20, 0, PLENTY};
    struct api api = plain_api(PLENTY);
    struct exchange whole, x;
    const struct reader *reader;

    post_infer(&whole, &api, path, header, body, length, 0, PLENTY);
    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL && (all || r == 0); r++) {
        api.reader = reader;
        for (size_t k = r == 0 ? 0 : COUNT(kept) - 1; k < (all ? COUNT(kept) : 1); k++) {
            struct exchange base;

            api.kept_rows = kept[k];
            post_infer(&base, &api, path, header, body, length, 0, PLENTY);
            if (!reply_has(&base, "--max-kept-rows"))
                check_same(&base, &whole, name);
            for (size_t first = 0; first < length; first++) {
                post_infer(&x, &api, path, header, body, length, first, first == 0 ? 1 : PLENTY);
                check_same(&x, &base, name);
                exchange_release(&x);
            }
            exchange_release(&base);
        }
    }
    exchange_release(&whole);
}

static char *read_file(const char *folder, const char *name, size_t *length)
{
    char path[640], *bytes = calloc(1, 1 << 16);
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    *length = fread(bytes, 1, (1 << 16) - 1, file);
    fclose(file);
    return bytes;
}

START_TEST(golden_requests_may_be_cut_anywhere)
{
    DIR *directory = opendir("tests/golden/infer");
    size_t count = 0;

    ck_assert_ptr_nonnull(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char folder[300], path[128], header[32], *line, *body;
        size_t length;

        if (entry->d_name[0] == '.')
            continue;
        snprintf(folder, sizeof folder, "tests/golden/infer/%s", entry->d_name);
        line = read_file(folder, "line", &length);
        ck_assert_int_eq(sscanf(line, "%127s %31s", path, header), 2);
        if (strstr(path, "/versions/1")) /* another route, the same endpoint */
            strcpy(strstr(path, "/versions/1"), "/infer");
        body = read_file(folder, "request", &length);
        check_cuts(folder, path, *header == '-' ? NULL : header, body, length, true);
        free(body);
        free(line);
        count++;
    }
    closedir(directory);
    ck_assert_uint_gt(count, 35);
}
END_TEST

/* ---- what is refused ---- */

/* Pieces of requests: inputs that are good. */
#define TARGETS "{'name':'targets','shape':[1,2],'datatype':'INT64','data':[1,0]}"
#define LOGITS "{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,2,3,4,5,6]}"
#define TOKENS "{'name':'tokens','shape':[1,2],'datatype':'INT64','data':[1,0]}"
#define LENGTH "{'name':'prompt_length','shape':[1],'datatype':'INT64','data':[1]}"
#define REQUEST(inputs) "{'inputs':[" inputs "]}"
#define ASKING(members) "{'inputs':[" TARGETS "," LOGITS "]," members "}"

static const struct {
    const char *model, *body;
    unsigned status;
    const char *error; /* that the answer names */
} bad[] = {
    /* JSON */
    {"logprobs", "", 400, "not JSON"},
    {"logprobs", "[]", 400, "must be an object"},
    {"logprobs", "5", 400, "not JSON"},
    {"logprobs", "nonsense", 400, "not JSON"},
    {"logprobs", "{'inputs':[", 400, "ends early"},
    {"logprobs", REQUEST(TARGETS "," LOGITS) "x", 400, "not JSON"},
    {"logprobs", "{'inputs':[" TARGETS "," LOGITS "],'id':'a','id':'b'}", 400, "occurs twice"},
    {"logprobs", "{'inputs':[{'name':'targets','data':[1,2", 400, "ends early"},
    {"logprobs", "{'inputs':[{'data':[\"]", 400, "ends early"},
    {"logprobs",
     REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,2"
                     ",3,4,5 6]}"),
     400, "a comma"},
    {"logprobs",
     REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,2"
                     ",3,4,5,,6]}"),
     400, "must be here"},
    {"logprobs",
     REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,2"
                     ",3,4,5,6,]}"),
     400, "must be"},
    {"logprobs",
     REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[01,2"
                     ",3,4,5,6]}"),
     400, "element 0 must be a number"},
    {"logprobs",
     REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':['1',2"
                     ",3,4,5,6]}"),
     400, "element 0 must be a number"},
    {"logprobs",
     REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,[2"
                     ",{}],4,5,6]}"),
     400, "element 2 must be a number"},
    {"logprobs",
     REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,[2"
                     ",null],4,5,6]}"),
     400, "element 2 must be a number"},
    {"logprobs", REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT64','data':[1,0.5]}"), 400,
     "element 1 must be an integer of 64 bits"},
    {"logprobs", REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT64','data':[1e0,0]}"), 400,
     "element 0 must be an integer"},
    {"logprobs", REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT64','data':[-,0]}"), 400,
     "element 0 must be an integer"},
    {"logprobs", REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT64','data':[NaN,0]}"), 400,
     "element 0 must be an integer"},
    {"logprobs",
     REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT64','data':[9223372036854775808,0]}"),
     400, "element 0 must be an integer of 64 bits"},
    {"logprobs",
     REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT32','data':[2147483648,0]}"), 400,
     "element 0 must be an integer of 32 bits"},
    {"logprobs", REQUEST("{'data':[1,'x'],'name':'targets','shape':[1,2],'datatype':'INT64'}"), 400,
     "element 1 must be an integer"},
    {"logprobs", REQUEST("{'data':[1,'x'],'name':'targets','shape':[1,2],'datatype':'INT64'},:5"),
     400, "element 1 must be an integer"},
    {"logprobs",
     "{'a':,'inputs':[{'data':['x'],'name':'targets','shape':[1,2],'datatype':'INT64'}]}", 400,
     "/a: not JSON at byte 6"},
    /* inputs */
    {"logprobs", "{}", 400, "needs inputs"},
    {"logprobs", "{'inputs':null}", 400, "needs inputs"},
    {"logprobs", REQUEST("null"), 400, "/inputs/0: must be an object"},
    {"logprobs", REQUEST("{'name':null,'shape':[1],'datatype':'FP32','data':[1]}"), 400,
     "/inputs/0: an input needs name"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':null,'data':[1]}"), 400,
     "/inputs/0: an input needs shape"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1,1],'data':null}"), 400,
     "/inputs/0: logits needs data, or binary_data_size"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,null,1],'data':[1]}"), 400,
     "/inputs/0/shape/1: must be an integer"},
    {"logprobs", ASKING("'outputs':[null]"), 400, "/outputs/0: must be an object"},
    {"logprobs", ASKING("'outputs':[{'name':null}]"), 400, "/outputs/0: an output needs a name"},
    {"logprobs", "{'inputs':{}}", 400, "/inputs: must be an array"},
    {"logprobs", "{'inputs':[]}", 400, "needs input logits"},
    {"logprobs", "{'inputs':[5]}", 400, "/inputs/0: must be an object"},
    {"logprobs", REQUEST(TARGETS), 400, "needs input logits"},
    {"logprobs", REQUEST(LOGITS), 400, "needs input targets"},
    {"score", REQUEST(TOKENS "," LOGITS), 400, "needs input prompt_length"},
    {"logprobs", REQUEST(TARGETS "," LOGITS "," TARGETS), 400, "input targets is given twice"},
    {"logprobs", REQUEST(TARGETS "," LOGITS "," LOGITS), 400, "input logits is given twice"},
    {"logprobs", REQUEST(TOKENS "," LOGITS), 400, "\"tokens\" is no input of model logprobs"},
    {"logprobs", REQUEST("{'shape':[1],'datatype':'FP32','data':[1]}"), 400, "needs name"},
    {"logprobs", REQUEST("{'name':5,'shape':[1],'datatype':'FP32','data':[1]}"), 400,
     "/inputs/0/name: must be a string"},
    {"logprobs", REQUEST("{'name':'logits','shape':[1,1,1],'data':[1]}"), 400, "needs datatype"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','data':[1]}"), 400, "needs shape"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1,1]}"), 400,
     "needs data, or binary_data_size"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1,1],'data':5}"), 400,
     "/inputs/0/data: must be an array"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1,1],'data':'x'}"), 400,
     "/inputs/0/data: must be an array"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':{},'data':[1]}"), 400,
     "/inputs/0/shape: must be an array"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1],'data':[1]}"), 400,
     "logits has 3 dimensions, not 2"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1,-1],'data':[1]}"), 400,
     "/inputs/0/shape/2: -1 is below 1"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[0,1,1],'data':[]}"), 400,
     "/inputs/0/shape/0: 0 is below 1"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1.0,1],'data':[1]}"), 400,
     "/inputs/0/shape/1: must be an integer"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1,1048577],'data':[1]}"),
     400, "a vocabulary of 1048577"},
    {"logprobs",
     REQUEST("{'name':'logits','datatype':'FP32','shape':[9223372036854775807,4,4],'data':[1]}"),
     400, "does not fit 64 bits"},
    {"logprobs",
     REQUEST("{'name':'logits','datatype':'FP32','shape':[4294967296,4294967296,1],'data':[1]}"),
     400, "does not fit 64 bits"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'INT64','shape':[1,1,1],'data':[1]}"), 400,
     "INT64 is not taken for logits: these are: FP64, FP32, FP16, BF16"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'fp32','shape':[1,1,1],'data':[1]}"), 400,
     "fp32 is not taken"},
    {"logprobs", REQUEST("{'name':'targets','datatype':'BYTES','shape':[1,1],'data':['a]']}"), 400,
     "BYTES is not taken for targets: these are: INT64, INT32"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP16','shape':[1,1,1],'data':[1]}"), 400,
     "FP16 has no form as JSON"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'BF16','shape':[1,1,1],'data':[1]}"), 400,
     "BF16 has no form as JSON"},
    {"logprobs", REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1]}"),
     400, "/inputs/1/data: 1 elements; the shape makes 6"},
    {"logprobs",
     REQUEST(TARGETS
             ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[[1,2,3,4],[5,6,7]]}"),
     400, "/inputs/1/data: 7 elements; the shape makes 6"},
    {"logprobs", REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT64','data':[]}," LOGITS),
     400, "/inputs/0/data: 0 elements"},
    {"logprobs",
     REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1,1],'parameters':{"
             "'shared_memory_region':'a'}}"),
     400, "shared memory is not supported"},
    {"logprobs", REQUEST("{'name':'logits','datatype':'FP32','shape':[1,1,1],'parameters':5}"), 400,
     "/inputs/0/parameters: must be an object"},
    /* shapes that do not agree, ids that are not there, rows that are none */
    {"logprobs",
     REQUEST("{'name':'targets','shape':[1,3],'datatype':'INT64','data':[1,0,1]}," LOGITS), 400,
     "axis 1 (T) of targets is 3, and of logits it is 2"},
    {"logprobs",
     REQUEST("{'name':'targets','shape':[2,2],'datatype':'INT64','data':[1,0,1,1]}," LOGITS), 400,
     "axis 0 (B) of targets is 2, and of logits it is 1"},
    {"score",
     REQUEST(TOKENS
             ",{'name':'prompt_length','shape':[2],'datatype':'INT64','data':[1,1]}," LOGITS),
     400, "axis 0 (B) of prompt_length is 2"},
    {"score",
     REQUEST(TOKENS "," LENGTH "," LOGITS
                    ",{'name':'weights','shape':[1,3],'datatype':'FP32','data':[1,1,1]}"),
     400, "axis 1 (T) of weights is 3"},
    {"score",
     REQUEST(TOKENS "," LENGTH "," LOGITS
                    ",{'name':'weights','shape':[1,2],'datatype':'FP32','data':[1,-1]}"),
     400, "weights[0,1]: -1 is not finite and at least 0"},
    {"score",
     REQUEST(TOKENS "," LENGTH "," LOGITS
                    ",{'name':'weights','shape':[1,2],'datatype':'FP32','data':[NaN,1]}"),
     400, "weights[0,0]"},
    {"score",
     REQUEST(TOKENS ",{'name':'prompt_length','shape':[1],'datatype':'INT64','data':[3]}," LOGITS),
     400, "prompt_length[0]: 3 is not between 0 and the 2 tokens"},
    {"score",
     REQUEST(TOKENS ",{'name':'prompt_length','shape':[1],'datatype':'INT32','data':[-1]}," LOGITS),
     400, "prompt_length[0]: -1"},
    {"score",
     REQUEST("{'name':'tokens','shape':[1,2],'datatype':'INT64','data':[-1,0]}," LENGTH "," LOGITS),
     400, "tokens[0,0]: -1 is negative"},
    {"score",
     REQUEST("{'name':'tokens','shape':[1,2],'datatype':'INT64','data':[0,3]}," LENGTH "," LOGITS),
     400, "tokens[0,1]: 3 is not below the vocabulary 3"},
    {"logprobs",
     REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT64','data':[0,3]}," LOGITS), 400,
     "targets[0,1]: 3 is neither in the vocabulary of 3 nor -100"},
    {"logprobs",
     REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT64','data':[-1,1]}," LOGITS), 400,
     "targets[0,0]: -1"},
    {"logprobs",
     REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,2,3,4,NaN,6]}"),
     400, "logits[0,1,1]: the logit is NaN"},
    {"logprobs",
     REQUEST(
         "{'name':'logits','shape':[1,2,3],'datatype':'FP32','data':[1,2,1e39,4,5,6]}," TARGETS),
     400, "logits[0,0,2]: the logit is +inf"},
    {"logprobs",
     REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP64','data':[1,2,3,-Infinity,"
                     "-Infinity,-Infinity]}"),
     400, "logits[0,1]: the row has no finite logit"},
    /* outputs and parameters */
    {"logprobs", ASKING("'id':5"), 400, "/id: must be a string"},
    {"logprobs", ASKING("'outputs':{}"), 400, "/outputs: must be an array"},
    {"logprobs", ASKING("'outputs':[5]"), 400, "/outputs/0: must be an object"},
    {"logprobs", ASKING("'outputs':[{}]"), 400, "/outputs/0: an output needs a name"},
    {"logprobs", ASKING("'outputs':[{'name':'joint.loss'}]"), 400,
     "\"joint.loss\" is no output of model logprobs; these are: logprobs, loss, rank"},
    {"logprobs", ASKING("'outputs':[{'name':'loss'},{'name':'loss'}]"), 400,
     "/outputs/1: output loss is named twice"},
    {"logprobs", ASKING("'outputs':[{'name':'loss','parameters':{'binary_data':1}}]"), 400,
     "/outputs/0/parameters/binary_data: must be true or false"},
    {"logprobs", ASKING("'outputs':[{'name':'loss','parameters':{'classification':3}}]"), 400,
     "classification: is not supported"},
    {"logprobs", ASKING("'parameters':[]"), 400, "/parameters: must be an object"},
    {"logprobs", ASKING("'parameters':{'binary_data_output':'yes'}"), 400,
     "/parameters/binary_data_output: must be true or false"},
    {"logprobs", ASKING("'parameters':{'temperature':0}"), 400,
     "/parameters/temperature: 0 is not above 0"},
    {"logprobs", ASKING("'parameters':{'temperature':-1.5}"), 400, "-1.5 is not above 0"},
    {"logprobs", ASKING("'parameters':{'temperature':'1'}"), 400, "must be a number"},
    {"logprobs", ASKING("'parameters':{'softcap':0}"), 400, "/parameters/softcap: 0 is not above"},
    {"logprobs", ASKING("'parameters':{'label_smoothing':1}"), 400,
     "1 is not at least 0 and below 1"},
    {"logprobs", ASKING("'parameters':{'z_loss':-1}"), 400, "-1 is not at least 0"},
    {"logprobs", ASKING("'parameters':{'smoothing':'none'}"), 400,
     "must be one of uniform_all uniform_others"},
    {"logprobs", ASKING("'parameters':{'precision':'fp16'}"), 400, "must be one of fp32 fp64"},
    {"logprobs", ASKING("'parameters':{'precision':64}"), 400, "must be one of fp32 fp64"},
    {"logprobs", ASKING("'parameters':{'alignment':'last'}"), 400, "must be one of next same"},
    /* models */
    {"nothing", REQUEST(TARGETS "," LOGITS), 404,
     "no model \"nothing\"; these are: logprobs, score"},
};

/* ' for ", and the answer's \" read back. */
static size_t requote(const char *text, char *out)
{
    size_t length = strlen(text);

    for (size_t i = 0; i <= length; i++)
        out[i] = text[i] == '\'' ? '"' : text[i];
    return length;
}

static void check_refused(const struct exchange *x, const char *body, unsigned status,
                          const char *error)
{
    char plain[1024];
    size_t length = 0;

    for (size_t i = 0; i < x->reply_length && length < sizeof plain - 1; i++)
        if (x->reply[i] != '\\')
            plain[length++] = x->reply[i];
    plain[length] = '\0';
    ck_assert_msg(x->status == status && strcmp(x->type, "application/json") == 0
                      && strncmp(plain, "{\"error\":\"", 10) == 0 && strstr(plain, error)
                      && x->inference_length == 0,
                  "%s\n%u %s\nnot %s", body, x->status, plain, error);
}

START_TEST(bad_requests_are_refused)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(bad); i++) {
        char body[1024], path[64];
        const size_t length = requote(bad[i].body, body);
        struct exchange x;

        snprintf(path, sizeof path, "/v2/models/%s/infer", bad[i].model);
        post_infer(&x, &api, path, NULL, body, length, 0, PLENTY);
        check_refused(&x, body, bad[i].status, bad[i].error);
        exchange_release(&x);
        check_cuts(body, path, NULL, body, length, false);
    }
}
END_TEST

/* ---- null ---- */

/* Members that are null, and the same request without them. */
static const struct {
    const char *with, *without;
} nulls[] = {
    {ASKING("'id':null,'outputs':null,'parameters':null"), REQUEST(TARGETS "," LOGITS)},
    {"{'id':null,'outputs':null,'parameters':null,'inputs':[" TARGETS "," LOGITS "]}",
     REQUEST(TARGETS "," LOGITS)},
    {ASKING("'parameters':{'temperature':null,'smoothing':null,'binary_data_output':null}"),
     REQUEST(TARGETS "," LOGITS)},
    {ASKING("'outputs':[{'name':'loss','parameters':null}]"),
     ASKING("'outputs':[{'name':'loss'}]")},
    {ASKING("'outputs':[{'name':'loss','parameters':{'binary_data':null,'classification':null}}]"),
     ASKING("'outputs':[{'name':'loss'}]")},
    {REQUEST(TARGETS ",{'name':'logits','shape':[1,2,3],'datatype':'FP32','parameters':null,"
                     "'data':[1,2,3,4,5,6]}"),
     REQUEST(TARGETS "," LOGITS)},
    {REQUEST("{'parameters':{'binary_data_size':null,'shared_memory_region':null},"
             "'name':'targets','shape':[1,2],'datatype':'INT64','data':[1,0]}," LOGITS),
     REQUEST(TARGETS "," LOGITS)},
};

START_TEST(null_is_as_absent)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(nulls); i++) {
        char with[1024], without[1024];
        struct exchange x, y;

        requote(nulls[i].with, with);
        requote(nulls[i].without, without);
        post_infer(&x, &api, "/v2/models/logprobs/infer", NULL, with, strlen(with), 0, PLENTY);
        post_infer(&y, &api, "/v2/models/logprobs/infer", NULL, without, strlen(without), 0,
                   PLENTY);
        ck_assert_int_eq(y.status, 200);
        check_same(&x, &y, with);
        exchange_release(&x);
        exchange_release(&y);
        check_cuts(with, "/v2/models/logprobs/infer", NULL, with, strlen(with), true);
    }
}
END_TEST

/* ---- binary requests ---- */

#define BLOB_TARGETS                                                                               \
    "{'name':'targets','shape':[1,2],'datatype':'INT32','parameters':{'binary_data_size':8}}"
#define BLOB_LOGITS                                                                                \
    "{'name':'logits','shape':[1,2,1],'datatype':'FP16','parameters':{'binary_data_size':4}}"

/* `header`: NULL: none; "=": the length of the JSON. */
static const struct {
    const char *header, *json;
    size_t bytes;      /* of zeros behind it */
    const char *error; /* NULL: it is good */
} binary[] = {
    {"=", REQUEST(BLOB_TARGETS "," BLOB_LOGITS), 12, NULL},
    {"=", REQUEST(BLOB_LOGITS "," BLOB_TARGETS), 12, NULL},
    {"=",
     REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT32','data':null,'parameters':{"
             "'binary_data_size':8}}," BLOB_LOGITS),
     12, NULL},
    {"=", REQUEST(BLOB_TARGETS "," BLOB_LOGITS), 11,
     "the body ends within the binary data of logits: 3 of its 4 bytes came"},
    {"=", REQUEST(BLOB_LOGITS "," BLOB_TARGETS), 0,
     "the body ends within the binary data of logits: 0 of its 4 bytes came"},
    {"=", REQUEST(BLOB_TARGETS "," BLOB_LOGITS), 13, "unexpected additional input data"},
    {"=", REQUEST(TARGETS "," LOGITS), 0, NULL},
    {"=", REQUEST(TARGETS "," LOGITS), 1, "unexpected additional input data"},
    {NULL, REQUEST(BLOB_TARGETS "," BLOB_LOGITS), 0,
     "0 of its 8 bytes came (there was no Inference-Header-Content-Length)"},
    {NULL, REQUEST(BLOB_TARGETS "," BLOB_LOGITS), 12, "not JSON"},
    {"0", REQUEST(TARGETS "," LOGITS), 0, "Inference-Header-Content-Length is 0"},
    {"", REQUEST(TARGETS "," LOGITS), 0, "is not a length"},
    {"-1", REQUEST(TARGETS "," LOGITS), 0, "\"-1\" is not a length"},
    {"+1", REQUEST(TARGETS "," LOGITS), 0, "\"+1\" is not a length"},
    {"abc", REQUEST(TARGETS "," LOGITS), 0, "\"abc\" is not a length"},
    {"12x", REQUEST(TARGETS "," LOGITS), 0, "\"12x\" is not a length"},
    {"18446744073709551615", REQUEST(TARGETS "," LOGITS), 0, "is not a length"},
    {"18446744073709551616", REQUEST(TARGETS "," LOGITS), 0, "is not a length"},
    {"999", REQUEST(TARGETS "," LOGITS), 0,
     "Inference-Header-Content-Length is 999, and the body has"},
    {"18446744073709551614", REQUEST(TARGETS "," LOGITS), 0, "and the body has"},
    {"5", REQUEST(TARGETS "," LOGITS), 0, "not JSON"},
    {"=",
     REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT32','parameters':{"
             "'binary_data_size':7}}"),
     12, "7 bytes for targets; its shape and datatype make 8"},
    {"=",
     REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT32','parameters':{"
             "'binary_data_size':-8}}"),
     12, "binary_data_size: must be an integer of at least 0"},
    {"=",
     REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT32','parameters':{"
             "'binary_data_size':'8'}}"),
     12, "binary_data_size: must be an integer"},
    {"=",
     REQUEST("{'name':'targets','shape':[1,2],'datatype':'INT32','data':[1,0],'parameters':{"
             "'binary_data_size':8}}"),
     12, "data and binary_data_size exclude each other"},
    {"=", REQUEST(BLOB_TARGETS "," BLOB_TARGETS), 16, "input targets is given twice"},
    {"=", REQUEST(BLOB_TARGETS "," TARGETS), 8, "input targets is given twice"},
    {"=", REQUEST(TARGETS "," BLOB_TARGETS), 8, "input targets is given twice"},
    {"=", REQUEST(BLOB_TARGETS), 8, "needs input logits"},
};

START_TEST(binary_requests_are_framed)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(binary); i++) {
        char body[1024] = {0}, header[32];
        const size_t json = requote(binary[i].json, body), length = json + binary[i].bytes;
        const char *value = binary[i].header;
        struct exchange x;

        snprintf(header, sizeof header, "%zu", json);
        value = value && *value == '=' ? header : value;
        post_infer(&x, &api, "/v2/models/logprobs/infer", value, body, length, 0, PLENTY);
        if (binary[i].error)
            check_refused(&x, body, 400, binary[i].error);
        else
            ck_assert_msg(x.status == 200, "%s\n%.*s", body, (int)x.reply_length, x.reply);
        exchange_release(&x);
        check_cuts(body, "/v2/models/logprobs/infer", value, body, length, false);
    }
}
END_TEST

/* ---- members behind logits ---- */

/* What stands behind inputs, and whether rows that were reduced before it came are still right. */
static const struct {
    const char *model, *tail;
    bool refused;
} late[] = {
    {"logprobs", "", false},
    {"logprobs", ",'outputs':[{'name':'loss'}]", false},
    {"logprobs", ",'parameters':{'temperature':1,'precision':'fp64','binary_data_output':true}",
     false},
    {"logprobs", ",'id':'x','model_name':'y'", false},
    {"logprobs", ",'outputs':[{'name':'rank'}]", true},
    {"logprobs", ",'outputs':[{'name':'entropy'}]", true},
    {"logprobs", ",'parameters':{'temperature':2}", true},
    {"logprobs", ",'parameters':{'softcap':2}", true},
    {"logprobs", ",'parameters':{'label_smoothing':0.5}", true},
    {"logprobs", ",'parameters':{'z_loss':0.5}", true},
    {"score", ",'outputs':[{'name':'conditional.loss'}]", false},
    {"score", ",'outputs':[{'name':'marginal.loss'}]", false},
    {"score", ",'parameters':{'alignment':'same'}", true},
};

static void check_late(size_t i, bool streams)
{
    struct api api = plain_api(PLENTY);
    const bool score = strcmp(late[i].model, "score") == 0;
    char text[1024], body[1024], path[64];
    struct exchange whole, x;

    snprintf(text, sizeof text, "{'inputs':[%s%s,%s]%s}", streams ? "" : LOGITS ",",
             score ? TOKENS "," LENGTH : TARGETS, streams ? LOGITS : "", late[i].tail);
    if (!streams)
        memcpy(strstr(text, ",]"), " ]", 2);
    requote(text, body);
    snprintf(path, sizeof path, "/v2/models/%s/infer", late[i].model);
    post_infer(&whole, &api, path, NULL, body, strlen(body), 0, PLENTY);
    ck_assert_msg(whole.status == 200, "%s\n%.*s", body, (int)whole.reply_length, whole.reply);
    api.kept_rows = 0;
    post_infer(&x, &api, path, NULL, body, strlen(body), 0, PLENTY);
    if (streams && late[i].refused)
        check_refused(&x, body, 400, "put inputs last");
    else
        check_same(&x, &whole, body);
    exchange_release(&x);
    exchange_release(&whole);
}

START_TEST(late_members_are_applied_or_refused)
{
    for (size_t i = 0; i < COUNT(late); i++) {
        check_late(i, true);
        check_late(i, false); /* with logits first nothing is reduced early */
    }
}
END_TEST

/* ---- large bodies ---- */

#define ROWS 400
#define WIDTH 2000

/* 3 MB of rows of ones as a blob, in small pieces; the targets before or behind it. */
static void post_large(struct exchange *x, const struct api *api, bool targets_first)
{
    static const struct route route = {
        "POST", "/v2/models/{name}/infer", FAMILY_OIP, &endpoint_infer, false, false, ""};
    static const char *const forms[] = {
        "{\"inputs\":[{\"name\":\"logits\",\"shape\":[1,%d,%d],\"datatype\":\"FP32\",\"parameters\""
        ":{\"binary_data_size\":%d}},{\"name\":\"targets\",\"shape\":[1,%d],\"datatype\":\"INT32\","
        "\"parameters\":{\"binary_data_size\":%d}}]}",
        "{\"inputs\":[{\"name\":\"targets\",\"shape\":[1,%4$d],\"datatype\":\"INT32\","
        "\"parameters\":{\"binary_data_size\":%5$d}},{\"name\":\"logits\",\"shape\":[1,%1$d,%2$d],"
        "\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":%3$d}}]}"};
    static const int32_t targets[ROWS];
    static float row[WIDTH + 1];
    char json[512], header[16];
    bool good;

    snprintf(json, sizeof json, forms[targets_first], ROWS, WIDTH, ROWS * WIDTH * 4, ROWS,
             ROWS * 4);
    snprintf(header, sizeof header, "%zu", strlen(json));
    for (size_t i = 0; i < WIDTH; i++)
        row[i] = 1;
    exchange_init(x, api);
    x->request_id = "test";
    x->route = &route;
    x->family = FAMILY_OIP;
    x->path = "/v2/models/logprobs/infer";
    x->inference_header = header;
    good = endpoint_infer.begin(x) && endpoint_infer.feed(x, json, strlen(json));
    for (int part = 0; part < 2 && good; part++)
        if ((part == 0) == targets_first)
            good = endpoint_infer.feed(x, (const char *)targets, sizeof targets);
        else
            for (size_t i = 0; i < ROWS && good; i++)
                good = endpoint_infer.feed(x, (const char *)row, 5)
                       && endpoint_infer.feed(x, (const char *)row + 5, WIDTH * sizeof *row - 5);
    if (good)
        endpoint_infer.finish(x);
    else
        exchange_fail(x);
}

/* 3 MB of rows through 200 KB; the same rows before their targets do not fit, and the answer says
 * why, and what to do. */
START_TEST(large_bodies_need_little_memory)
{
    const struct api api = plain_api((size_t)200 << 10);
    struct exchange x;

    post_large(&x, &api, true);
    ck_assert_msg(x.status == 200, "%.*s", (int)x.reply_length, x.reply);
    ck_assert_uint_eq(x.facts.rows, ROWS);
    exchange_release(&x);
    post_large(&x, &api, false);
    ck_assert_uint_eq(x.status, 413);
    ck_assert(reply_has(&x, "--max-request-memory") && reply_has(&x, "send logits last"));
    exchange_release(&x);
}
END_TEST

/* However little memory there is, it is said so. */
START_TEST(any_memory_will_do)
{
    static const char *const names[] = {"json_data_first", "binary_logits_first", "score_weights",
                                        "mixed_targets_json"};
    size_t good = 0, spent = 0;

    for (size_t i = 0; i < COUNT(names); i++) {
        char folder[64], path[128], header[32], *line, *body;
        size_t length;

        snprintf(folder, sizeof folder, "tests/golden/infer/%s", names[i]);
        line = read_file(folder, "line", &length);
        ck_assert_int_eq(sscanf(line, "%127s %31s", path, header), 2);
        body = read_file(folder, "request", &length);
        for (size_t memory = 0; memory < (size_t)160 << 10; memory += 1024) {
            const struct api api = plain_api(memory);
            struct exchange x;

            post_infer(&x, &api, path, *header == '-' ? NULL : header, body, length, 0, 7);
            good += x.status == 200;
            spent += x.status == 413 && reply_has(&x, "--max-request-memory");
            ck_assert_msg(x.status == 200
                              || (x.status == 413 && reply_has(&x, "--max-request-memory")),
                          "%s %zu: %.*s", names[i], memory, (int)x.reply_length, x.reply);
            exchange_release(&x);
        }
        free(body);
        free(line);
    }
    ck_assert_uint_gt(good, 100);
    ck_assert_uint_gt(spent, 40);
}
END_TEST

/* ---- the numbers of POST /v1/score ---- */

/* The array behind `name` in an answer. */
static void find_array(const struct exchange *x, const char *name, const char *key, char *out,
                       size_t size)
{
    const char *at = memmem(x->reply, x->reply_length, name, strlen(name));
    size_t length;

    ck_assert_ptr_nonnull(at);
    at = strstr(at, key);
    ck_assert_ptr_nonnull(at);
    at += strlen(key);
    length = strcspn(at, "]}") < size ? strcspn(at, "]}") : size - 1;
    memcpy(out, at, length);
    out[length] = '\0';
}

/* Rows of numbers that round in many ways, as JSON; doubles as text, or floats. */
static size_t write_rows(char *out, size_t rows, size_t width, bool nested)
{
    size_t length = 0;
    uint32_t seed = 1;

    for (size_t i = 0; i < rows * width; i++) {
        seed = seed * 1664525 + 1013904223;
        length += (size_t)sprintf(out + length, "%s%s%.9g%s", i > 0 && i % width > 0 ? "," : "",
                                  nested && i % width == 0  ? i > 0 ? ",[" : "["
                                  : i > 0 && i % width == 0 ? ","
                                                            : "",
                                  ((double)(seed >> 8) / 1048576 - 8) * 1.7,
                                  nested && i % width == width - 1 ? "]" : "");
    }
    return length;
}

START_TEST(the_numbers_are_those_of_score)
{
    static const char *const options[] = {"", "\"temperature\":0.7,\"softcap\":9.5",
                                          "\"label_smoothing\":0.1,\"z_loss\":0.001"};
    static char rows[65536], flat[65536], body[2 * 65536];
    const struct api api = plain_api(PLENTY);

    write_rows(rows, 7, 50, true);
    write_rows(flat, 7, 50, false);
    for (size_t i = 0; i < COUNT(options); i++) {
        static const char *const names[] = {"joint", "conditional", "marginal"};
        const char *comma = options[i][0] ? "," : "";
        struct exchange a, b;

        sprintf(body, "{\"tokens\":[9,8,7,6,5,4,3,2],\"prompt_length\":3,%s%s\"logits\":[%s]}",
                options[i], comma, rows);
        post(&a, &api, body, strlen(body), 0, PLENTY);
        sprintf(body,
                "{\"parameters\":{\"precision\":\"fp64\"%s%s},\"inputs\":[{\"name\":\"tokens\","
                "\"shape\":[1,8],\"datatype\":\"INT64\",\"data\":[9,8,7,6,5,4,3,2]},{\"name\":"
                "\"prompt_length\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[3]},{\"name\":"
                "\"logits\",\"shape\":[1,8,50],\"datatype\":\"FP32\",\"data\":[%s,%s]}]}",
                comma, options[i], flat,
                "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"
                "0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0");
        post_infer(&b, &api, "/v2/models/score/infer", NULL, body, strlen(body), 0, PLENTY);
        ck_assert_msg(a.status == 200 && b.status == 200, "%.*s\n%.*s", (int)a.reply_length,
                      a.reply, (int)b.reply_length, b.reply);
        for (size_t o = 0; o < COUNT(names); o++) {
            char member[64], left[64], right[64];
            char *end;

            snprintf(member, sizeof member, "\"%s\":", names[o]);
            find_array(&a, member, "\"log_prob\":", left, sizeof left);
            end = strchr(left, ',');
            *end = '\0';
            snprintf(member, sizeof member, "\"%s.log_prob\"", names[o]);
            find_array(&b, member, "\"data\":[", right, sizeof right);
            ck_assert_str_eq(left, right);
            snprintf(member, sizeof member, "\"%s\":", names[o]);
            find_array(&a, member, "\"loss\":", left, sizeof left);
            end = strchr(left, ',');
            *end = '\0';
            snprintf(member, sizeof member, "\"%s.loss\"", names[o]);
            find_array(&b, member, "\"data\":[", right, sizeof right);
            ck_assert_str_eq(left, right);
        }
        exchange_release(&a);
        exchange_release(&b);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {golden_requests_may_be_cut_anywhere,
                                  bad_requests_are_refused,
                                  null_is_as_absent,
                                  binary_requests_are_framed,
                                  late_members_are_applied_or_refused,
                                  large_bodies_need_little_memory,
                                  any_memory_will_do,
                                  the_numbers_are_those_of_score,
                                  NULL};

    api_start();
    return suite_main("infer", tests);
}
