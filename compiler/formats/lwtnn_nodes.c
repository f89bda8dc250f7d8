/* formats/lwtnn_nodes.c -- the parts of lwtnn's graphs: inputs, nodes, layers.
 */

#include "lwtnn_graph.h"

#include <string.h>

const LwNodeRow lw_node_rows[] = {
    {"input", false, true, false, 1, "size"},
    {"input_sequence", true, false, false, 1, "size"},
    {"feed_forward", false, true, false, 1, "layer_index"},
    {"sequence", true, true, true, 1, "layer_index"},
    {"time_distributed", true, false, true, 1, "layer_index"},
    {"concatenate", false, true, false, 0, NULL},
    {"add", false, true, false, 0, NULL},
    {"sum", false, true, true, 1, NULL},
};

/* ---- Inputs -------------------------------------------------------------- */

bool lw_read_inputs(LwGraph *m, const At *root, bool sequence)
{
    static const char *const keys[] = {"name", "variables", NULL};
    Build *b = m->b;
    At list = at_key(root, sequence ? "input_sequences" : "inputs");
    bool ok = true;
    if (!list.json)
        return true;
    if (!want_array(b->src, &list))
        return false;
    const At *parent = at_keep(b->g->arena, &list);
    for (const Json *item = json_first(list.json); item;
         item = json_next(item)) {
        int k = m->inputs[sequence];
        const At *at = at_keep(b->g->arena, &(At){item, parent, NULL, k});
        At name_at = at_key(at, "name"), variables = at_key(at, "variables");
        const char *name = "";
        if (k == MAX_PORTS || b->g->inputs == MAX_PORTS) {
            error_at(b->src, at, "expected at most %d inputs", MAX_PORTS);
            return false;
        }
        ok = want_keys(b->src, at, keys) && ok;
        ok &= want_string(b->src, &name_at, &name);
        for (int i = 0; i < b->g->inputs; i++)
            if (*name && strcmp(b->g->input[i]->name, name) == 0) {
                error_at(b->src, &name_at, "the name %s is taken",
                         at_describe(b->g->arena, &name_at));
                ok = false;
            }
        int size =
            lw_input(b, &variables, name, (LwTime){sequence, m->timesteps});
        ok &= size > 0;
        m->size[sequence][k] = size;
        m->input[sequence][k] = b->last;
        m->inputs[sequence]++;
    }
    return ok;
}

/* ---- Nodes --------------------------------------------------------------- */

static bool read_type(LwGraph *m, LwNode *n)
{
    const char *names[LW_NODE_TYPES + 1] = {NULL}, *name;
    At at = at_key(n->at, "type");
    if (!want_string(m->b->src, &at, &name))
        return false;
    for (int i = 0; i < LW_NODE_TYPES; i++) {
        names[i] = lw_node_rows[i].name;
        if (strcmp(names[i], name) == 0) {
            n->type = (LwNodeType)i;
            return true;
        }
    }
    const char *guess = nearest(name, names);
    error_at(m->b->src, &at, "unknown node type %s%s%s%s",
             at_describe(m->b->g->arena, &at), guess ? " (did you mean \"" : "",
             guess ? guess : "", guess ? "\"?)" : "");
    return false;
}

/* Source k, a number below `limit`. */
bool lw_source(const LwGraph *m, const LwNode *n, int k, int limit, int *out)
{
    At list = at_key(n->at, "sources");
    const Json *item = json_first(list.json);
    for (int i = 0; i < k; i++)
        item = json_next(item);
    At at = at_item(&list, item, k);
    if (!want_int(m->b->src, &at, 0, MAX_DIM, out))
        return false;
    if (*out < limit)
        return true;
    error_at(m->b->src, &at, "expected a number below %d, got %d", limit, *out);
    return false;
}

static bool read_input_node(LwGraph *m, LwNode *n)
{
    bool sequence = n->type == LW_INPUT_SEQUENCE;
    At at = at_key(n->at, "size");
    if (!lw_source(m, n, 0, m->inputs[sequence], &n->source))
        return false;
    n->features = m->size[sequence][n->source];
    if (n->features < 0)
        return false; /* reported at the input */
    n->made[sequence] = m->input[sequence][n->source];
    if (n->index == n->features)
        return true;
    error_at(m->b->src, &at, "the input has %d variables, got %d", n->features,
             n->index);
    return false;
}

static bool read_node(LwGraph *m, LwNode *n)
{
    const Source *src = m->b->src;
    const char *keys[] = {"type", "sources", NULL, NULL};
    At sources = at_key(n->at, "sources");
    if (!want_object(src, n->at) || !read_type(m, n))
        return false;
    const char *number = keys[2] = lw_node_rows[n->type].number;
    bool ok = want_keys(src, n->at, keys);
    if (!want_array(src, &sources))
        return false;
    int count = json_size(sources.json), wanted = lw_node_rows[n->type].sources;
    if (wanted ? count != wanted : count < 1 || count > MAX_PORTS) {
        error_at(
            src, &sources, "expected %s, got %d",
            wanted ? "one source"
                   : arena_printf(m->b->g->arena, "1 to %d sources", MAX_PORTS),
            count);
        return false;
    }
    At at = number ? at_key(n->at, number) : (At){.json = NULL};
    if (number && !want_int(src, &at, 0, MAX_DIM, &n->index))
        return false;
    if (n->type == LW_INPUT || n->type == LW_INPUT_SEQUENCE)
        return read_input_node(m, n) && ok;
    if (number && n->index >= m->layers) {
        error_at(src, &at, "expected a number below %d, got %d", m->layers,
                 n->index);
        return false;
    }
    return ok;
}

bool lw_read_nodes(LwGraph *m, const At *root)
{
    Arena *a = m->b->g->arena;
    At at = at_key(root, "nodes");
    int i = 0;
    bool ok = true;
    if (!want_array(m->b->src, &at))
        return false;
    m->nodes = json_size(at.json);
    if (m->nodes < 1 || m->nodes > MAX_LAYERS / 8) {
        error_at(m->b->src, &at, "expected 1 to %d nodes, got %d",
                 MAX_LAYERS / 8, m->nodes);
        return false;
    }
    const At *nodes = at_keep(a, &at);
    m->node = arena_alloc(a, (size_t)m->nodes, sizeof *m->node);
    for (const Json *j = json_first(at.json); j; j = json_next(j), i++) {
        m->node[i].at = at_keep(a, &(At){j, nodes, NULL, i});
        m->node[i].broken = !read_node(m, &m->node[i]);
        ok &= !m->node[i].broken;
    }
    return ok;
}

bool lw_find_layers(LwGraph *m, const At *root)
{
    Arena *a = m->b->g->arena;
    At at = at_key(root, "layers");
    if (!want_array(m->b->src, &at))
        return false;
    const At *layers = at_keep(a, &at);
    size_t count = (size_t)json_size(at.json);
    m->layer = arena_alloc(a, count + 1, sizeof *m->layer);
    m->used = arena_alloc(a, count + 1, sizeof *m->used);
    for (const Json *j = json_first(at.json); j; j = json_next(j)) {
        m->layer[m->layers] = at_keep(a, &(At){j, layers, NULL, m->layers});
        m->layers++;
    }
    return true;
}
