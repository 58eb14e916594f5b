/* test_infer_faults.c - /v2/models/NAME/infer without a server: what is refused and why, however a
 * body is cut; and where the bytes of a binary request begin and end. */
#include "tests/unit/infer_check.h"

/* ---- what is refused ---- */

#define DEEP "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" /* 64 */
#define PEED "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"

static const struct {
    const char *model, *body;
    unsigned status;
    const char *error; /* that the answer names */
} bad[] = {
    /* JSON */
    {"logprobs", "{'id':" DEEP, 400, "nested deeper than 64 levels"},
    {"logprobs",
     REQUEST("{'name':'targets','shape':[1,1],'datatype':'INT64','data':" DEEP "[1]" PEED "}"), 400,
     "nested deeper than 64 levels"},
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
     "/a: not JSON at byte 5, line 1, column 6: unexpected ','"},
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
    {"logprobs", REQUEST("{'data':['\\\\'],'name':'text','shape':[1],'datatype':'BYTES'}"), 400,
     "\"text\" is no input of model logprobs"},
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
     REQUEST("{'name':'tokens','shape':[1,4],'datatype':'INT64','data':[1,0,1,0]}," LENGTH
             "," LOGITS),
     400, "axis 1 (T) of tokens is 4, and of logits it is 2"},
    {"score",
     "{'parameters':{'alignment':'same'},'inputs':[{'name':'tokens','shape':[1,3],'datatype':"
     "'INT64','data':[1,0,1]}," LENGTH "," LOGITS "]}",
     400, "tokens[0,2] has no row: logits have 2 rows"},
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
     400, "weights[0,1]: -1 is out of its range, 0 or 1e-300 to 1.7976931348623157e308: "},
    {"score",
     REQUEST(TOKENS "," LENGTH "," LOGITS
                    ",{'name':'weights','shape':[1,2],'datatype':'FP32','data':[NaN,1]}"),
     400, "weights[0,0]"},
    {"score",
     REQUEST(TOKENS "," LENGTH "," LOGITS
                    ",{'name':'weights','shape':[1,2],'datatype':'FP32','data':[1,1e39]}"),
     400, "weights[0,1]: inf is out of its range"},
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
     "/parameters/temperature: 0 is out of its range, 1e-307 to 1e308: "},
    {"logprobs", ASKING("'parameters':{'temperature':-1.5}"), 400, "-1.5 is out of its range"},
    {"logprobs", ASKING("'parameters':{'temperature':'1'}"), 400, "must be a number"},
    {"logprobs", ASKING("'parameters':{'softcap':0}"), 400,
     "/parameters/softcap: 0 is out of its range"},
    {"logprobs", ASKING("'parameters':{'label_smoothing':1}"), 400,
     "1 is out of its range, 0 or 1e-300 to below 1: "},
    {"logprobs", ASKING("'parameters':{'z_loss':-1}"), 400,
     "-1 is out of its range, 0 or 1e-300 to 1e300: "},
    {"logprobs", ASKING("'parameters':{'smoothing':'none'}"), 400,
     "must be one of uniform_all uniform_others"},
    {"logprobs", ASKING("'parameters':{'precision':'fp16'}"), 400, "must be one of fp32 fp64"},
    {"logprobs", ASKING("'parameters':{'precision':64}"), 400, "must be one of fp32 fp64"},
    {"logprobs", ASKING("'parameters':{'alignment':'last'}"), 400, "must be one of next same"},
    /* models */
    {"nothing", REQUEST(TARGETS "," LOGITS), 404,
     "no model \"nothing\"; these are: logprobs, score"},
};

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
            ck_assert_msg(x.reply.status == 200, "%s\n%.*s", body, (int)x.reply.length,
                          x.reply.body);
        exchange_release(&x);
        check_cuts(body, "/v2/models/logprobs/infer", value, body, length, false);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {bad_requests_are_refused, binary_requests_are_framed, NULL};

    api_start();
    return suite_main("infer_faults", tests);
}
