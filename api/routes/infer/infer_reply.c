/* infer_reply.c - writes the answer of a model: tensors as JSON and as blobs. */
#include "api/routes/infer/infer_reply.h"

#include "api/base/arena_error.h"
#include "api/base/json_writer.h"
#include "api/routes/infer/infer_rows.h"
#include "api/routes/infer/infer_whole.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SINGLE_DIGITS 9 /* enough for any float32 */
#define BYTES_LENGTH 4  /* bytes of the length before an element of BYTES */

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

static size_t elements_of(const struct column *column)
{
    size_t count = 1;

    for (size_t axis = 0; axis < column->rank; axis++)
        count *= column->shape[axis];
    return count;
}

static void put_elements(struct strbuf *text, const struct column *column,
                         void (*put)(struct strbuf *text, enum datatype type, bool defined,
                                     double value),
                         const char *separator)
{
    const size_t count = elements_of(column);

    for (size_t i = 0; i < count; i++) {
        double value = 0;
        const bool defined = column->value(column, i, &value);

        if (i > 0)
            strbuf_puts(text, separator);
        put(text, column->type, defined,
            column->type == DATATYPE_FP32 ? (double)(float)value : value);
    }
}

static void put_data(struct strbuf *text, const struct column *column)
{
    strbuf_puts(text, ",\"data\":[");
    if (column->type == DATATYPE_BYTES)
        strbuf_string(text, column->text->data, column->text->length);
    else
        put_elements(text, column, put_element, ",");
    strbuf_puts(text, "]");
}

/* Write the elements of an output behind the JSON. */
static void put_blob(struct strbuf *text, const struct column *column)
{
    if (column->type != DATATYPE_BYTES) {
        put_elements(text, column, put_binary, "");
        return;
    }
    put_bytes(text, column->text->length, BYTES_LENGTH);
    strbuf_add(text, column->text->data, column->text->length);
}

static size_t blob_length(const struct column *column)
{
    return column->type == DATATYPE_BYTES ? BYTES_LENGTH + column->text->length
                                          : elements_of(column) * datatype_size(column->type);
}

static void put_output(struct strbuf *text, const struct column *column)
{
    strbuf_puts(text, "{");
    put_name(text, "name");
    strbuf_string(text, column->choice->name, column->choice->name_length);
    put_string(text, "datatype", datatype_name(column->type));
    put_name(text, "shape");
    strbuf_puts(text, "[");
    for (size_t axis = 0; axis < column->rank; axis++) {
        strbuf_puts(text, axis > 0 ? "," : "");
        strbuf_count(text, column->shape[axis]);
    }
    strbuf_puts(text, "]");
    if (column->choice->binary) {
        strbuf_puts(text, ",\"parameters\":{");
        put_count(text, "binary_data_size", blob_length(column));
        strbuf_puts(text, "}");
    } else {
        put_data(text, column);
    }
    strbuf_puts(text, "}");
}

/* ---- the whole ---- */

/* Find the outputs.  NULL with x->error set. */
static struct column *find_columns(struct infer *infer)
{
    const struct ask *ask = &infer->ask;
    struct column *columns = arena_new(&infer->x->arena, struct column, ask->count);

    if (!columns)
        arena_fail(&infer->x->arena, &infer->x->error);
    for (size_t i = 0; columns && i < ask->count; i++) {
        columns[i].choice = &ask->choices[i];
        if (!(infer->model->rows ? rows_column(infer, &columns[i])
                                 : whole_column(infer, &columns[i])))
            return NULL;
    }
    return columns;
}

void infer_reply(struct strbuf *text, struct infer *infer, size_t *head_length)
{
    const struct ask *ask = &infer->ask;
    const struct column *columns = find_columns(infer);
    bool binary = false;

    if (!columns)
        return;
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
        put_output(text, &columns[i]);
        binary |= ask->choices[i].binary;
    }
    strbuf_puts(text, "]}");
    *head_length = binary ? text->length : 0;
    for (size_t i = 0; i < ask->count; i++)
        if (ask->choices[i].binary)
            put_blob(text, &columns[i]);
}
