/* rounds_types.h - what the two stages of rounds.h hand to each other. */
#ifndef API_JSON_READERS_ROUNDS_TYPES_H
#define API_JSON_READERS_ROUNDS_TYPES_H

#include "api/json/reader.h"

#include <stdint.h>

#define ROUND 4096 /* bytes; numbers and commas take two of them at least */
#define BLOCK 64
#define GROUP 8

/* A bit for each byte of a block. */
struct block {
    uint64_t number, comma, other;
};

#endif
