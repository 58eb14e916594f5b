/* candidate.c - an input that may be the worst of a quantity. */
#include "tests/worst/candidate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const struct knob_info knob_infos[KNOB_COUNT] = {
#define KNOB(id, name, usual, low, high) {name, usual, low, high},
#include "tests/worst/knobs.def"
};

void candidate_clear(struct candidate *candidate)
{
    candidate->dtype = DTYPE_F64;
    for (enum knob i = 0; i < KNOB_COUNT; i++)
        candidate->knob[i] = knob_infos[i].usual;
    for (size_t i = 0; i < 2; i++)
        candidate->list[i].runs = candidate->list[i].loop = candidate->list[i].end =
            candidate->list[i].repeat = 0;
}

void candidate_copy(struct candidate *to, const struct candidate *from)
{
    to->dtype = from->dtype;
    memcpy(to->knob, from->knob, sizeof to->knob);
    for (size_t i = 0; i < 2; i++)
        memcpy(&to->list[i], &from->list[i],
               offsetof(struct list, run) + from->list[i].runs * sizeof *from->list[i].run);
}

/* ---- lists ---- */

void list_add(struct list *list, double value, size_t count)
{
    if (list->runs < RUNS)
        list->run[list->runs++] = (struct run){value, count};
}

void list_repeat(struct list *list, size_t loop, size_t repeat)
{
    list->loop = loop;
    list->end = list->runs;
    list->repeat = repeat;
}

static size_t times_of(const struct list *list, size_t i)
{
    return i >= list->loop && i < list->end ? list->repeat : 1;
}

size_t list_count(const struct list *list, size_t i)
{
    return times_of(list, i) * list->run[i].count;
}

size_t list_width(const struct list *list)
{
    size_t width = 0;

    for (size_t i = 0; i < list->runs; i++)
        width += list_count(list, i);
    return width;
}

/* Runs from `begin` to `end`, behind the first `done` numbers. */
static size_t expand(const struct list *list, size_t begin, size_t end, double *out, size_t done,
                     size_t limit)
{
    for (size_t i = begin; i < end; i++)
        for (size_t k = 0; k < list->run[i].count && done < limit; k++)
            out[done++] = list->run[i].value;
    return done;
}

size_t list_expand(const struct list *list, double *out, size_t limit)
{
    size_t done = expand(list, 0, list->loop, out, 0, limit);

    for (size_t k = 0; k < list->repeat && done < limit; k++)
        done = expand(list, list->loop, list->end, out, done, limit);
    return expand(list, list->end, list->runs, out, done, limit);
}

/* ---- text ---- */

static void list_write(const struct list *list, FILE *out)
{
    const bool loops = list->loop < list->end;

    for (size_t i = 0; i < list->runs; i++) {
        fputs(loops && i == list->loop ? " [ " : " ", out);
        if (list->run[i].count != 1)
            fprintf(out, "%zu*", list->run[i].count);
        fprintf(out, "%a", list->run[i].value);
        if (loops && i + 1 == list->end)
            fprintf(out, " ]*%zu", list->repeat);
    }
}

void candidate_write(const struct candidate *candidate, FILE *out)
{
    fputs(dtype_name(candidate->dtype), out);
    for (enum knob i = 0; i < KNOB_COUNT; i++)
        if (candidate->knob[i] != knob_infos[i].usual)
            fprintf(out, " %s=%a", knob_infos[i].name, candidate->knob[i]);
    fputs(" a", out);
    list_write(&candidate->list[0], out);
    fputs(" b", out);
    list_write(&candidate->list[1], out);
    fputc('\n', out);
}

/* COUNT*VALUE or VALUE */
static bool run_read(struct list *list, const char *word)
{
    const char *star = strchr(word, '*');
    char *end;
    const double value = strtod(star ? star + 1 : word, &end);

    if (*end != '\0' || list->runs == RUNS)
        return false;
    list_add(list, value, star ? strtoul(word, NULL, 10) : 1);
    return true;
}

static bool knob_read(struct candidate *candidate, const char *word)
{
    const char *equals = strchr(word, '=');

    for (enum knob i = 0; equals && i < KNOB_COUNT; i++) {
        const size_t length = strlen(knob_infos[i].name);

        if (length == (size_t)(equals - word) && strncmp(word, knob_infos[i].name, length) == 0) {
            candidate->knob[i] = strtod(equals + 1, NULL);
            return true;
        }
    }
    return false;
}

static bool word_read(struct candidate *candidate, struct list **list, const char *word)
{
    if (strcmp(word, "a") == 0 || strcmp(word, "b") == 0)
        *list = &candidate->list[*word - 'a'];
    else if (!*list)
        return dtype_find(word, &candidate->dtype) || knob_read(candidate, word);
    else if (strcmp(word, "[") == 0)
        (*list)->loop = (*list)->runs;
    else if (strncmp(word, "]*", 2) == 0)
        list_repeat(*list, (*list)->loop, strtoul(word + 2, NULL, 10));
    else
        return run_read(*list, word);
    return true;
}

bool candidate_read(struct candidate *candidate, const char *text)
{
    struct list *list = NULL;
    char word[64];
    int length;

    candidate_clear(candidate);
    for (; sscanf(text, " %63s%n", word, &length) == 1; text += length)
        if (!word_read(candidate, &list, word))
            return false;
    return list != NULL;
}
