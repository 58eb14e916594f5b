/* test_address.c - Unix sockets: who may connect, and what is in the way. */
#include "tests/unit/suite.h"

#include "server/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
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

/* Listen in a child that is not root, who may connect to everything.  Whether it could. */
static bool listen_as_nobody(const char *path)
{
    int status = 0;
    const pid_t pid = fork();

    if (pid == 0) {
        char error[ADDRESS_ERROR_SIZE];

        _exit(geteuid() == 0 && setuid(65534) != 0 ? 2 : address_listen(path, 0, error) >= 0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 1;
}

/* That a socket lets us not in, or has no room for us now, does not say that nobody is there. */
START_TEST(a_socket_that_does_not_let_us_in_stays)
{
    char path[64], folder[64], error[ADDRESS_ERROR_SIZE];
    struct stat before, after;
    int first, waiting[8];

    make_path(path);
    memcpy(folder, path, sizeof folder);
    *strrchr(folder, '/') = '\0';
    chmod(folder, 0777);
    first = address_listen(path, 0, error);
    ck_assert_int_eq(listen(first, 0), 0);
    ck_assert_int_eq(stat(path, &before), 0);
    chmod(path, 0);
    ck_assert(!listen_as_nobody(path));
    chmod(path, 0777);
    for (size_t i = 0; i < COUNT(waiting); i++) { /* a full queue */
        struct sockaddr_un name = {.sun_family = AF_UNIX};

        strcpy(name.sun_path, path);
        waiting[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(waiting[i], (struct sockaddr *)&name, sizeof name);
    }
    alarm(10); /* and it does not wait for room */
    ck_assert(!listen_as_nobody(path));
    alarm(0);
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_uint_eq(before.st_ino, after.st_ino);
    for (size_t i = 0; i < COUNT(waiting); i++)
        close(waiting[i]);
    close(first);
    ck_assert(listen_as_nobody(path)); /* now it is dead */
    remove_path(path);
}
END_TEST

/* At the end only the file that is still ours goes. */
START_TEST(the_file_of_another_is_not_removed)
{
    char path[64], error[ADDRESS_ERROR_SIZE];
    struct address_claim ours;
    struct stat status;
    int first, other;

    make_path(path);
    first = address_listen(path, 0, error);
    address_claim(first, &ours);
    unlink(path);
    other = address_listen(path, 0, error);
    address_disclaim(&ours);
    ck_assert_int_eq(stat(path, &status), 0);
    address_claim(other, &ours);
    address_disclaim(&ours);
    ck_assert_int_ne(stat(path, &status), 0);
    close(first);
    close(other);
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
    const TTest *const tests[] = {only_owner_and_group_may_connect,
                                  a_socket_in_use_is_not_taken,
                                  a_socket_that_does_not_let_us_in_stays,
                                  the_file_of_another_is_not_removed,
                                  a_file_in_the_way_stays,
                                  paths_that_are_too_long_are_refused,
                                  NULL};

    return suite_main("address", tests);
}
