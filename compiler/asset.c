/* asset.c -- templates and runtime files: a folder of the user's before the
 * copies inside the binary, file by file. */

#include "rnnc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const Asset *find(const char *path)
{
    for (const Asset *asset = assets; asset->path; asset++)
        if (strcmp(asset->path, path) == 0)
            return asset;
    return NULL;
}

/* NULL after a message. */
static const char *read_own(Arena *a, const char *path, Inputs *inputs)
{
    Buf text = {0};
    const char *why = file_read(path, inputs->max_bytes, &text);
    if (why) {
        error_file(path, "%s", why);
        return NULL;
    }
    arena_defer(a, free, text.data);
    depend_on(a, inputs, path);
    return text.data;
}

const char *asset_read(Arena *a, const char *dir, const char *path,
                       Inputs *inputs)
{
    if (dir) {
        const char *own = arena_printf(a, "%s/%s", dir, path);
        struct stat st;
        if (stat(own, &st) == 0)
            return read_own(a, own, inputs);
    }
    const Asset *asset = find(path);
    return asset ? (const char *)asset->data : NULL;
}

/* ---- --dump-templates ---------------------------------------------------- */

/* Every folder on the way to a file. Those that exist are fine; what else
 * goes wrong shows when the file is written. */
static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
}

bool assets_dump(const char *dir)
{
    bool ok = true;
    Arena *a = arena_new();
    for (const Asset *asset = assets; ok && asset->path; asset++) {
        char *path = arena_printf(a, "%s/%s", dir, asset->path);
        make_folders(path);
        const char *why =
            file_write(path, (const char *)asset->data, asset->size);
        if (why)
            error_file(path, "%s", why);
        ok = !why;
    }
    arena_free(a);
    return ok;
}
