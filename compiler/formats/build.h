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
void build_rate(Node *n, const char *attr, double value);
/* key and value choose between rows of one name ("slope", "keras2"), or are
 * NULL; param is the row's number, or NAN for its default. */
void build_activation(Node *n, const char *attr, const char *name,
                      const char *key, const char *value, double param);
void build_weight(Build *b, Node *n, const char *name, const At *at,
                  Values values);
/* Makes the last tensor a model output. */
void build_output(Build *b, const At *at);

/* One line of --explain: a convention that was taken, and why. */
void convention(Graph *g, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* ---- Tensors: new ones in the arena, float32 stays float32 ----------------
 */

Values values_transpose(Arena *a, Values v);     /* [a, b] -> [b, a] */
Values values_reshape(Values v, Shape shape);    /* the same elements */
Values values_add(Arena *a, Values v, Values w); /* rounded to float32 */
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
