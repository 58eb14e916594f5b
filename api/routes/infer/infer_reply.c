/* infer_reply.c - writes the answer of a model: tensors as JSON and as blobs. */
#include "api/routes/infer/infer_reply.h"

#include "api/base/json_writer.h"
#include "api/routes/infer/infer_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SINGLE_DIGITS 9 /* enough for any float32 */

/* ---- one element ---- */

/* Write the fewest digits that read back to the same float32. */
static void put_single(struct strbuf *text, double value)
{
    char digits[32];
    float back;
    int length = 0;

    for (int precision = 6; precision <= SINGLE_DIGITS; precision++) {
        length = snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (number_read_f32(digits, digits + length, &back) && (double)back == value)
            break;
    }
    strbuf_add(text, digits, (size_t)length);
}

static void put_element(struct strbuf *text, enum datatype type, bool defined, double value)
{
    if (!defined)
        strbuf_puts(text, "null");
    else if (type == DATATYPE_BOOL)
        strbuf_puts(text, value != 0 ? "true" : "false");
    else if (type == DATATYPE_INT32)
        strbuf_integer(text, (int64_t)value);
    else if (isinf(value))
        strbuf_puts(text, "null"); /* JSON has no NaN */
    else if (type == DATATYPE_FP32 && value != 0 && !isnan(value))
        put_single(text, value);
    else
        strbuf_number(text, value);
}

/* Write bytes, the lowest first (little-endian). */
static void put_bytes(struct strbuf *text, uint64_t bits, size_t count)
{
    char bytes[8];

    for (size_t i = 0; i < count; i++)
        bytes[i] = (char)(unsigned char)(bits >> 8 * i);
    strbuf_add(text, bytes, count);
}

static void put_binary(struct strbuf *text, enum datatype type, bool defined, double number)
{
    const double value = defined ? number : (double)NAN;
    const float single = (float)value;
    uint64_t bits = 0;
    uint32_t bits32;

    text->nans += defined && isnan(value);
    if (type == DATATYPE_FP64) {
        memcpy(&bits, &value, sizeof bits);
    } else if (type == DATATYPE_FP32) {
        memcpy(&bits32, &single, sizeof bits32);
        bits = bits32;
    } else {
        bits = (uint64_t)(int64_t)value;
    }
    put_bytes(text, bits, datatype_size(type));
}

/* ---- one output ---- */

/* An output in the answer. */
struct column {
    const struct output_spec *output;
    enum datatype type;
    size_t sequences, tokens; /* tokens: 1 for an output with one value for each sequence */
};

static struct column result_of(const struct infer *infer, const struct output_spec *output)
{
    const struct tensor *logits = &infer->input[0];
    const bool wide = infer->ask.settings.doubles && output->type == DATATYPE_FP32;

    return (struct column){.output = output,
                           .type = wide ? DATATYPE_FP64 : output->type,
                           .sequences = logits->shape[0],
                           .tokens = output->axes[1] ? rows_tokens(infer) : 1};
}

/* A value of an output, rounded once.  False: it is not defined. */
static bool value_of(const struct infer *infer, const struct column *result, size_t sequence,
                     size_t token, double *value)
{
    const struct scored *scored = infer->rows.scores.sequences[sequence];

    if (!result->output->value(result->output, scored, token, value))
        return false;
    if (result->type == DATATYPE_FP32)
        *value = (double)(float)*value;
    return true;
}

static void
put_elements(struct strbuf *text, const struct infer *infer, const struct column *result,
             void (*put)(struct strbuf *text, enum datatype type, bool defined, double value),
             const char *separator)
{
    for (size_t b = 0; b < result->sequences; b++)
        for (size_t t = 0; t < result->tokens; t++) {
            double value = 0;
            const bool defined = value_of(infer, result, b, t, &value);

            if (b + t > 0)
                strbuf_puts(text, separator);
            put(text, result->type, defined, value);
        }
}

static void put_output(struct strbuf *text, const struct infer *infer,
                       const struct wanted_output *choice)
{
    const struct column result = result_of(infer, choice->output);

    strbuf_puts(text, "{");
    put_string(text, "name", choice->output->name);
    put_string(text, "datatype", datatype_name(result.type));
    put_name(text, "shape");
    strbuf_puts(text, "[");
    strbuf_count(text, result.sequences);
    if (choice->output->axes[1]) {
        strbuf_puts(text, ",");
        strbuf_count(text, result.tokens);
    }
    if (choice->binary) {
        strbuf_puts(text, "],\"parameters\":{");
        put_count(text, "binary_data_size",
                  result.sequences * result.tokens * datatype_size(result.type));
        strbuf_puts(text, "}}");
        return;
    }
    strbuf_puts(text, "],\"data\":[");
    put_elements(text, infer, &result, put_element, ",");
    strbuf_puts(text, "]}");
}

void infer_reply(struct strbuf *text, const struct infer *infer, size_t *head_length)
{
    const struct ask *ask = &infer->ask;
    bool binary = false;

    strbuf_puts(text, "{");
    put_string(text, "model_name", infer->model->name);
    put_string(text, "model_version", INFER_VERSION);
    if (ask->id) {
        put_name(text, "id");
        strbuf_string(text, ask->id, ask->id_length);
    }
    put_name(text, "outputs");
    strbuf_puts(text, "[");
    for (size_t i = 0; i < ask->count; i++) {
        strbuf_puts(text, i > 0 ? "," : "");
        put_output(text, infer, &ask->choices[i]);
        binary |= ask->choices[i].binary;
    }
    strbuf_puts(text, "]}");
    *head_length = binary ? text->length : 0;
    for (size_t i = 0; i < ask->count; i++) {
        const struct column result = result_of(infer, ask->choices[i].output);

        if (ask->choices[i].binary)
            put_elements(text, infer, &result, put_binary, "");
    }
}
