/* ops/embedding.c -- a row of a table for each input.
 *
 *   y[r] = embeddings[x[r]]
 *
 * A model input that does nothing else is int32_t. What a layer computes, or
 * arithmetic reads besides, is a number: what is behind the point is dropped,
 * NaN means a row of NaN. An index outside the table means its nearest row, so
 * that no input reads beyond it. */

#include "../rnnc.h"

#include <math.h>

static bool bind(const Source *src, Node *n)
{
    if (n->seen[0].rank < MAX_RANK)
        return true;
    error_at(src, &n->at, "the output would have more than %d dimensions",
             MAX_RANK);
    return false;
}

static void eval(const Eval *e)
{
    const double *table = weight_of(e->node, "embeddings")->data;
    int64_t units = attr_int(e->node, "output_dim");
    double last = attr_int(e->node, "input_dim") - 1;
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        double x = e->in[0][i / units];
        int64_t row = isnan(x) ? 0 : (int64_t)fmin(fmax(x, 0), last);
        e->out[i] = isnan(x) ? x : table[row * units + i % units];
    }
}

/* mask_zero: where the input is 0 a timestep does not count. */
static Tensor *make_mask(Graph *g, Node *n)
{
    if (!attr_bool(n, "mask_zero"))
        return NULL;
    Node *mask =
        graph_add(g, "Mask", arena_printf(g->arena, "%s/mask", n->name), &n->at,
                  n->in, 1);
    ((Attr *)attr_of(mask, "each"))->number = true;
    return mask->out;
}

const Op op_embedding = {
    .name = "Embedding",
    .doc = "a row of a table for each input; beyond it, the nearest row",
    .attrs = {{"input_dim", ATTR_INT, .min = 1, .max = MAX_DIM},
              {"output_dim", ATTR_INT, .min = 1, .max = MAX_DIM},
              {"mask_zero", ATTR_BOOL, .fallback = "false"}},
    .make_mask = make_mask,
    .weights = {{"embeddings", "input_dim, output_dim", .narrow = 1}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "...",
    .bind = bind,
    .output = "..., output_dim",
    .rows = "input_dim",
    .template = "embedding.c.lt",
    .eval = eval,
};
