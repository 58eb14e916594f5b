/* score.c - post a request to logitd and print the answer, with libcurl.
 *
 *   make examples && build/examples/score examples/once.json [URL] */
#include <curl/curl.h>

#include <stdio.h>
#include <stdlib.h>

/* The whole file, NUL-terminated; NULL if it cannot be read.  The caller frees it. */
static char *file_read(const char *path, long *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;

    if (!file)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (*length = ftell(file)) >= 0) {
        rewind(file);
        bytes = malloc((size_t)*length + 1);
        if (bytes && fread(bytes, 1, (size_t)*length, file) == (size_t)*length) {
            bytes[*length] = '\0';
        } else {
            free(bytes);
            bytes = NULL;
        }
    }
    fclose(file);
    return bytes;
}

/* Post `length` bytes; the answer goes to stdout.  Returns the HTTP status, or 0. */
static long post(const char *url, const char *body, long length)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    CURL *curl = curl_easy_init();
    long status = 0;

    if (curl && headers) {
        CURLcode result;

        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
        result = curl_easy_perform(curl);
        if (result != CURLE_OK)
            fprintf(stderr, "%s: %s\n", url, curl_easy_strerror(result));
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return status;
}

int main(int argc, char **argv)
{
    const char *url = argc > 2 ? argv[2] : "http://127.0.0.1:8080/v1/score";
    long length = 0, status;
    char *body = argc > 1 ? file_read(argv[1], &length) : NULL;

    if (!body) {
        fprintf(stderr, "usage: %s REQUEST.json [URL]\n", argv[0]);
        return EXIT_FAILURE;
    }
    status = post(url, body, length);
    free(body);
    return status == 200 ? EXIT_SUCCESS : EXIT_FAILURE;
}
