/* npy.c - parses the head of a .npy file. */
#include "api/body/npy.h"

#include <stdio.h>
#include <string.h>

#define MAGIC "\x93NUMPY"
#define MAGIC_LENGTH ((size_t)6)

bool npy_is(const char *bytes, size_t length)
{
    return length >= MAGIC_LENGTH && memcmp(bytes, MAGIC, MAGIC_LENGTH) == 0;
}

/* The bytes before the header.  Its length takes 2 bytes in version 1, and 4 in later versions. */
static size_t prefix_length(const char *bytes)
{
    return MAGIC_LENGTH + 2 + (bytes[MAGIC_LENGTH] == 1 ? 2 : 4);
}

bool npy_head(const char *bytes, size_t length, size_t *size, const char *pointer,
              struct error *err)
{
    const unsigned major = (unsigned char)bytes[MAGIC_LENGTH],
                   minor = (unsigned char)bytes[MAGIC_LENGTH + 1];
    const size_t prefix = prefix_length(bytes);
    size_t header = 0;

    if (major < 1 || major > 3 || minor != 0)
        return error_set(err, ERR_BAD_DATA, pointer,
                         "the .npy file has version %u.%u: 1.0, 2.0 and 3.0 are read", major,
                         minor);
    *size = prefix;
    if (length < prefix)
        return true;
    for (size_t i = prefix; i > MAGIC_LENGTH + 2; i--)
        header = header << 8 | (unsigned char)bytes[i - 1];
    *size += header;
    return header <= NPY_HEADER_MAX
           || error_set(err, ERR_BAD_DATA, pointer,
                        "the header of the .npy file has %zu bytes, more than %d", header,
                        NPY_HEADER_MAX);
}

/* ---- the literal ---- */

struct literal {
    const char *at, *end;
    struct file_tensor *tensor;
    bool has_descr, has_order, has_shape;
    const char *pointer;
    struct error *err;
};

static bool fail(const struct literal *literal, const char *what)
{
    return error_set(literal->err, ERR_BAD_DATA, literal->pointer,
                     "the header of the .npy file cannot be read: %s", what);
}

static void skip_space(struct literal *literal)
{
    while (literal->at < literal->end && strchr(" \t\r\n", *literal->at) && *literal->at)
        literal->at++;
}

/* Read a character, if it is the next one. */
static bool take(struct literal *literal, char c)
{
    skip_space(literal);
    if (literal->at == literal->end || *literal->at != c)
        return false;
    literal->at++;
    return true;
}

static bool take_word(struct literal *literal, const char *word)
{
    const size_t length = strlen(word);

    skip_space(literal);
    if ((size_t)(literal->end - literal->at) < length || memcmp(literal->at, word, length) != 0)
        return false;
    literal->at += length;
    return true;
}

/* Read a string in either kind of quotes, without escapes. */
static bool take_string(struct literal *literal, char *out, size_t size)
{
    const char quote = take(literal, '\'') ? '\'' : take(literal, '"') ? '"' : '\0';
    const char *close =
        quote ? memchr(literal->at, quote, (size_t)(literal->end - literal->at)) : NULL;
    const size_t length = close ? (size_t)(close - literal->at) : size;

    if (length >= size || memchr(literal->at, '\\', length) || memchr(literal->at, '\0', length))
        return false;
    memcpy(out, literal->at, length);
    out[length] = '\0';
    literal->at = close + 1;
    return true;
}

/* The meaning of a descr that is not supported, for errors. */
static const struct {
    const char *orders, *kinds, *meaning;
} refused[] = {
    {">", "", "big-endian"},
    {"<|=>", "O", "pickled objects, which are never read"},
    {"<|=", "iub", "integers"},
    {"<|=", "V",
     "raw bytes, as which bfloat16 is saved: send .safetensors, or raw with dtype bf16"},
    {"<|=", "c", "complex numbers"},
};

static const char *refusal(const char *descr)
{
    for (size_t i = 0; descr[0] != '\0' && i < sizeof refused / sizeof *refused; i++)
        if (strchr(refused[i].orders, descr[0])
            && (refused[i].kinds[0] == '\0' || (descr[1] && strchr(refused[i].kinds, descr[1]))))
            return refused[i].meaning;
    return "something else";
}

static bool read_descr(struct literal *literal)
{
    static const struct {
        const char *descr;
        enum dtype dtype;
    } known[] = {{"<f2", DTYPE_F16}, {"<f4", DTYPE_F32}, {"<f8", DTYPE_F64}};
    char descr[32];

    if (take(literal, '['))
        return error_set(literal->err, ERR_BAD_DATA, literal->pointer,
                         "the .npy file holds a structured array: logits are <f2, <f4 or <f8");
    if (!take_string(literal, descr, sizeof descr))
        return fail(literal, "descr must be a short string");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(descr, known[i].descr) == 0) {
            literal->tensor->dtype = known[i].dtype;
            literal->tensor->item = dtype_size(known[i].dtype);
            return true;
        }
    }
    return error_set(literal->err, ERR_BAD_DATA, literal->pointer,
                     "the .npy file holds %s (%s): logits are <f2, <f4 or <f8", descr,
                     refusal(descr));
}

static bool read_order(struct literal *literal)
{
    if (take_word(literal, "False"))
        return true;
    if (take_word(literal, "True"))
        return error_set(literal->err, ERR_BAD_DATA, literal->pointer,
                         "the .npy file is in Fortran order: save numpy.ascontiguousarray(logits)");
    return fail(literal, "fortran_order must be True or False");
}

static bool read_count(struct literal *literal, size_t *count)
{
    const char *start;

    skip_space(literal);
    start = literal->at;
    *count = 0;
    for (; literal->at < literal->end && *literal->at >= '0' && *literal->at <= '9'; literal->at++)
        if (__builtin_mul_overflow(*count, 10, count)
            || __builtin_add_overflow(*count, (size_t)(*literal->at - '0'), count)
            || *count > INT64_MAX)
            return fail(literal, "a dimension does not fit 63 bits");
    return literal->at > start || fail(literal, "shape must be a tuple of counts");
}

static bool read_shape(struct literal *literal)
{
    struct file_tensor *tensor = literal->tensor;
    bool comma = true;

    if (!take(literal, '('))
        return fail(literal, "shape must be a tuple of counts");
    tensor->dims = 0;
    while (!take(literal, ')')) {
        size_t count;

        if (!comma || !read_count(literal, &count))
            return fail(literal, "shape must be a tuple of counts");
        if (tensor->dims < TENSOR_DIMS)
            tensor->shape[tensor->dims] = count;
        tensor->dims++;
        comma = take(literal, ',');
    }
    return true;
}

/* Parse one entry; its key must be new. */
static bool read_entry(struct literal *literal)
{
    static const char names[] = "the keys must be descr, fortran_order and shape, each once";
    char key[16];
    bool *seen, good;

    if (!take_string(literal, key, sizeof key) || !take(literal, ':'))
        return fail(literal, names);
    if (strcmp(key, "descr") == 0) {
        seen = &literal->has_descr;
        good = read_descr(literal);
    } else if (strcmp(key, "fortran_order") == 0) {
        seen = &literal->has_order;
        good = read_order(literal);
    } else if (strcmp(key, "shape") == 0) {
        seen = &literal->has_shape;
        good = read_shape(literal);
    } else {
        return fail(literal, names);
    }
    if (good && *seen)
        return fail(literal, names);
    *seen = true;
    return good;
}

bool npy_read(const char *bytes, size_t length, struct file_tensor *tensor, const char *pointer,
              struct error *err)
{
    struct literal literal = {.at = bytes + prefix_length(bytes),
                              .end = bytes + length,
                              .tensor = tensor,
                              .pointer = pointer,
                              .err = err};
    bool comma = true;

    if (!take(&literal, '{'))
        return fail(&literal, "it must be a dictionary");
    while (!take(&literal, '}')) {
        if (!comma)
            return fail(&literal, "a comma or } must be here");
        if (!read_entry(&literal))
            return false;
        comma = take(&literal, ',');
    }
    skip_space(&literal);
    if (literal.at < literal.end)
        return fail(&literal, "something follows the dictionary");
    if (!literal.has_descr || !literal.has_order || !literal.has_shape)
        return fail(&literal, "the keys must be descr, fortran_order and shape, each once");
    return file_tensor_measure(tensor, pointer, err);
}
