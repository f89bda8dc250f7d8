/* formats/build.h -- for readers of other people's formats: a Graph, layer by
 * layer, in the terms of the op rows.
 *
 *   Build b = build_new(src, g, inputs);
 *   build_input(&b, "x", &at, shape);
 *   Node *n = build_layer(&b, "LSTM", name, &at);
 *   build_int(n, "units", 16);
 *   build_weight(&b, n, "kernel", &at, values);
 *   build_output(&b);
 *
 * A layer reads what the layer before it made, unless build_inputs says
 * otherwise; attributes start with the row's defaults. Wrong names of layers,
 * attributes and weights are faults of the reader, and assert. */

#ifndef RNNC_BUILD_H
#define RNNC_BUILD_H

#include "../rnnc.h"

typedef struct Build {
    Source *src;
    Graph *g;
    Inputs *inputs;
    Tensor *last; /* what the next layer reads */
} Build;

Build build_new(Source *src, Graph *g, Inputs *inputs);
/* A model input. The first dimension ANY: any number of timesteps. */
Tensor *build_input(Build *b, const char *name, const At *at, Shape shape);
/* Appends a layer; name NULL: made from its type and number. */
Node *build_layer(Build *b, const char *type, const char *name, const At *at);
void build_inputs(Build *b, Node *n, Tensor *const *in, int count);
void build_int(Node *n, const char *attr, int value);
void build_bool(Node *n, const char *attr, bool value);
void build_number(Node *n, const char *attr, double value);
void build_shape(Node *n, const char *attr, Shape shape);
void build_choice(Node *n, const char *attr, const char *word);
/* key and value choose between rows of one name ("slope", "keras2"), or are
 * NULL; param is the row's number, or NAN for its default. */
void build_activation(Node *n, const char *attr, const char *name,
                      const char *key, const char *value, double param);
void build_weight(Build *b, Node *n, const char *name, const At *at,
                  Values values);
/* After a layer that could not be read: what it makes is unknown, so that the
 * layers that follow bring no messages that only echo its own. */
void build_lost(Build *b);
/* Makes the last tensor a model output; name: its layer's new name, or NULL. */
void build_output(Build *b, const char *name, const At *at);
/* Golden vectors for the first input and output. */
void build_sample(Build *b, const At *in_at, Values in, const At *out_at,
                  Values out, double atol, const char *note);

/* One line of --explain: a convention that was taken, and why. */
void convention(Graph *g, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* ---- Reading ---------------------------------------------------------------
 */

/* A tensor of this shape, rounded to float32; ANY fits all. The message says
 * what it is: "kernel has shape [3, 4], expected [4, 4]". */
bool build_read(Build *b, const At *at, const char *what, Shape expected,
                Values *out);
/* An array of min to max tensors of any shape: a layer's get_weights(). Returns
 * their number, or -1 after messages. at[i] outlives the caller. */
int build_read_list(Build *b, const At *list, int min, int max, const At **at,
                    Values *out);
/* Says under --explain that a key which cannot change the numbers is there. */
void build_unused(Build *b, const At *object, const char *const *keys);

/* ---- Tensors: new ones in the arena, float32 stays float32 ----------------
 */

/* All axes in reverse: [a, b] -> [b, a], [a, b, c] -> [c, b, a]. */
Values values_transpose(Arena *a, Values v);
Values values_reshape(Values v, Shape shape);    /* the same elements */
Values values_add(Arena *a, Values v, Values w); /* not rounded */
/* [a, b] [b, c] -> [a, c], not rounded. */
Values values_product(Arena *a, Values v, Values w);
Values values_zeros(Arena *a, Shape shape);
Values values_stack(Arena *a, Values v, Values w); /* [n], [n] -> [2, n] */
/* Columns in blocks of `units`, block i of the result taken from order[i]:
 * gates of the last dimension put into another order. */
Values values_gates(Arena *a, Values v, int units, const int *order, int gates);
/* Elements from..from + size(shape) of a flat tensor. */
Values values_part(Values flat, int64_t from, Shape shape);
Shape shape1(int a);
Shape shape2(int a, int b);
Shape shape3(int a, int b, int c);

#endif
