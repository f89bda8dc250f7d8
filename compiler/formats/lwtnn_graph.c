/* formats/lwtnn_graph.c -- lwtnn's graphs.
 *
 *   {"inputs": [{"name": "jet", "variables": [{"name", "offset", "scale"}]}],
 *    "input_sequences": [...],
 *    "nodes": [{"type": "input_sequence", "sources": [0], "size": 3},
 *              {"type": "sequence", "sources": [0], "layer_index": 0},
 *              {"type": "feed_forward", "sources": [1], "layer_index": 1}],
 *    "layers": [...],
 *    "outputs": {"flavour": {"labels": ["b", "c"], "node_index": 2}}}
 *
 * The sources of an input are its number among "inputs" or "input_sequences",
 * those of other nodes are nodes. A sequence node is both: all timesteps to
 * those who take a sequence, the last one to the others; where it is an output
 * "return_sequences" has to say which, an addition of ours. */

#include "lwtnn_graph.h"

#include <math.h>
#include <string.h>

/* ---- From nodes to layers ------------------------------------------------ */

static Tensor *make(LwGraph *m, int index, bool sequence, const At *from);

static bool build_node_layer(LwGraph *m, LwNode *n, const char *name,
                             bool sequence)
{
    LwLayer l = {.b = m->b,
                 .at = m->layer[n->index],
                 .name = name,
                 .features = n->features,
                 .sequences = sequence};
    At kind = at_key(l.at, "architecture");
    const char *word = "";
    m->used[n->index] = true;
    if (!lw_read(&l, n->type == LW_SEQUENCE_NODE ? LW_SEQUENCE : LW_ROWS))
        return false;
    n->features = l.features;
    if (n->type != LW_SEQUENCE_NODE || sequence ||
        (want_string(m->b->src, &kind, &word) && strcmp(word, "conv1d") != 0))
        return true;
    error_at(m->b->src, n->at,
             "only the last timestep of a conv1d is used, which is not "
             "supported");
    return false;
}

/* The sum over the timesteps is a recurrence that keeps what it has: h + x. */
static void build_sum(LwGraph *m, const LwNode *n, const char *name)
{
    Build *b = m->b;
    int features = n->features;
    Values identity = values_zeros(b->g->arena, shape2(features, features));
    for (int64_t i = 0; i < features; i++)
        identity.data[i * features + i] = 1;
    Node *sum = build_layer(b, "SimpleRNN", name, n->at);
    build_int(sum, "units", features);
    build_bool(sum, "use_bias", false);
    build_activation(sum, "activation", "linear", NULL, NULL, NAN);
    build_weight(b, sum, "kernel", n->at, identity);
    build_weight(b, sum, "recurrent_kernel", n->at, identity);
    convention(b->g, "%s: a sum over the timesteps, as a linear recurrence",
               sum->name);
}

static bool join_sources(LwGraph *m, LwNode *n, const char *name)
{
    Tensor *source[MAX_PORTS];
    At list = at_key(n->at, "sources");
    int count = json_size(list.json), features = 0, index = 0;
    for (int k = 0; k < count; k++) {
        if (!lw_source(m, n, k, m->nodes, &index) ||
            !(source[k] = make(m, index, false, n->at)))
            return false;
        int size = m->node[index].features;
        if (n->type == LW_ADD && k > 0 && size != features) {
            error_at(m->b->src, n->at, "cannot add %d features to %d", size,
                     features);
            return false;
        }
        features = n->type == LW_ADD ? size : features + size;
    }
    n->features = features;
    m->b->last = source[0];
    if (count == 1)
        return true;
    Node *join = build_layer(m->b, n->type == LW_ADD ? "Add" : "Concatenate",
                             name, n->at);
    build_inputs(m->b, join, source, count);
    return true;
}

static bool build_node(LwGraph *m, int index, bool sequence)
{
    LwNode *n = &m->node[index];
    int source = 0;
    const char *name = arena_printf(m->b->g->arena, "node_%d", index);
    if (n->type == LW_CONCATENATE || n->type == LW_ADD)
        return join_sources(m, n, name);
    if (!lw_source(m, n, 0, m->nodes, &source))
        return false;
    Tensor *x = make(m, source, lw_node_rows[n->type].takes_sequence, n->at);
    if (!x)
        return false;
    m->b->last = x;
    n->features = m->node[source].features;
    if (n->type != LW_SUM)
        return build_node_layer(m, n, name, sequence);
    build_sum(m, n, name);
    return true;
}

/* What a node makes, as a vector or a sequence, for whoever stands at `from`;
 * NULL after a message. */
static Tensor *make(LwGraph *m, int index, bool sequence, const At *from)
{
    LwNode *n = &m->node[index];
    if (n->broken)
        return NULL;
    if (n->open || !(sequence ? lw_node_rows[n->type].sequence
                              : lw_node_rows[n->type].vector)) {
        error_at(m->b->src, from,
                 n->open    ? "the node depends on itself, through node %d"
                 : sequence ? "node %d makes no sequence"
                            : "node %d makes a sequence, not one vector",
                 index);
        return NULL;
    }
    if (n->made[sequence])
        return n->made[sequence];
    if (n->made[!sequence])
        convention(m->b->g,
                   "node_%d: run twice, for all timesteps and for the "
                   "last one",
                   index);
    n->open = true;
    n->broken = !build_node(m, index, sequence);
    n->open = false;
    return n->made[sequence] = n->broken ? NULL : m->b->last;
}

/* ---- Outputs ------------------------------------------------------------- */

/* Whether an output is a sequence. */
static bool read_returns(const LwGraph *m, const At *at, const LwNode *n,
                         bool *sequence)
{
    At key = at_key(at, "return_sequences");
    *sequence = lw_node_rows[n->type].sequence;
    if (n->type == LW_SEQUENCE_NODE && key.json)
        return want_bool(m->b->src, &key, sequence);
    if (n->type == LW_SEQUENCE_NODE)
        error_at(m->b->src, at,
                 "the output is a sequence node: add \"return_sequences\", "
                 "true for all timesteps, false for the last one");
    else if (key.json)
        error_at(m->b->src, &key,
                 "\"return_sequences\" belongs to an output that is a sequence "
                 "node");
    return n->type != LW_SEQUENCE_NODE && !key.json;
}

static bool read_output(LwGraph *m, const At *at)
{
    static const char *const keys[] = {"labels", "node_index",
                                       "return_sequences", NULL};
    Build *b = m->b;
    At labels = at_key(at, "labels"), index_at = at_key(at, "node_index");
    int index = 0;
    bool sequence;
    if (!want_object(b->src, at) || !want_keys(b->src, at, keys) ||
        !want_int(b->src, &index_at, 0, MAX_DIM, &index))
        return false;
    if (index >= m->nodes) {
        error_at(b->src, &index_at, "expected a number below %d, got %d",
                 m->nodes, index);
        return false;
    }
    if (m->node[index].broken ||
        !read_returns(m, at, &m->node[index], &sequence))
        return false;
    Tensor *t = make(m, index, sequence, &index_at);
    if (!t)
        return false;
    for (int i = 0; i < b->g->outputs; i++)
        if (b->g->output[i] == t) {
            error_at(b->src, &index_at, "node %d is an output already", index);
            return false;
        }
    b->last = t;
    build_output(b, at->key, at);
    return lw_labels(b, &labels, m->node[index].features);
}

static bool read_outputs(LwGraph *m, const At *root)
{
    Build *b = m->b;
    At at = at_key(root, "outputs");
    bool ok = true;
    if (!want_object(b->src, &at))
        return false;
    const At *outputs = at_keep(b->g->arena, &at);
    if (json_size(at.json) < 1 || json_size(at.json) > MAX_PORTS) {
        error_at(b->src, &at, "expected 1 to %d outputs, got %d", MAX_PORTS,
                 json_size(at.json));
        return false;
    }
    for (const Json *j = json_first(at.json); j; j = json_next(j)) {
        At output = at_member(outputs, j);
        ok &= read_output(m, &output);
    }
    return ok;
}

/* ---- The graph ----------------------------------------------------------- */

bool lw_graph(Build *b, const At *root, int timesteps)
{
    LwGraph *m = arena_alloc(b->g->arena, 1, sizeof *m);
    m->b = b;
    m->timesteps = timesteps;
    bool ok = lw_read_inputs(m, root, false);
    ok &= lw_read_inputs(m, root, true);
    ok &= lw_find_layers(m, root);
    ok &= lw_read_nodes(m, root);
    ok &= read_outputs(m, root);
    for (int i = 0; ok && i < m->layers; i++)
        if (!m->used[i]) {
            error_at(b->src, m->layer[i], "no output needs this layer");
            ok = false;
        }
    if (m->inputs[1] > 1)
        convention(b->g, "all sequences have the same number of timesteps");
    return ok;
}
