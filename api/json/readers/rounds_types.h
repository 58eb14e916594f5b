/* rounds_types.h - the types that the two stages of rounds.h share. */
#ifndef API_JSON_READERS_ROUNDS_TYPES_H
#define API_JSON_READERS_ROUNDS_TYPES_H

#include "api/json/reader.h"

#include <stdint.h>

#define ROUND 4096 /* bytes; a number and its comma take at least two */
#define BLOCK 64
#define GROUP 8

/* One bit for each byte of a block, in the class of that byte. */
struct block {
    uint64_t number, comma, other;
};

#endif
