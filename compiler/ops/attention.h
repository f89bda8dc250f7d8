/* ops/attention.h -- what the attention layers share.
 *
 * Inputs are query [timesteps][features], value [keys][value_features] and
 * key [keys][key_features], which is the value where there are only two. Row t
 * of the output is a mean of the values, weighted with the softmax of scores
 * s(t, 0), s(t, 1), ... of the keys; with use_causal_mask only keys 0..t count
 * for row t, as a mask in Keras makes the others' weights 0.
 *
 * With return_attention_scores the output is one vector: what it would be
 * otherwise, then the weights. */

#ifndef ATTENTION_H
#define ATTENTION_H

#include "../rnnc.h"

enum { MAX_HEADS = 4096 };

/* For op->bind: what the inputs have to fit; binds keys, key_features,
 * value_features. */
bool attention_bind(const Source *src, Node *n);
/* Sets the output: rows of `features`, weights of `heads`. */
void attention_shape(Node *n, int features, int heads);
const char *attention_no_stream(const Node *n);
/* A number out of the scope. */
int64_t attention_size(const Node *n, const char *name);
/* What the weights do for row t of one head: score [keys] becomes the weights,
 * which are kept for head h where the output has them; y [width] is their mean
 * of value [keys][stride], from its first `width` columns. */
void attention_mean(const Eval *e, int64_t h, int64_t t, double *score,
                    const double *value, int64_t stride, int64_t width,
                    double *y);

#define ATTENTION                                                              \
    .min_inputs = 2, .max_inputs = 3, .input = "timesteps, features",          \
    .no_stream = attention_no_stream, .masks = MASK_REFUSED
/* clang-format off */
#define ATTENTION_ATTRS                                                        \
    {"use_causal_mask", ATTR_BOOL, .fallback = "false"},                       \
    {"return_attention_scores", ATTR_BOOL, .fallback = "false"},               \
    {"activation", ATTR_ACTIVATION, .derived = true}
/* clang-format on */

#endif
