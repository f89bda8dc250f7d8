/* formats/side.c -- files beside the model.
 *
 * The model names them, and may come from anywhere: only paths below its own
 * folder are opened. */

#define _XOPEN_SOURCE 700 /* realpath */
#include "../rnnc.h"

#include <stdlib.h>
#include <string.h>

/* Whether path, with every link resolved, lies below folder. */
static bool lies_below(const char *folder, const char *path)
{
    char *top = realpath(folder, NULL), *file = realpath(path, NULL);
    size_t length = top ? strlen(top) : 0;
    bool below = !file || /* absent: reading it will say so */
                 (top && strncmp(top, file, length) == 0 &&
                  (file[length] == '/' || (length && top[length - 1] == '/')));
    free(top);
    free(file);
    return below;
}

/* The path of a side file, or NULL where the model may not reach. */
static const char *side_path(const Source *src, const char *model,
                             const char *name)
{
    const char *slash = strrchr(model, '/');
    int folder = slash ? (int)(slash - model) + 1 : 0;
    bool inside = *name && *name != '/' && !strchr(name, '\\');
    for (const char *p = name; inside && p; p = strchr(p, '/')) {
        p += *p == '/';
        inside = strncmp(p, "..", 2) != 0 || (p[2] != '/' && p[2] != '\0');
    }
    char *path = arena_printf(src->arena, "%.*s%s", folder, model, name);
    char *top = arena_printf(src->arena, "%.*s.", folder, model);
    return inside && lies_below(top, path) ? path : NULL;
}

const char *side_read(Source *src, const At *at, Inputs *inputs,
                      const char *name, Buf *out)
{
    const char *path = side_path(src, inputs->model, name);
    if (!path) {
        error_at(src, at,
                 "expected a file below the model's own folder, "
                 "got %s",
                 at_describe(src->arena, at));
        return NULL;
    }
    const char *why = file_read(path, inputs->max_bytes, out);
    if (why) {
        error_at(src, at, "cannot read %s: %s", printable(src->arena, path),
                 why);
        return NULL;
    }
    arena_defer(src->arena, free, out->data);
    depend_on(src->arena, inputs, path);
    return path;
}
