/* assets.c - the files of the page.
 *
 * The assembler puts the bytes of each file into the program (.incbin), with a label before and
 * behind them. */
#include "api/routes/page/assets.h"

#include <string.h>

/* clang-format off */
#define BYTES(label, file) label ":\n.incbin \"" file "\"\n" label "_end:\n"
#define ASSET(number, name, file, packed, hash)                                                    \
    __asm__(".pushsection .rodata\n"                                                               \
            BYTES("asset_" #number, file) BYTES("asset_gz_" #number, packed)                       \
            ".popsection\n");                                                                      \
    extern const char asset_##number[], asset_##number##_end[];                                    \
    extern const char asset_gz_##number[], asset_gz_##number##_end[];
#include "web/assets.def"
#undef ASSET
/* clang-format on */

static const struct {
    const char *name, *hash, *plain, *plain_end, *packed, *packed_end;
} assets[] = {
#define ASSET(number, name, file, packed, hash)                                                    \
    {name, hash, asset_##number, asset_##number##_end, asset_gz_##number, asset_gz_##number##_end},
#include "web/assets.def"
#undef ASSET
};

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".json", "application/json"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *type_of(const char *name)
{
    const char *ending = strrchr(name, '.');

    for (size_t i = 0; ending && i < sizeof types / sizeof *types; i++)
        if (strcmp(ending, types[i].ending) == 0)
            return types[i].type;
    return "application/octet-stream";
}

bool asset_find(const char *name, struct asset *asset)
{
    for (size_t i = 0; i < sizeof assets / sizeof *assets; i++) {
        if (strcmp(assets[i].name, name) != 0)
            continue;
        *asset = (struct asset){
            .name = assets[i].name,
            .hash = assets[i].hash,
            .type = type_of(name),
            .plain = {assets[i].plain, (size_t)(assets[i].plain_end - assets[i].plain)},
            .packed = {assets[i].packed, (size_t)(assets[i].packed_end - assets[i].packed)}};
        return true;
    }
    return false;
}
