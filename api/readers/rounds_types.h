/* rounds_types.h - what the two stages of rounds.h hand to each other. */
#ifndef API_READERS_ROUNDS_TYPES_H
#define API_READERS_ROUNDS_TYPES_H

#include "api/reader.h"

#include <stdint.h>

#define ROUND 4096 /* bytes; numbers and commas take two of them at least */
#define BLOCK 64
#define GROUP 8

/* A bit for each byte of a block. */
struct block {
    uint64_t number, comma, other;
};

#endif
