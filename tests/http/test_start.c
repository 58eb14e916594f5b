/* test_start.c - the start, with what it needs missing: it says why, or goes on without. */
#include "tests/http/socket.h"
#include "tests/unit/suite.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 54321 /* a user without processes */

static const char *program(void)
{
    return getenv("LOGITD") ? getenv("LOGITD") : "build/logitd";
}

/* A limit for the child; RLIMIT_NPROC counts for a user, and not for root. */
struct floor {
    int resource;
    rlim_t limit;
};

static void sink_to(const struct floor *floor)
{
    const struct rlimit limit = {floor->limit, floor->limit};

    if (floor->resource == RLIMIT_NPROC && geteuid() == 0 && setuid(NOBODY) != 0)
        _exit(126);
    setrlimit((__rlimit_resource_t)floor->resource, &limit);
}

/* Run it until it ends or listens; what it says on stderr, and its status (-1: it listened). */
static int start(const char *binary, const struct floor *floor, const char *const *arguments,
                 char *said, size_t size)
{
    int ends[2], status = 0;
    size_t length = 0;
    pid_t pid;

    ck_assert_int_eq(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDERR_FILENO);
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        sink_to(floor);
        execv(binary, (char **)(uintptr_t)arguments);
        _exit(127);
    }
    close(ends[1]);
    for (ssize_t got = 1; got > 0 && length < size - 1 && !memchr(said, '\n', length);
         length += (size_t)(got > 0 ? got : 0))
        got = read(ends[0], said + length, size - 1 - length);
    said[length] = '\0';
    if (strstr(said, "listening"))
        kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    close(ends[0]);
    return strstr(said, "listening") ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : -2;
}

/* A copy that another user can run. */
static void copy_program(char path[64])
{
    size_t length;
    char *bytes = file_load(program(), &length);
    int fd;

    strcpy(path, "/tmp/logitd-start-XXXXXX");
    fd = mkstemp(path);
    ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
    fchmod(fd, 0755);
    close(fd);
    free(bytes);
}

/* Threads and descriptors run out at each step of the start in turn. */
static const struct {
    int resource;
    rlim_t most; /* from 0 or `least` up to this, or until it starts */
    rlim_t least;
    const char *says[4]; /* each must be said at some step */
} floors[] = {
    {RLIMIT_NPROC,
     40,
     0,
     {"writes the log: ", "thread 2 of 3 (--threads): ", "accepts connections: "}},
    {RLIMIT_NOFILE, 300, 16, {"file descriptors, and the hard limit is "}},
};

START_TEST(a_start_that_fails_says_why)
{
    const char *const arguments[] = {"logitd", "--port", "0", "--threads", "3", "--max-connections",
                                     "16",     NULL};
    char path[64], said[1024], all[1 << 16] = "";

    copy_program(path);
    for (size_t i = 0; i < COUNT(floors); i++) {
        int status = 0;

        for (rlim_t n = floors[i].least; n <= floors[i].most && status != -1; n++) {
            const struct floor floor = {floors[i].resource, n};

            status = start(path, &floor, arguments, said, sizeof said);
            ck_assert_msg(status == -1 || (status == 1 && strncmp(said, "logitd: ", 8) == 0),
                          "%zu, %lu: %d, %s", i, (unsigned long)n, status, said);
            strncat(all, said, sizeof all - strlen(all) - 1);
        }
        ck_assert_int_eq(status, -1);
        for (size_t n = 0; floors[i].says[n]; n++)
            ck_assert_msg(strstr(all, floors[i].says[n]), "%s: %s", floors[i].says[n], all);
    }
    unlink(path);
}
END_TEST

START_TEST(an_address_in_use_is_named_with_its_port)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const struct floor none = {RLIMIT_CORE, 0};
    socklen_t length = sizeof name;
    char said[1024], port[8], wanted[64];
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    listen(fd, 1);
    getsockname(fd, (struct sockaddr *)&name, &length);
    snprintf(port, sizeof port, "%u", (unsigned)ntohs(name.sin_port));
    snprintf(wanted, sizeof wanted, "logitd: cannot listen on 127.0.0.1 port %s: ", port);
    ck_assert_int_eq(start(program(), &none, (const char *const[]){"logitd", "--port", port, NULL},
                           said, sizeof said),
                     1);
    ck_assert_msg(strncmp(said, wanted, strlen(wanted)) == 0, "%s", said);
    ck_assert_msg(strstr(said, "--port takes another one"), "%s", said);
    close(fd);
}
END_TEST

/* ---- nobody reads what is said ---- */

static int full_pipe(int ends[2])
{
    static const char filler[4096];

    ck_assert_int_eq(pipe(ends), 0);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], filler, sizeof filler) > 0)
        continue;
    fcntl(ends[1], F_SETFL, 0); /* as whoever starts us would have it */
    return ends[1];
}

/* A port that was free a moment ago: the server cannot say which one it took. */
static unsigned free_port(void)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof name;
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    bind(fd, (struct sockaddr *)&name, sizeof name);
    getsockname(fd, (struct sockaddr *)&name, &length);
    close(fd);
    return ntohs(name.sin_port);
}

START_TEST(full_pipes_hold_nothing_up)
{
    const unsigned port = free_port();
    struct service service = {.errors = -1};
    char argument[8];
    static char answer[1 << 14];
    int ends[2], status = 0, good = 0, waited = 0;
    const int full = full_pipe(ends);

    snprintf(argument, sizeof argument, "%u", port);
    snprintf(service.url, sizeof service.url, "http://127.0.0.1:%u", port);
    service.pid = fork();
    if (service.pid == 0) {
        dup2(full, STDERR_FILENO);
        dup2(full, STDOUT_FILENO);
        execl(program(), program(), "--port", argument, "--log-level", "debug", NULL);
        _exit(127);
    }
    for (int n = 0; n < 200 && good < 20; n++) {
        const int fd = dial(&service);

        if (fd >= 0) {
            say(fd, WHOLE);
            hear_until(fd, answer, sizeof answer, NULL);
            good += status_in(answer) == 200;
            close(fd);
        } else {
            pause_ms(50);
        }
    }
    ck_assert_int_eq(good, 20);
    kill(service.pid, SIGTERM);
    for (; waited < 100 && waitpid(service.pid, &status, WNOHANG) == 0; waited++)
        pause_ms(50);
    if (waited == 100)
        kill(service.pid, SIGKILL);
    ck_assert_msg(waited < 100 && WIFEXITED(status) && WEXITSTATUS(status) == 0, "%d", status);
    ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0); /* not ours to change */
    close(ends[0]);
    close(ends[1]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_start_that_fails_says_why,
                                  an_address_in_use_is_named_with_its_port,
                                  full_pipes_hold_nothing_up, NULL};

    signal(SIGPIPE, SIG_IGN);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return suite_main("start", tests);
}
