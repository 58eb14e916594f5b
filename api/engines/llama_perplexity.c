/* llama_perplexity.c - the file that llama-perplexity writes with --kl-divergence-base, in base64.
 *
 * Little-endian: "_logits_", int32 n_ctx, n_vocab, n_chunk, int32 tokens[n_chunk][n_ctx].  Then
 * each chunk has n_ctx - 1 - n_ctx/2 rows of 2 * ((n_vocab + 1) / 2) + 4 uint16.  The first four
 * uint16 of a row are two floats, scale and least; the others are q:
 *
 *     log p = scale * q + least
 *
 * Row r is about token n_ctx/2 + r + 1 of its chunk.  Values more than 16 below the largest logit
 * are clipped (q = 0).  Each chunk is an answer; its scored tokens are the completion. */
#include "api/engines/llama_perplexity.h"

#include "core/row.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_answer.h"
#include "api/json/base64.h"

#include <math.h>
#include <string.h>

#define MAGIC "_logits_"
#define MAGIC_BASE64 "X2xvZ2l0c1"
#define HEAD 20 /* bytes */
#define ROW_HEAD 8

struct file {
    const char *text; /* base64 */
    size_t length;
    uint32_t context, vocabulary, chunks;
};

bool llama_perplexity_detect(json_t *response)
{
    return json_is_string(response)
           && strncmp(json_string_value(response), MAGIC_BASE64, strlen(MAGIC_BASE64)) == 0;
}

static uint32_t read_u32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16
           | (uint32_t)bytes[3] << 24;
}

static float read_float(const unsigned char *bytes)
{
    const uint32_t bits = read_u32(bytes);
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Decode `count` bytes from offset `from`, which need not be a multiple of three.  `out` must have
 * room for 5 bytes more. */
static bool read_bytes(const struct file *file, uint64_t from, size_t count, unsigned char *out)
{
    const uint64_t group = from / 3, last = (from + count + 2) / 3;
    const size_t skip = (size_t)(from % 3);
    struct base64 base64 = {0};
    size_t made;

    if (last * 4 > file->length)
        return false;
    made = base64_feed(&base64, base64_groups, file->text + group * 4, (size_t)(last - group) * 4,
                       out);
    made += base64_end(&base64, out + made);
    memmove(out, out + skip, made > skip ? made - skip : 0);
    return !base64.bad && made >= skip + count;
}

static uint64_t row_size(const struct file *file)
{
    return 2 * (2 * (((uint64_t)file->vocabulary + 1) / 2) + 4);
}

static uint64_t row_count(const struct file *file)
{
    return file->context - 1 - file->context / 2;
}

/* The offset of the rows of a chunk. */
static uint64_t rows_at(const struct file *file, uint64_t chunk)
{
    return HEAD + (uint64_t)file->chunks * file->context * 4
           + chunk * row_count(file) * row_size(file);
}

static bool read_head(struct file *file, const json_t *text)
{
    unsigned char head[HEAD + 8];

    *file = (struct file){.text = json_string_value(text), .length = json_string_length(text)};
    if (!llama_perplexity_detect((json_t *)text) || file->length % 4 != 0
        || !read_bytes(file, 0, HEAD, head) || memcmp(head, MAGIC, strlen(MAGIC)) != 0)
        return false;
    file->context = read_u32(head + 8);
    file->vocabulary = read_u32(head + 12);
    file->chunks = read_u32(head + 16);
    return file->context >= 3 && file->context <= 1U << 24 && file->vocabulary >= 1
           && file->vocabulary <= ROW_MAX_WIDTH && file->chunks >= 1 && file->chunks <= 1U << 20;
}

/* Whether the file has exactly the size that its head gives. */
static bool is_whole(const struct file *file)
{
    const size_t padding =
        (size_t)(file->text[file->length - 1] == '=') + (file->text[file->length - 2] == '=');
    uint64_t rows;

    return !__builtin_mul_overflow(row_count(file) * row_size(file), file->chunks, &rows)
           && rows <= UINT64_MAX / 2
           && rows + rows_at(file, 0) == (uint64_t)file->length / 4 * 3 - padding;
}

size_t llama_perplexity_count(const json_t *response)
{
    struct file file;

    return read_head(&file, response) && is_whole(&file) ? file.chunks : 1;
}

/* Read a row, and append the entry of its token. */
static bool read_row(struct engine_answer *answer, const struct file *file, size_t list, size_t row,
                     unsigned char *bytes, int64_t id, struct error *err)
{
    const unsigned char *q = bytes + ROW_HEAD;
    const double scale = (double)read_float(bytes), least = (double)read_float(bytes + 4);
    unsigned own, most = 0;
    size_t ties = 0;
    struct engine_entry *entry;

    for (size_t i = 0; i < file->vocabulary; i++) {
        const unsigned value = (unsigned)q[2 * i] | (unsigned)q[2 * i + 1] << 8;

        ties = value > most ? 1 : ties + (value == most);
        most = value > most ? value : most;
    }
    own = (unsigned)q[2 * id] | (unsigned)q[2 * id + 1] << 8;
    entry = engine_answer_add(answer, list, row, NULL, NULL, err);
    if (!entry)
        return false;
    entry->id = id;
    entry->log_prob = scale * own + least;
    entry->state = isnan(entry->log_prob) ? ENTRY_NAN : ENTRY_KNOWN;
    entry->greedy = own < most ? ANSWER_NO : ties == 1 ? ANSWER_YES : ANSWER_UNKNOWN;
    if (own == 0 && most > 0)
        engine_answer_notice(answer, WARNING_CLIPPED, list, row);
    if (entry->log_prob > 0)
        engine_answer_notice(answer, WARNING_ABOVE, list, row);
    return err->code == ERR_NONE;
}

static bool read_tokens(struct engine_answer *answer, const struct file *file, unsigned char *bytes,
                        struct error *err)
{
    const uint64_t at = HEAD + (uint64_t)answer->index * file->context * 4;
    const size_t list = engine_answer_list(answer, true, "tokens", NULL);

    if (!read_bytes(file, at, (size_t)file->context * 4, bytes))
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_DATA, err, "not base64");
    for (size_t i = 0; i < file->context; i++) {
        const uint32_t id = read_u32(bytes + 4 * i);

        if (id >= file->vocabulary)
            return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_DATA, err,
                                      "token %zu of chunk %zu is %u, not below the vocabulary %u",
                                      i, answer->index, id, file->vocabulary);
        if (!engine_answer_add(answer, list, i, NULL, NULL, err))
            return false;
        answer->entry[i].id = id;
    }
    return true;
}

static bool read_rows(struct engine_answer *answer, const struct file *file, unsigned char *bytes,
                      struct error *err)
{
    const size_t first = file->context / 2 + 1;
    const size_t list = engine_answer_list(answer, true, "rows", NULL);

    answer->count = first;
    answer->prompt = first;
    for (size_t row = 0; row < row_count(file); row++) {
        const uint64_t at = rows_at(file, answer->index) + row * row_size(file);

        if (!read_bytes(file, at, (size_t)row_size(file), bytes))
            return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_DATA, err, "not base64");
        if (!read_row(answer, file, list, row, bytes, answer->entry[first + row].id, err))
            return false;
    }
    return true;
}

bool llama_perplexity_read(struct engine_answer *answer, struct error *err)
{
    struct file file;
    unsigned char *bytes;
    size_t room;

    if (!read_head(&file, answer->choice))
        return engine_answer_fail(
            answer, NO_LIST, 0, ERR_BAD_DATA, err,
            "is not the base64 text of a file that begins with _logits_ and sizes");
    if (!is_whole(&file))
        return engine_answer_fail(
            answer, NO_LIST, 0, ERR_BAD_DATA, err,
            "is not as long as %u chunks of %u tokens and a vocabulary of %u make", file.chunks,
            file.context, file.vocabulary);
    room = (size_t)row_size(&file);
    room = room > (size_t)file.context * 4 ? room : (size_t)file.context * 4;
    bytes = arena_alloc(answer->arena, room + 8, 1);
    if (!bytes)
        return arena_fail(answer->arena, err);
    return read_tokens(answer, &file, bytes, err) && read_rows(answer, &file, bytes, err);
}
