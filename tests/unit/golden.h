/* golden.h - the files of golden cases: a folder each. */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* A file of a case, with a NUL behind it; NULL where it has none. */
static inline char *golden_load(const char *folder, const char *name, size_t *length)
{
    char path[512], *bytes = NULL;
    struct stat about;
    FILE *file;

    *length = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (file && fstat(fileno(file), &about) == 0)
        bytes = calloc(1, (size_t)about.st_size + 1);
    if (bytes)
        *length = fread(bytes, 1, (size_t)about.st_size, file);
    if (file)
        fclose(file);
    return bytes;
}

/* Cases for a loop test, which runs once for each: so one that fails hides no other. */
struct golden_cases {
    struct golden_case {
        char *folder;
        int kind; /* the caller's */
    } * list;
    int count;
};

static inline int golden_is_case(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Add the cases of a folder, in the order of their names; ends the program where there are none. */
static inline void golden_find(struct golden_cases *cases, const char *path, int kind)
{
    struct dirent **entries;
    const int found = scandir(path, &entries, golden_is_case, alphasort);

    if (found > 0)
        cases->list = realloc(cases->list, (size_t)(cases->count + found) * sizeof *cases->list);
    if (found <= 0 || !cases->list) {
        fprintf(stderr, "%s: no cases\n", path);
        exit(1);
    }
    for (int i = 0; i < found; i++) {
        struct golden_case *one = &cases->list[cases->count++];

        one->kind = kind;
        if (asprintf(&one->folder, "%s/%s", path, entries[i]->d_name) < 0)
            exit(1);
        free(entries[i]);
    }
    free(entries);
}

static inline void golden_free(struct golden_cases *cases)
{
    for (int i = 0; i < cases->count; i++)
        free(cases->list[i].folder);
    free(cases->list);
}

typedef void golden_case_f(const char *folder, void *context);

/* Call `check` for each case in a folder; how many there are. */
static inline size_t golden_each(const char *path, golden_case_f *check, void *context)
{
    DIR *directory = opendir(path);
    size_t count = 0;

    for (struct dirent *entry; directory && (entry = readdir(directory)) != NULL;) {
        char folder[400];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(folder, sizeof folder, "%s/%s", path, entry->d_name);
        check(folder, context);
        count++;
    }
    if (directory)
        closedir(directory);
    return count;
}

#endif
