/* test_starve.c - every allocation on the path of a request fails in turn: once, and from then on.
 *
 * The answer must be a whole 200, a 503, or a closed connection; never the client's fault; and the
 * next request is answered as if nothing had been. */
#include "tests/http/ask.h"
#include "tests/http/socket.h"
#include "tests/starve/starve.h"
#include "tests/unit/suite.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#define CONNECTIONS 16
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

/* Allocations that a request makes: of its connection and of its arena at the least. */
#define LEAST 20
#define MOST 100

static struct service service;
static struct starve *starve;

static const struct {
    const char *path, *body; /* no body: GET */
    const char *type;        /* NULL: JSON */
    bool packed;             /* sent as gzip */
    const char *form;        /* a file with a multipart body */
} requests[] = {
    {"/v1/score",
     "{\"model\":\"m\",\"sequences\":[{\"id\":\"a\",\"tokens\":[0,1,2,3],\"prompt_length\":2,"
     "\"details\":[\"rank\",\"entropy\",\"top:2\"],"
     "\"logits\":[[1,2,3,4],[4,3,2,1],[0,0,0,0]]},{\"logprobs\":[-1,-2]}]}",
     NULL, false, NULL},
    {"/v1/score",
     "{\"tokens\":[0,1],\"logits\":{\"dtype\":\"f32\",\"shape\":[1,2],\"data\":\"AAAAAAAAAAA=\"}}",
     NULL, false, NULL},
    {"/v1/score",
     "{\"logprobs\":[-1,-2]}\n{\"logprobs\":[1]}\n{\"tokens\":[0,1],\"logits\":[[1,2]]}",
     "Content-Type: application/x-ndjson", false, NULL},
    {"/v1/score", "{\"tokens\":[0,1],\"logits\":[[1,2]]}", NULL, true, NULL},
    {"/v1/rank",
     "{\"questions\":[{\"prompt\":[0],\"gold\":0,\"choices\":[{\"completion\":[1],\"text\":\"a\"},"
     "{\"completion\":[0]}],\"logits\":[[1,2]]},{\"choices\":[{\"logprobs\":[-1]}]}]}",
     NULL, false, NULL},
    {.path = "/v1/score", .form = "tests/golden/forms/valid/safetensors_for_each/body"},
    {.path = "/v1/score", .form = "tests/golden/forms/valid/npy_batch/body"},
    {.path = "/metrics"},
    {.path = "/openapi.json"},
};

static size_t pack(const char *text, char *out, size_t size)
{
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)text,
                       .avail_in = (unsigned)strlen(text),
                       .next_out = (unsigned char *)out,
                       .avail_out = (unsigned)size};

    ck_assert_int_eq(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return size - stream.avail_out;
}

/* The caller frees reply->body. */
static void post(size_t i, struct reply *reply)
{
    const char *type = requests[i].type ? requests[i].type : "Content-Type: application/json";
    const char *coding = requests[i].packed ? "Content-Encoding: gzip" : NULL;
    const char *body = requests[i].body;
    struct answer answer;
    char packed[1024];

    ask_post(&service, requests[i].path, (const char *const[ASK_FIELDS]){type, coding},
             coding ? packed : body, coding ? pack(body, packed, sizeof packed) : strlen(body),
             &answer);
    *reply = (struct reply){answer.status, answer.text, answer.length};
}

static void post_form(size_t i, struct reply *reply)
{
    size_t length;
    char *form = file_load(requests[i].form, &length);

    service_post_as(&service, requests[i].path,
                    "multipart/form-data; boundary=logitd-test-boundary", form, length, reply);
    free(form);
}

static long ask_for(size_t i, struct reply *reply)
{
    if (requests[i].form)
        post_form(i, reply);
    else if (requests[i].body)
        post(i, reply);
    else
        service_get(&service, requests[i].path, reply);
    return reply->status;
}

/* Let allocation `n` of a request fail; whether the request got so far. */
static bool try_one(size_t i, long n, int for_good)
{
    struct reply reply;
    long status, failed;

    atomic_store(&starve->left, n);
    atomic_store(&starve->failed, 0);
    atomic_store(&starve->for_good, for_good);
    atomic_store(&starve->armed, 1);
    status = ask_for(i, &reply);
    atomic_store(&starve->armed, 0);
    failed = atomic_load(&starve->failed);
    ck_assert_msg(status == 0 || status == 200 || status == 503, "%s, allocation %ld: %ld %s",
                  requests[i].path, n, status, reply.body);
    ck_assert_msg(status != 503 || strstr(reply.body, "\"code\":\"no_memory\""), "%s", reply.body);
    free(reply.body);
    ck_assert_int_eq(ask_for(i, &reply), 200);
    free(reply.body);
    return failed > 0;
}

START_TEST(every_allocation_may_fail)
{
    for (size_t i = 0; i < COUNT(requests); i++) {
        for (int for_good = 0; for_good < 2; for_good++) {
            long n = 0;

            while (try_one(i, n, for_good))
                ck_assert_int_lt(n++, MOST);
            ck_assert_msg(n >= LEAST, "%s: %ld allocations failed", requests[i].path, n);
        }
    }
}
END_TEST

/* Once it is connected, the third allocation for a connection is made by the thread that serves it:
 * where that fails, the library closes it and tells nobody.  It must not count for ever. */
START_TEST(connections_that_never_begin_are_forgotten)
{
    struct reply reply = {0};

    for (int n = 0; n < CONNECTIONS + 100; n++) {
        char byte;
        int fd;

        atomic_store(&starve->left, 2);
        atomic_store(&starve->for_good, 0);
        atomic_store(&starve->armed, 1);
        fd = dial(&service);
        (void)!recv(fd, &byte, 1, 0); /* until it is closed */
        atomic_store(&starve->armed, 0);
        close(fd);
    }
    for (int tries = 0; tries < 100 && reply.status != 200; tries++) {
        free(reply.body);
        pause_ms(50);
        service_get(&service, "/livez", &reply);
    }
    ck_assert_int_eq(reply.status, 200);
    free(reply.body);
}
END_TEST

START_TEST(the_server_ends_well)
{
    ck_assert_int_eq(service_stop(&service), 0);
}
END_TEST

static void prepare(void)
{
    char path[] = "/tmp/starveXXXXXX";
    const int fd = mkstemp(path);

    if (fd < 0 || ftruncate(fd, sizeof *starve) != 0)
        abort();
    starve = mmap(NULL, sizeof *starve, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (starve == MAP_FAILED)
        abort();
    setenv("STARVE_FILE", path, 1);
    setenv("LD_PRELOAD", getenv("STARVE"), 1);
    service_start(&service, (const char *const[]){"--threads", "1", "--max-connections",
                                                  TEXT(CONNECTIONS), NULL});
    unsetenv("LD_PRELOAD");
    unlink(path);
}

int main(void)
{
    const TTest *const tests[] = {every_allocation_may_fail,
                                  connections_that_never_begin_are_forgotten, the_server_ends_well,
                                  NULL};

    if (!getenv("STARVE")) {
        fputs("STARVE must name the library to preload\n", stderr);
        return EXIT_FAILURE;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    prepare();
    return suite_main("starve", tests);
}
