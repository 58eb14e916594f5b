/* clients.c - the hash table of clients. */
#include "server/clients.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

bool clients_init(struct clients *clients, size_t most)
{
    size_t places = 1;

    while (places < most)
        places *= 2;
    *clients = (struct clients){.most = most, .mask = places - 1};
    pthread_mutex_init(&clients->lock, NULL);
    clients->pool = calloc(most, sizeof *clients->pool);
    clients->place = calloc(places, sizeof(struct client *));
    if (getrandom(clients->secret, sizeof clients->secret, 0) != sizeof clients->secret)
        memset(clients->secret, 0x55, sizeof clients->secret);
    return clients->pool && clients->place;
}

void clients_release(struct clients *clients)
{
    free(clients->pool);
    free(clients->place);
    pthread_mutex_destroy(&clients->lock);
}

/* ---- keys ---- */

/* False where there is no Internet address. */
static bool read_key(const struct sockaddr *address, struct client_key *key)
{
    struct in6_addr ip = {0};
    uint64_t half[2];

    if (address && address->sa_family == AF_INET) {
        ip.s6_addr[10] = ip.s6_addr[11] = 0xff;
        memcpy(&ip.s6_addr[12], &((const struct sockaddr_in *)address)->sin_addr, 4);
    } else if (address && address->sa_family == AF_INET6) {
        ip = ((const struct sockaddr_in6 *)address)->sin6_addr;
    } else {
        return false;
    }
    memcpy(half, &ip, sizeof half);
    *key = (struct client_key){half[0], IN6_IS_ADDR_V4MAPPED(&ip) ? half[1] : 0};
    return true;
}

static bool is_key(const struct client *client, const struct client_key *key)
{
    return client->key.high == key->high && client->key.low == key->low;
}

/* Both halves, each with its part of the secret, multiplied and folded. */
static struct client **place_of(struct clients *clients, const struct client_key *key)
{
    const __uint128_t product =
        (__uint128_t)(key->high ^ clients->secret[0]) * (key->low ^ clients->secret[1]);

    return &clients->place[((uint64_t)product ^ (uint64_t)(product >> 64)) & clients->mask];
}

static struct client *find(struct clients *clients, const struct client_key *key)
{
    struct client *client = *place_of(clients, key);

    while (client && !is_key(client, key))
        client = client->next;
    return client;
}

/* ---- coming and going ---- */

/* The lock is held.  NULL where there are more clients than were foreseen. */
static struct client *make(struct clients *clients, const struct client_key *key)
{
    struct client **place = place_of(clients, key), *client = clients->unused;

    if (client)
        clients->unused = client->next;
    else if (clients->made < clients->most)
        client = &clients->pool[clients->made++];
    else
        return NULL;
    client->key = *key;
    client->next = *place;
    *place = client;
    return client;
}

struct client *clients_enter(struct clients *clients, const struct sockaddr *address)
{
    struct client_key key;
    struct client *client;

    if (!read_key(address, &key))
        return NULL;
    pthread_mutex_lock(&clients->lock);
    client = find(clients, &key);
    if (!client)
        client = make(clients, &key);
    if (client)
        client->connections++;
    pthread_mutex_unlock(&clients->lock);
    return client;
}

static void forget(struct clients *clients, struct client *client)
{
    struct client **link = place_of(clients, &client->key);

    while (*link != client)
        link = &(*link)->next;
    *link = client->next;
    client->next = clients->unused;
    clients->unused = client;
}

void clients_leave(struct clients *clients, struct client *client)
{
    if (!client)
        return;
    pthread_mutex_lock(&clients->lock);
    if (--client->connections == 0)
        forget(clients, client);
    pthread_mutex_unlock(&clients->lock);
}

size_t clients_count(struct clients *clients, const struct sockaddr *address)
{
    const struct client *client;
    struct client_key key;
    size_t count;

    if (!read_key(address, &key))
        return 0;
    pthread_mutex_lock(&clients->lock);
    client = find(clients, &key);
    count = client ? client->connections : 0;
    pthread_mutex_unlock(&clients->lock);
    return count;
}
