/* ops/attention.c -- Attention and AdditiveAttention, and what they share with
 * MultiHeadAttention (attention.h). Scores of query row q and key row k:
 *
 *   dot       s = scale sum of q k                   (Luong et al. 2015)
 *   concat    s = concat_score_weight sum of tanh(scale (q + k))
 *   additive  s = sum of scale tanh(q + k)           (Bahdanau et al. 2015) */

#include "activation_eval.h"
#include "attention.h"

#include <math.h>
#include <string.h>

/* ---- Shared -------------------------------------------------------------- */

int64_t attention_size(const Node *n, const char *name)
{
    int64_t value = 0;
    scope_find(&n->scope, name, &value);
    return value;
}

int attention_plain(const Node *n)
{
    return n->inputs - attr_bool(n, "query_masked") - attr_bool(n, "masked");
}

const double *attention_query_mask(const Eval *e)
{
    int plain = attention_plain(e->node);
    return attr_bool(e->node, "query_masked") ? e->in[plain] : NULL;
}

const double *attention_mask(const Eval *e)
{
    return attr_bool(e->node, "masked") ? e->in[e->node->inputs - 1] : NULL;
}

/* A mask [rows, 1], where there is one. */
static bool check_mask(const Source *src, const Node *n, const char *flag,
                       int input, int rows)
{
    Shape expected = {2, {rows, 1}};
    if (!attr_bool(n, flag) || shape_equal(&n->seen[input], &expected))
        return true;
    error_at(src, &n->at, "\"%s\": a mask of shape %s is expected, got %s",
             flag, shape_text(src->arena, &expected),
             shape_text(src->arena, &n->seen[input]));
    return false;
}

static bool check_masks(const Source *src, const Node *n)
{
    int plain = attention_plain(n);
    if (plain != 2 && plain != 3) {
        error_at(src, &n->at,
                 "%s needs 2 or 3 inputs and as many masks as \"query_masked\" "
                 "and \"masked\" say, got %d",
                 n->op->name, n->inputs);
        return false;
    }
    return check_mask(src, n, "query_masked", plain, n->seen[0].dim[0]) &&
           check_mask(src, n, "masked", n->inputs - 1, n->seen[1].dim[0]);
}

static bool check_inputs(const Source *src, const Node *n)
{
    for (int i = 0; i < n->inputs; i++) {
        const Shape *in = &n->seen[i];
        if (in->rank == 2 && shape_fixed(in))
            continue;
        error_at(src, &n->at,
                 in->rank == 2
                     ? "%s needs a fixed number of timesteps, got an input "
                       "of shape %s"
                     : "%s needs inputs of shape [timesteps, features], got %s",
                 n->op->name, shape_text(src->arena, in));
        return false;
    }
    if (!check_masks(src, n))
        return false;
    const Shape *value = &n->seen[1], *key = &n->seen[attention_plain(n) - 1];
    if (value->dim[0] == key->dim[0])
        return true;
    error_at(src, &n->at, "%d values, but %d keys", value->dim[0], key->dim[0]);
    return false;
}

bool attention_bind(const Source *src, Node *n)
{
    if (!check_inputs(src, n))
        return false;
    scope_bind(&n->scope, "keys", n->seen[1].dim[0]);
    scope_bind(&n->scope, "value_features", n->seen[1].dim[1]);
    scope_bind(&n->scope, "key_features",
               n->seen[attention_plain(n) - 1].dim[1]);
    scope_bind(&n->scope, "plain_inputs", attention_plain(n));
    activation_set(n, "softmax", 0);
    return true;
}

/* Dimensions are at most 2^24, products of a few are too large for a shape,
 * and then made one that the limit check refuses. */
void attention_shape(Node *n, int features, int heads)
{
    int timesteps = n->seen[0].dim[0];
    int64_t size = (int64_t)timesteps * features +
                   (int64_t)heads * timesteps * attention_size(n, "keys");
    n->out->shape = (Shape){2, {timesteps, features}};
    if (attr_bool(n, "return_attention_scores"))
        n->out->shape = (Shape){1, {size > MAX_DIM ? MAX_DIM + 1 : (int)size}};
}

const char *attention_no_stream(const Node *n)
{
    (void)n;
    return "it attends to all timesteps";
}

static bool key_counts(const Eval *e, int64_t t, int64_t s)
{
    const double *mask = attention_mask(e), *query = attention_query_mask(e);
    bool heads = attention_size(e->node, "num_heads") > 0;
    return (!heads || !query || query[t] != 0) && (!mask || mask[s] != 0) &&
           (!attr_bool(e->node, "use_causal_mask") || s <= t);
}

/* The weights of row t out of scores of which not all count. */
static void weigh_masked(const Eval *e, int64_t t, double *score)
{
    const Node *n = e->node;
    int64_t keys = e->in_shape[1].dim[0];
    int none = n->op->attends ? attr_int(n, "unattended") : UNATTENDED_SCORES;
    for (int64_t s = 0; s < keys; s++)
        if (!key_counts(e, t, s))
            score[s] =
                none == UNATTENDED_SCORES ? (float)(score[s] - 1e9) : -1e9;
    activation_eval(&attr_of(n, "activation")->activation, score, keys);
    for (int64_t s = 0; s < keys; s++)
        if (none == UNATTENDED_ZERO && !key_counts(e, t, s))
            score[s] = 0;
}

void attention_mean(const Eval *e, int64_t h, int64_t t, double *score,
                    const double *value, int64_t stride, int64_t width,
                    double *y)
{
    const Node *n = e->node;
    int64_t timesteps = e->in_shape[0].dim[0], keys = e->in_shape[1].dim[0];
    int64_t heads = attention_size(n, "num_heads"), reach = keys;
    if (attr_bool(n, "use_causal_mask") && t + 1 < keys)
        reach = t + 1;
    if (attr_bool(n, "masked") || (heads && attr_bool(n, "query_masked"))) {
        weigh_masked(e, t, score);
        reach = keys;
    } else {
        activation_eval(&attr_of(n, "activation")->activation, score, reach);
    }
    for (int64_t s = reach; s < keys; s++)
        score[s] = 0;
    if (attr_bool(n, "return_attention_scores")) {
        int64_t kept = shape_size(&e->out_shape) -
                       ((heads ? heads - h : 1) * timesteps - t) * keys;
        memcpy(e->out + kept, score, (size_t)keys * sizeof *score);
    }
    for (int64_t i = 0; i < width; i++)
        y[i] = 0;
    for (int64_t s = 0; s < reach; s++)
        for (int64_t i = 0; i < width; i++)
            y[i] += score[s] * value[s * stride + i];
}

/* ---- Attention, AdditiveAttention ---------------------------------------- */

enum { DOT, CONCAT };
static const char *const modes[] = {"dot", "concat", NULL};

static bool bind(const Source *src, Node *n)
{
    if (!attention_bind(src, n))
        return false;
    if (attention_size(n, "features") == attention_size(n, "key_features"))
        return true;
    error_at(src, &n->at, "a query of %lld features, but keys of %lld",
             (long long)attention_size(n, "features"),
             (long long)attention_size(n, "key_features"));
    return false;
}

static bool infer(const Source *src, Node *n)
{
    (void)src;
    attention_shape(n, (int)attention_size(n, "value_features"), 1);
    return true;
}

static double dot_score(const Node *n, const double *q, const double *k,
                        int64_t features)
{
    const double *scale = weight_of(n, "scale")->data;
    double sum = 0;
    for (int64_t f = 0; f < features; f++)
        sum += q[f] * k[f];
    return scale ? *scale * sum : sum;
}

static double concat_score(const Node *n, const double *q, const double *k,
                           int64_t features)
{
    const double *scale = weight_of(n, "scale")->data;
    double sum = 0;
    for (int64_t f = 0; f < features; f++)
        sum += eval_tanh((scale ? *scale : 1) * (q[f] + k[f]), 0);
    return *weight_of(n, "concat_score_weight")->data * sum;
}

static double additive_score(const Node *n, const double *q, const double *k,
                             int64_t features)
{
    const double *scale = weight_of(n, "scale")->data;
    double sum = 0;
    for (int64_t f = 0; f < features; f++)
        sum += (scale ? scale[f] : 1) * eval_tanh(q[f] + k[f], 0);
    return sum;
}

static void attend(const Eval *e,
                   double (*score)(const Node *n, const double *q,
                                   const double *k, int64_t features))
{
    const double *key = e->in[attention_plain(e->node) - 1];
    const double *query = attention_query_mask(e);
    int64_t features = e->in_shape[0].dim[1], keys = e->in_shape[1].dim[0];
    int64_t width = e->in_shape[1].dim[1];
    double *row = arena_alloc(e->arena, (size_t)keys, sizeof *row);
    for (int64_t t = 0; t < e->in_shape[0].dim[0]; t++) {
        for (int64_t s = 0; s < keys; s++)
            row[s] = score(e->node, e->in[0] + t * features, key + s * features,
                           features);
        attention_mean(e, 0, t, row, e->in[1], width, width,
                       e->out + t * width);
        for (int64_t i = 0; query && query[t] == 0 && i < width; i++)
            e->out[t * width + i] = 0;
    }
}

static void eval_attention(const Eval *e)
{
    bool concat = attr_int(e->node, "score_mode") == CONCAT;
    attend(e, concat ? concat_score : dot_score);
}

static void eval_additive(const Eval *e)
{
    attend(e, additive_score);
}

const Op op_attention = {
    .name = "Attention",
    .doc = "values by how their keys meet a query: dot products, or concat",
    .attrs = {{"use_scale", ATTR_BOOL, .fallback = "false"},
              {"score_mode", ATTR_CHOICE, .choices = modes,
               .fallback = "\"dot\""},
              ATTENTION_ATTRS},
    .weights = {{"scale", "1", .when = "use_scale"},
                {"concat_score_weight", "1", .when = "score_mode"}},
    ATTENTION,
    .bind = bind,
    .infer = infer,
    .macs = "timesteps*keys*features + timesteps*keys*value_features",
    .scratch = "keys",
    .template = "attention.c.lt",
    .eval = eval_attention,
};

const Op op_additive_attention = {
    .name = "AdditiveAttention",
    .doc = "values by how their keys meet a query: a sum of tanh",
    .attrs = {{"use_scale", ATTR_BOOL, .fallback = "true"}, ATTENTION_ATTRS},
    .weights = {{"scale", "features", .when = "use_scale"}},
    ATTENTION,
    .bind = bind,
    .infer = infer,
    .macs = "timesteps*keys*features + timesteps*keys*value_features",
    .scratch = "keys",
    .template = "attention.c.lt",
    .eval = eval_additive,
};
