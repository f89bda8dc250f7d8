/* ops/dropout.c -- layers that only act in training, if ever: at inference
 * y = x. Their numbers are read, so that a file keeps them, and mean nothing.
 */

#include "../rnnc.h"

#define COPY                                                                   \
    .min_inputs = 1, .max_inputs = 1, .alias = true, .masks = MASK_KEPT,       \
    .eval = eval_copy
#define NOTHING   .doc = "nothing: it only acts in training", COPY
#define ANY_SHAPE NOTHING, .input = "...", .output = "..."
#define RATE      .attrs = {{"rate", ATTR_RATE, .fallback = "0"}}

const Op op_dropout = {.name = "Dropout", RATE, ANY_SHAPE};
const Op op_spatial_dropout_1d = {
    .name = "SpatialDropout1D",
    RATE,
    NOTHING,
    .input = "timesteps, features",
    .output = "timesteps, features",
};
const Op op_spatial_dropout_2d = {
    .name = "SpatialDropout2D",
    RATE,
    NOTHING,
    .input = "rows, columns, features",
    .output = "rows, columns, features",
};
const Op op_alpha_dropout = {.name = "AlphaDropout", RATE, ANY_SHAPE};
const Op op_gaussian_dropout = {.name = "GaussianDropout", RATE, ANY_SHAPE};
const Op op_gaussian_noise = {
    .name = "GaussianNoise",
    .attrs = {{"stddev", ATTR_NUMBER, .fallback = "0"}},
    ANY_SHAPE,
};
/* Keras' functions return tensors without a mask. */
static const char *const masks[] = {"kept", "dropped", NULL};

static Tensor *mask_of_identity(Graph *g, Node *n)
{
    (void)g;
    bool keeps = attr_int(n, "masks") == 0;
    return keeps && n->out->shape.rank > n->depth + 1 ? n->in[0]->mask : NULL;
}

const Op op_identity = {
    .name = "Identity",
    .doc = "nothing at all",
    .attrs = {{"masks", ATTR_CHOICE, .choices = masks,
               .fallback = "\"kept\""}},
    .min_inputs = 1,
    .max_inputs = 1,
    .alias = true,
    .eval = eval_copy,
    .make_mask = mask_of_identity,
    .input = "...",
    .output = "...",
};
const Op op_activity_regularization = {
    .name = "ActivityRegularization",
    .attrs = {{"l1", ATTR_NUMBER, .fallback = "0"},
              {"l2", ATTR_NUMBER, .fallback = "0"}},
    ANY_SHAPE,
};
