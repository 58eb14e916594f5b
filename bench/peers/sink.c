/* sink.c - libmicrohttpd as logitd uses it, with nothing behind it: bodies are thrown away.
 *
 * sink PORT: serves on 127.0.0.1 until it is killed. */
#include <microhttpd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *chunk,
                              size_t *size, void **state)
{
    static char seen;
    struct MHD_Response *response = context;

    (void)url;
    (void)method;
    (void)version;
    (void)chunk;
    if (!*state) {
        *state = &seen;
        return MHD_YES;
    }
    if (*size > 0) {
        *size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

int main(int argc, char **argv)
{
    static char text[] = "{\"ok\":1}";
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof text - 1, text, MHD_RESPMEM_PERSISTENT);
    const uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 0);
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, port, NULL, NULL, answer, response,
                         MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         (size_t)32 << 10, MHD_OPTION_END);

    if (!daemon)
        return 1;
    pause();
    return 0;
}
