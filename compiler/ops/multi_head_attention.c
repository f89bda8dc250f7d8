/* ops/multi_head_attention.c -- MultiHeadAttention (Vaswani et al. 2017): for
 * each head h, with every input projected for it,
 *
 *   weights_h = softmax(query_h key_h^T / sqrt(key_dim))
 *   y = sum over h of (weights_h value_h) attention_output_kernel_h + bias */

#include "attention.h"

#include <math.h>
#include <string.h>

static const char *const unattended[] = {"even", "zero", "scores", NULL};

/* A dimension that may be left to the others. */
static int64_t own_size(const Node *n, const char *attr, int64_t otherwise)
{
    const Shape *own = &attr_of(n, attr)->shape;
    return own->rank ? own->dim[0] : otherwise;
}

static bool bind(const Source *src, Node *n)
{
    static const char *const single[] = {"value_dim", "output_shape",
                                         "attention_axes"};
    for (int i = 0; i < 3; i++) {
        if (attr_of(n, single[i])->shape.rank <= 1)
            continue;
        error_at(src, &n->at, "expected one number for \"%s\", got %d",
                 single[i], attr_of(n, single[i])->shape.rank);
        return false;
    }
    if (!attention_bind(src, n))
        return false;
    scope_bind(&n->scope, "value_size",
               own_size(n, "value_dim", attr_int(n, "key_dim")));
    scope_bind(&n->scope, "output_size",
               own_size(n, "output_shape", attention_size(n, "features")));
    n->attr[attr_of(n, "scale") - n->attr].number =
        1 / sqrt(attr_int(n, "key_dim"));
    return true;
}

static bool infer(const Source *src, Node *n)
{
    (void)src;
    attention_shape(n, (int)attention_size(n, "output_size"),
                    attr_int(n, "num_heads"));
    return true;
}

/* x [rows][features] -> z [rows][units], of the weights <name>_kernel and
 * <name>_bias. */
static double *project(const Eval *e, const double *x, int64_t rows,
                       const char *kernel, const char *bias, int64_t features,
                       int64_t units)
{
    const Weight *b = weight_of(e->node, bias);
    double *z = arena_alloc(e->arena, (size_t)(rows * units), sizeof *z);
    for (int64_t r = 0; r < rows; r++) {
        if (b->data)
            memcpy(z + r * units, b->data, (size_t)units * sizeof *z);
        add_product(z + r * units, x + r * features,
                    weight_of(e->node, kernel)->data, features, units);
    }
    return z;
}

/* context [timesteps][heads][width]: what each head makes of the values. */
static void attend(const Eval *e, const double *query, const double *key,
                   const double *value, double *context)
{
    const Node *n = e->node;
    int64_t heads = attr_int(n, "num_heads"), size = attr_int(n, "key_dim");
    int64_t width = attention_size(n, "value_size");
    int64_t keys = e->in_shape[1].dim[0];
    double *score = arena_alloc(e->arena, (size_t)keys, sizeof *score);
    for (int64_t t = 0; t < e->in_shape[0].dim[0]; t++)
        for (int64_t h = 0; h < heads; h++) {
            const double *q = query + (t * heads + h) * size;
            for (int64_t s = 0; s < keys; s++) {
                const double *k = key + (s * heads + h) * size;
                score[s] = 0;
                for (int64_t i = 0; i < size; i++)
                    score[s] += q[i] * k[i] * attr_of(n, "scale")->number;
            }
            attention_mean(e, h, t, score, value + h * width, heads * width,
                           width, context + (t * heads + h) * width);
        }
}

static void eval(const Eval *e)
{
    const Node *n = e->node;
    int64_t timesteps = e->in_shape[0].dim[0], keys = e->in_shape[1].dim[0];
    int64_t size = (int64_t)attr_int(n, "num_heads") * attr_int(n, "key_dim");
    int64_t width = attr_int(n, "num_heads") * attention_size(n, "value_size");
    int64_t units = attention_size(n, "output_size");
    double *query = project(e, e->in[0], timesteps, "query_kernel",
                            "query_bias", attention_size(n, "features"), size);
    double *key = project(e, e->in[attention_plain(n) - 1], keys, "key_kernel",
                          "key_bias", attention_size(n, "key_features"), size);
    double *value = project(e, e->in[1], keys, "value_kernel", "value_bias",
                            attention_size(n, "value_features"), width);
    double *context =
        arena_alloc(e->arena, (size_t)(timesteps * width), sizeof *context);
    attend(e, query, key, value, context);
    memcpy(e->out,
           project(e, context, timesteps, "attention_output_kernel",
                   "attention_output_bias", width, units),
           (size_t)(timesteps * units) * sizeof *e->out);
}

/* attention_axes: Keras writes [1] for the timesteps of a sequence, which are
 * all there is to attend to. */
const Op op_multi_head_attention = {
    .name = "MultiHeadAttention",
    .doc = "dot-product attention in several projections, projected again",
    .attrs = {{"num_heads", ATTR_INT, .min = 1, .max = MAX_HEADS},
              {"key_dim", ATTR_INT, .min = 1, .max = MAX_DIM},
              {"value_dim", ATTR_LIST, .min = 1, .max = MAX_DIM,
               .fallback = "null"},
              {"use_bias", ATTR_BOOL, .fallback = "true"},
              {"output_shape", ATTR_LIST, .min = 1, .max = MAX_DIM,
               .fallback = "null"},
              {"attention_axes", ATTR_LIST, .min = 1, .max = 1,
               .fallback = "null"},
              ATTENTION_ATTRS,
              {"drops_masks", ATTR_BOOL, .fallback = "false"},
              {"unattended", ATTR_CHOICE, .choices = unattended,
               .fallback = "\"even\""},
              {"scale", ATTR_NUMBER, .derived = true}},
    .weights = {{"query_kernel", "features, num_heads, key_dim", .narrow = 1},
                {"query_bias", "num_heads, key_dim", .when = "use_bias"},
                {"key_kernel", "key_features, num_heads, key_dim", .narrow = 1},
                {"key_bias", "num_heads, key_dim", .when = "use_bias"},
                {"value_kernel", "value_features, num_heads, value_size",
                 .narrow = 1},
                {"value_bias", "num_heads, value_size", .when = "use_bias"},
                {"attention_output_kernel",
                 "num_heads, value_size, output_size", .narrow = 2},
                {"attention_output_bias", "output_size", .when = "use_bias"}},
    ATTENTION,
    .attends = true,
    .bind = bind,
    .infer = infer,
    .macs = "timesteps*features*num_heads*key_dim + "
            "keys*key_features*num_heads*key_dim + "
            "keys*value_features*num_heads*value_size + "
            "timesteps*num_heads*keys*key_dim + "
            "timesteps*num_heads*keys*value_size + "
            "timesteps*num_heads*value_size*output_size",
    .scratch = "keys + keys*num_heads*key_dim + keys*num_heads*value_size + "
               "num_heads*key_dim + num_heads*value_size",
    .template = "multi_head_attention.c.lt",
    .eval = eval,
};
