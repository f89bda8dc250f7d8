/* ops/attention.h -- what the attention layers share.
 *
 * Inputs are query [timesteps][features], value [keys][value_features] and
 * key [keys][key_features], which is the value where there are only two. Row t
 * of the output is a mean of the values, weighted with the softmax of scores
 * s(t, 0), s(t, 1), ... of the keys; with use_causal_mask only keys 0..t count
 * for row t, as a mask in Keras makes the others' weights 0.
 *
 * Two more inputs may be masks: with query_masked one [timesteps, 1] of the
 * query, with masked, behind it, one [keys, 1] of the values. The score of a
 * key that a mask leaves out, or that comes later, is 1e9 less, in float32 as
 * Keras computes: nothing, as long as another key counts; else, to 64, the same
 * for all. A masked row of the query is 0 in Attention and AdditiveAttention,
 * in MultiHeadAttention no key counts for it. What that does where no key
 * counts, "unattended" says: "scores", the same (Keras 2); "even", weights that
 * are all the same, or "zero" (Keras 3: that with dropout or where the weights
 * are asked for, else a function of the backend does the former).
 *
 * With return_attention_scores the output is one vector: what it would be
 * otherwise, then the weights. */

#ifndef ATTENTION_H
#define ATTENTION_H

#include "../rnnc.h"

enum { MAX_HEADS = 4096 };
enum { UNATTENDED_EVEN, UNATTENDED_ZERO, UNATTENDED_SCORES };

/* For op->bind: what the inputs have to fit; binds keys, key_features,
 * value_features. */
bool attention_bind(const Source *src, Node *n);
/* Sets the output: rows of `features`, weights of `heads`. */
void attention_shape(Node *n, int features, int heads);
/* Inputs that are no masks; the masks' data, or NULL. */
int attention_plain(const Node *n);
const double *attention_query_mask(const Eval *e);
const double *attention_mask(const Eval *e);
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
    .min_inputs = 2, .max_inputs = 5, .input = "timesteps, features",          \
    .no_stream = attention_no_stream, .masks = MASK_ATTENDED
/* clang-format off */
#define ATTENTION_ATTRS                                                        \
    {"use_causal_mask", ATTR_BOOL, .fallback = "false"},                       \
    {"return_attention_scores", ATTR_BOOL, .fallback = "false"},               \
    {"query_masked", ATTR_BOOL, .fallback = "false"},                          \
    {"masked", ATTR_BOOL, .fallback = "false"},                                \
    {"activation", ATTR_ACTIVATION, .derived = true}
/* clang-format on */

#endif
