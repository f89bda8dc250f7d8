/* read.c -- from a file to a Graph: load, parse, find the dialect, read. */

#include "rnnc.h"

#include <stdlib.h>
#include <string.h>

/* The first whose probe knows the content; the order is that of --list-formats.
 */
extern const Format format_rnnc_v1, format_keras, format_aidax, format_rtneural,
    format_guitarml, format_nam, format_state_dict, format_lwtnn, format_tfjs,
    format_frugally_deep;
const Format *const format_table[] = {&format_rnnc_v1,
                                      &format_aidax,
                                      &format_rtneural,
                                      &format_guitarml,
                                      &format_nam,
                                      &format_tfjs,
                                      &format_keras,
                                      &format_state_dict,
                                      &format_frugally_deep,
                                      &format_lwtnn,
                                      NULL};

void depend_on(Arena *a, Inputs *inputs, const char *path)
{
    for (int i = 0; i < inputs->depend_count; i++)
        if (strcmp(inputs->depends[i], path) == 0)
            return;
    int count = inputs->depend_count++;
    const char **list = arena_alloc(a, (size_t)count + 2, sizeof *list);
    if (count)
        memcpy(list, inputs->depends, (size_t)count * sizeof *list);
    list[count] = arena_strndup(a, path, strlen(path));
    inputs->depends = list;
}

static void release_json(void *json)
{
    json_free(json);
}

Source *source_load(Arena *a, Inputs *inputs, const char *path, At *root,
                    const char **sha256)
{
    Source *src = arena_alloc(a, 1, sizeof *src);
    Buf text = {0};
    bool standard = strcmp(path, "-") == 0;
    const char *why = file_read(path, inputs->max_bytes, &text);
    *src = (Source){standard ? "<stdin>" : path, text.data, text.size, a};
    if (why) {
        error_file(src->file, "%s", why);
        inputs->unreadable |= why != file_too_large;
        return NULL;
    }
    if (!standard)
        depend_on(a, inputs, path);
    if (sha256) {
        char *hex = arena_alloc(a, 65, 1);
        sha256_hex(text.data, text.size, hex);
        *sha256 = hex;
    }
    arena_defer(a, free, text.data);
    Json *json = json_parse(src);
    arena_defer(a, release_json, json);
    *root = at_root(json);
    return root->json ? src : NULL;
}

static const char *format_names(Arena *a)
{
    char *names = arena_printf(a, "%s", format_table[0]->name);
    for (int i = 1; format_table[i]; i++)
        names = arena_printf(a, "%s, %s", names, format_table[i]->name);
    return names;
}

static const Format *find_format(const Source *src, const At *root,
                                 const Inputs *inputs)
{
    for (int i = 0; format_table[i]; i++)
        if (inputs->format ? strcmp(inputs->format, format_table[i]->name) == 0
                           : format_table[i]->probe(root))
            return format_table[i];
    if (inputs->format)
        error_at(src, root, "unknown format \"%s\", expected one of: %s",
                 printable(src->arena, inputs->format),
                 format_names(src->arena));
    else
        error_at(src, root,
                 "unknown model format: expected {\"format\": \"rnnc\", "
                 "\"version\": 1, ...}, or a file of one of: %s",
                 format_names(src->arena));
    return NULL;
}

/* A file of golden vectors: an array of them, or {"samples": [...]}. */
static bool read_sample_file(Arena *a, Inputs *inputs, Graph *g)
{
    static const char *const keys[] = {"samples", NULL};
    At root;
    Source *src = source_load(a, inputs, inputs->samples, &root, NULL);
    if (!src)
        return false;
    At *kept = at_keep(a, &root);
    if (at_is_array(kept))
        return read_samples(src, kept, g, inputs);
    if (!want_object(src, kept) || !want_keys(src, kept, keys))
        return false;
    At samples = at_key(kept, "samples");
    return read_samples(src, &samples, g, inputs);
}

Graph *graph_read(Arena *a, Inputs *inputs)
{
    At root;
    Graph *g = graph_new(a);
    Source *src = source_load(a, inputs, inputs->model, &root, &g->sha256);
    if (!src)
        return NULL;
    const Format *format = find_format(src, &root, inputs);
    if (!format)
        return NULL;
    g->src = src;
    g->format = format->name;
    if (!format->read(src, at_keep(a, &root), g, inputs))
        g->unfinished = true;
    else if (inputs->samples && !read_sample_file(a, inputs, g))
        return NULL;
    return g;
}

/* The conventions taken while reading. Format rnnc states everything; other
 * dialects add what they had to decide. */
void explain(const Graph *g, FILE *to)
{
    fprintf(to, "format %s, SHA-256 %s\n", g->format, g->sha256);
    for (int i = 0; g->conventions && g->conventions[i]; i++)
        fprintf(to, "%s\n", g->conventions[i]);
    for (const Node *n = g->first; n; n = n->next)
        for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
            const Attr *attr = &n->attr[i];
            const char *name = n->op->attrs[i].name;
            const char *layer = printable(g->arena, n->name);
            if (n->op->attrs[i].type == ATTR_ACTIVATION)
                fprintf(to, "%s: %s is %s = %s%s\n", layer, name,
                        attr->activation.row->name,
                        attr->activation.row->formula,
                        attr->at.json ? "" : " (default)");
            else if (!attr->at.json)
                fprintf(to, "%s: %s is %s (default)\n", layer, name,
                        n->op->attrs[i].fallback);
        }
}
