/* ops/mask.c -- timesteps that do not count. A mask [timesteps, 1] holds 1 for
 * those that do and 0 for the others; passes/insert_masks.c leads it to the
 * layers that read it.
 *
 *   Mask       y[t] = 1 if any x[t][f] != value, else 0
 *   ApplyMask  y[t][f] = mask[t] != 0 ? x[t][f] : 0
 *   Masking    both at once, and the mask follows the output
 *
 * Values are compared as float, in double code too: Keras compares with
 * mask_value rounded to float32. */

#include "../rnnc.h"

static bool counts(const double *x, int64_t features, double value)
{
    bool any = false;
    for (int64_t f = 0; f < features; f++)
        any |= (float)x[f] != (float)value;
    return any;
}

/* ---- Mask ---------------------------------------------------------------- */

static bool infer_mask(const Source *src, Node *n)
{
    Shape out = n->seen[0];
    bool each = attr_bool(n, "each");
    if (each && out.rank == MAX_RANK) {
        error_at(src, &n->at, "the output would have more than %d dimensions",
                 MAX_RANK);
        return false;
    }
    scope_bind(&n->scope, "width", each ? 1 : out.dim[out.rank - 1]);
    out.rank += each;
    out.dim[out.rank - 1] = 1;
    n->out->shape = out;
    return true;
}

static void eval_mask(const Eval *e)
{
    double value = attr_of(e->node, "value")->number;
    int64_t width = 1;
    scope_find(&e->node->scope, "width", &width);
    for (int64_t r = 0; r < shape_size(&e->out_shape); r++)
        e->out[r] = counts(e->in[0] + r * width, width, value);
}

const Op op_mask = {
    .name = "Mask",
    .doc = "1 where a timestep counts, 0 where all of it is a value",
    .attrs = {{"value", ATTR_NUMBER, .fallback = "0"},
              {"each", ATTR_BOOL, .fallback = "false"}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "...",
    .takes_rows = true,
    .infer = infer_mask,
    .template = "mask.c.lt",
    .eval = eval_mask,
};

/* ---- ApplyMask ----------------------------------------------------------- */

static bool infer_apply(const Source *src, Node *n)
{
    Shape mask = n->seen[0];
    mask.dim[mask.rank - 1] = 1;
    if (!shape_equal(&mask, &n->seen[1])) {
        error_at(src, &n->at, "the mask has shape %s, expected %s",
                 shape_text(src->arena, &n->seen[1]),
                 shape_text(src->arena, &mask));
        return false;
    }
    n->out->shape = n->seen[0];
    return true;
}

static const char *apply_no_stream(const Node *n)
{
    return n->in[0]->time != n->in[1]->time
               ? "it applies a mask of all timesteps at each of them"
               : NULL;
}

static void eval_apply(const Eval *e)
{
    int64_t features = e->out_shape.dim[e->out_shape.rank - 1];
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++)
        e->out[i] = e->in[1][i / features] != 0 ? e->in[0][i] : 0;
}

const Op op_apply_mask = {
    .name = "ApplyMask",
    .doc = "the first input, or 0 where the second, a mask, is 0",
    .min_inputs = 2,
    .max_inputs = 2,
    .input = "..., features",
    .infer = infer_apply,
    .no_stream = apply_no_stream,
    .masks = MASK_KEPT,
    .template = "apply_mask.c.lt",
    .eval = eval_apply,
};

/* ---- Masking ------------------------------------------------------------- */

static Tensor *mask_of_masking(Graph *g, Node *n)
{
    Node *mask =
        graph_add(g, "Mask", arena_printf(g->arena, "%s/mask", n->name), &n->at,
                  n->in, 1);
    ((Attr *)attr_of(mask, "value"))->number = attr_of(n, "mask_value")->number;
    return mask->out;
}

static void eval_masking(const Eval *e)
{
    double value = attr_of(e->node, "mask_value")->number;
    int64_t features = e->out_shape.dim[e->out_shape.rank - 1];
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++)
        e->out[i] = counts(e->in[0] + i / features * features, features, value)
                        ? e->in[0][i]
                        : 0;
}

const Op op_masking = {
    .name = "Masking",
    .doc = "timesteps of which every feature is mask_value do not count",
    .attrs = {{"mask_value", ATTR_NUMBER, .fallback = "0"}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "..., features",
    .output = "..., features",
    .make_mask = mask_of_masking,
    .template = "masking.c.lt",
    .eval = eval_masking,
};
