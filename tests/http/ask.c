/* ask.c - POST with header fields of one's own. */
#include "tests/http/ask.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t keep(char *bytes, size_t size, size_t count, void *context)
{
    struct answer *answer = context;
    char *text = realloc(answer->text, answer->length + size * count + 1);

    if (!text)
        return 0;
    memcpy(text + answer->length, bytes, size * count);
    answer->text = text;
    answer->length += size * count;
    text[answer->length] = '\0';
    return size * count;
}

/* Behind the head. */
static const char *find_body(const struct answer *answer)
{
    const char *end = strstr(answer->text, "\r\n\r\n");

    return end ? end + 4 : answer->text + answer->length;
}

void ask_post(const struct service *service, const char *path, const char *const fields[ASK_FIELDS],
              const void *body, size_t length, struct answer *answer)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    char url[256];

    *answer = (struct answer){.text = calloc(1, 1)};
    snprintf(url, sizeof url, "%s%s", service->url, path);
    for (size_t i = 0; i < ASK_FIELDS && fields[i]; i++)
        list = curl_slist_append(list, fields[i]);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    curl_easy_setopt(curl, CURLOPT_HEADER, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
    answer->body = find_body(answer);
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
}
