/* test_clients.c - counts of connections by address. */
#include "tests/unit/suite.h"

#include "server/clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static struct sockaddr_storage address_of(const char *text)
{
    struct sockaddr_storage address = {.ss_family = AF_UNIX};
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        memcpy(&address, &four, sizeof four);
    else if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
        memcpy(&address, &six, sizeof six);
    return address;
}

static struct client *enter(struct clients *clients, const char *text)
{
    const struct sockaddr_storage address = address_of(text);

    return clients_enter(clients, (const struct sockaddr *)&address);
}

static size_t count(struct clients *clients, const char *text)
{
    const struct sockaddr_storage address = address_of(text);

    return clients_count(clients, (const struct sockaddr *)&address);
}

static const struct {
    const char *one, *other;
    bool same;
} pairs[] = {
    {"127.0.0.1", "127.0.0.1", true},
    {"127.0.0.1", "127.0.0.2", false},
    {"127.0.0.1", "::ffff:127.0.0.1", true},
    {"::ffff:127.0.0.1", "::ffff:127.0.0.2", false},
    {"2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true}, /* one network, one client */
    {"2001:db8:0:1::1", "2001:db8:0:2::1", false},
    {"0.0.0.0", "::", false},
    {"::1", "127.0.0.1", false},
};

START_TEST(addresses_are_told_apart)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct clients clients;
        struct client *one, *other;

        ck_assert(clients_init(&clients, 2));
        one = enter(&clients, pairs[i].one);
        ck_assert_uint_eq(count(&clients, pairs[i].other), pairs[i].same);
        other = enter(&clients, pairs[i].other);
        ck_assert_msg((one == other) == pairs[i].same, "row %zu", i);
        ck_assert_uint_eq(count(&clients, pairs[i].one), pairs[i].same ? 2 : 1);
        clients_leave(&clients, one);
        clients_leave(&clients, other);
        ck_assert_uint_eq(count(&clients, pairs[i].one) + count(&clients, pairs[i].other), 0);
        clients_release(&clients);
    }
}
END_TEST

START_TEST(a_unix_socket_has_no_address)
{
    struct clients clients;

    ck_assert(clients_init(&clients, 2));
    ck_assert_ptr_null(enter(&clients, "unix"));
    ck_assert_ptr_null(clients_enter(&clients, NULL));
    ck_assert_uint_eq(count(&clients, "unix"), 0);
    clients_leave(&clients, NULL);
    clients_release(&clients);
}
END_TEST

enum { MOST = 1000, ROUNDS = 5 };

/* All places are taken and given back, over and over; one more client is not counted. */
START_TEST(places_come_back)
{
    static struct client *each[MOST];
    struct clients clients;
    char text[32];

    ck_assert(clients_init(&clients, MOST));
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < MOST; i++) {
            snprintf(text, sizeof text, "10.%d.%d.%d", round, i / 256, i % 256);
            each[i] = enter(&clients, text);
            ck_assert_ptr_nonnull(each[i]);
            ck_assert_uint_eq(atomic_load(&each[i]->bodies), 0);
        }
        ck_assert_ptr_null(enter(&clients, "11.0.0.0"));
        for (int i = 0; i < MOST; i++) {
            snprintf(text, sizeof text, "10.%d.%d.%d", round, i / 256, i % 256);
            ck_assert_uint_eq(count(&clients, text), 1);
            clients_leave(&clients, each[i]);
            ck_assert_uint_eq(count(&clients, text), 0);
        }
    }
    clients_release(&clients);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {addresses_are_told_apart, a_unix_socket_has_no_address,
                                  places_come_back, NULL};

    return suite_main("clients", tests);
}
