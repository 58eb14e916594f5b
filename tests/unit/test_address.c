/* test_address.c - Unix sockets: who may connect, and what is in the way. */
#include "tests/unit/suite.h"

#include "server/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A path in a folder of its own. */
static void make_path(char path[64])
{
    char folder[] = "/tmp/logitd-address-XXXXXX";

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, 64, "%s/socket", folder);
}

static void remove_path(char path[64])
{
    unlink(path);
    *strrchr(path, '/') = '\0';
    ck_assert_int_eq(rmdir(path), 0);
}

START_TEST(only_owner_and_group_may_connect)
{
    char path[64], error[ADDRESS_ERROR_SIZE], name[ADDRESS_TEXT_SIZE], said[80];
    struct stat status;
    int fd;

    make_path(path);
    umask(0);
    fd = address_listen(path, 0, error);
    ck_assert_msg(fd >= 0, "%s", error);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0660);
    ck_assert_uint_eq(umask(022), 0); /* as it was before */
    address_name(fd, name);
    snprintf(said, sizeof said, "unix:%s", path);
    ck_assert_str_eq(name, said);
    close(fd);
    remove_path(path);
}
END_TEST

/* A dead server's socket makes place, that of a living one does not. */
START_TEST(a_socket_in_use_is_not_taken)
{
    char path[64], error[ADDRESS_ERROR_SIZE];
    int first, other;

    make_path(path);
    first = address_listen(path, 0, error);
    ck_assert_msg(first >= 0, "%s", error);
    ck_assert_int_lt(address_listen(path, 0, error), 0);
    ck_assert(strstr(error, path));
    other = address_connect(path, 0, 1, error);
    ck_assert_msg(other >= 0, "%s", error);
    close(other);
    close(first);
    first = address_listen(path, 0, error);
    ck_assert_msg(first >= 0, "%s", error);
    close(first);
    remove_path(path);
}
END_TEST

START_TEST(a_file_in_the_way_stays)
{
    char path[64], error[ADDRESS_ERROR_SIZE];
    struct stat status;
    FILE *file;

    make_path(path);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
    ck_assert_int_lt(address_listen(path, 0, error), 0);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert(S_ISREG(status.st_mode));
    remove_path(path);
}
END_TEST

START_TEST(paths_that_are_too_long_are_refused)
{
    char path[256], error[ADDRESS_ERROR_SIZE];

    memset(path, 'x', sizeof path);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    ck_assert_int_lt(address_listen(path, 0, error), 0);
    ck_assert_int_lt(address_connect(path, 0, 1, error), 0);
    ck_assert_int_lt(address_listen("unix:", 0, error), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {only_owner_and_group_may_connect, a_socket_in_use_is_not_taken,
                                  a_file_in_the_way_stays, paths_that_are_too_long_are_refused,
                                  NULL};

    return suite_main("address", tests);
}
