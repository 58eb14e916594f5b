/* golden.h - the files of golden cases: a folder each. */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define GOLDEN_ROOM ((size_t)1 << 16) /* no file is larger */

/* A file of a case, with a NUL behind it; NULL where it has none. */
static inline char *golden_load(const char *folder, const char *name, size_t *length)
{
    char path[512], *bytes;
    FILE *file;

    *length = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (!file)
        return NULL;
    bytes = calloc(1, GOLDEN_ROOM);
    *length = fread(bytes, 1, GOLDEN_ROOM - 1, file);
    fclose(file);
    return bytes;
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
