/* formats/keras_graph.h -- a Functional model while its calls are made. */

#ifndef RNNC_KERAS_GRAPH_H
#define RNNC_KERAS_GRAPH_H

#include "keras.h"

typedef struct Known { /* the result of a call */
    const char *layer;
    int node, index;
    Tensor *tensor;
} Known;

typedef struct Call { /* still to be made */
    int layer, node;
    At at;
    bool done;
} Call;

/* What an operation that Keras makes masks of amounts to; keras_masks.c. */
typedef struct KerasMask {
    const Tensor *result; /* known by the operation's name */
    enum {
        MASK_OF_ELEMENTS, /* layer: of != value, element by element */
        MASK_OF_ROWS,     /* rows */
        MASK_OF_NONE,     /* false everywhere */
        MASK_OF_ALL       /* true everywhere */
    } kind;
    const KerasLayer *layer;
    Tensor *of, *rows; /* rows [timesteps, 1] */
    double value;
} KerasMask;

typedef struct Model {
    Keras *k;
    const char *prefix;
    KerasLayer *layer;
    int layers;
    Call *call;
    int calls;
    Known *known;
    int known_count;
    KerasMask *mask;
    int masks;
} Model;

enum {
    MAX_CALL_INPUTS = 64,
    MAX_KNOWN = KERAS_OUTPUTS * MAX_LAYERS + MAX_PORTS,
    MAX_ROUNDS = 64 /* calls that stand before what they read */
};

typedef struct Args {
    Tensor *in[MAX_CALL_INPUTS];
    At constant[MAX_CALL_INPUTS]; /* an array in its place; json NULL: none */
    int count;
    Tensor *mask; /* the argument of that name, or NULL */
    double number;
    At number_at;      /* an argument that is one; json NULL: none is... */
    int number_index;  /* ...before that input */
    bool waiting;      /* for a tensor that is not known yet */
    KerasLayer *layer; /* which is called */
} Args;

/* keras_calls.c: ["src", node, tensor, ...]; *out NULL: not known yet. */
bool keras_find_tensor(const Model *m, const At *at, int first, Tensor **out);
/* What an entry of inbound_nodes reads, and l->flag. */
bool keras_read_call(const Model *m, KerasLayer *l, const At *at, Args *args);
bool keras_add_arg(const Model *m, const At *at, Args *args);
/* keras_tf.c: the same of a TFOpLambda. */
bool keras_read_tf(const Model *m, KerasLayer *l, const At *at, Args *args);
/* Whether anything in there reads an output of layer name behind its first. */
bool keras_reads_states(const At *at, const char *name);

/* keras_constants.c: an argument that is an array, and where its numbers are.
 */
bool keras_is_constant(const Model *m, const At *at, At *value);
/* Arrays, and the number of an operator, as inputs of the call. */
bool keras_make_constants(Model *m, KerasLayer *l, const char *name,
                          Args *args);

/* keras_masks.c: the note of a tensor, NULL: it is a tensor of the graph. */
KerasMask *keras_mask_of(const Model *m, const Tensor *t);
/* Notes what an operation makes, under the tensor returned; NULL after a
 * message. */
Tensor *keras_mask_call(Model *m, const KerasLayer *l, const Args *args);
/* The mask [timesteps, 1] that a layer is called with, NULL: none. */
bool keras_mask_read(Model *m, const At *call, const Args *args, Tensor **out);

#endif
