/* formats/keras.h -- a Keras model being read: what its files share.
 *
 * keras.c finds the topology and the weights, and walks a list of layers;
 * keras_graph.c walks a Functional model; keras_layer.c turns one layer's
 * config into a node, keras_weights.c its arrays into weights. Readers of other
 * formats that hold a Keras model bring the arrays under names of their own,
 * keras_arrays.c. */

#ifndef RNNC_KERAS_H
#define RNNC_KERAS_H

#include "build.h"

enum {
    KERAS_OUTPUTS = 3, /* of one call: an LSTM's with its states */
    KERAS_WEIGHTS = 4 * MAX_WEIGHTS, /* of one layer, with those inside */
    KERAS_OPEN = -1 /* a version that the file states, and may not mean */
};

typedef struct KerasLayer KerasLayer;

/* An array of another format, under a name such as "lstm/kernel". */
typedef struct KerasArray {
    const char *name;
    const At *at;
    Values values;
    bool taken;
} KerasArray;

/* What stands before the last part of an array's name. */
typedef enum {
    KERAS_PATHS,    /* the layer's name, with whatever else: "lstm/lstm_cell" */
    KERAS_PREFIXED, /* those of the models around it: "outer_lstm" */
    KERAS_CLASSES   /* its class, counted in its model: "functional/lstm_1" */
} KerasNaming;

typedef struct Keras {
    Build b;
    int version;         /* 2 or 3; 0: nowhere stated; KERAS_OPEN */
    int minor;           /* 15 of "3.15.1"; -1: not stated */
    const At *weights;   /* of the whole model: by layer, or one list; NULL */
    int taken;           /* of one list */
    const char *missing; /* what to write when a layer has no weights */
    KerasArray *array;   /* [arrays]; NULL: the weights stand in the JSON */
    int arrays;
    KerasNaming naming;
    bool counts_making; /* a model's first call is its second node */
    bool gates_stated;  /* recurrent_activation has no default */
    /* Keras 2: a TimeDistributed has made a mask; behind which one another has
     * got it. */
    bool made_inside;
    const Node *handed_on;
    const char *within; /* the models that we are in, as arrays spell them */
    /* What array `index` of the layer is called in node n, and its shape there.
     * NULL: as the file says. */
    bool (*fit)(const KerasLayer *l, const Node *n, int index,
                const char **name, Values *values);
} Keras;

typedef struct KerasFunction KerasFunction; /* keras_functions.c */

/* One layer, before it is called. */
struct KerasLayer {
    Keras *k;
    const At *at, *config; /* the same object where the file has no "config" */
    const char *type, *name;
    const KerasFunction *function; /* that is called, not a layer; or NULL */
    const At *options;             /* its arguments that are no inputs */
    bool of_tf;                    /* TensorFlow's, in Keras 2 */
    const At *spec;                /* what x[...] takes */
    double exponent;               /* of a power */
    int from;         /* a model inside: where its weights start in one list */
    Tensor *mask;     /* that it is called with, NULL: none is stated */
    bool more_unread; /* outputs behind the first: no call reads them */
    const char *flag[MAX_ATTRS]; /* attributes that a call says are true */
    int flags;
    bool read; /* the rest is known: */
    int count; /* weights */
    const At *weight_at[KERAS_WEIGHTS];
    Values weight[KERAS_WEIGHTS];
    const char *weight_name[KERAS_WEIGHTS]; /* NULL: in Keras' order */
};

/* A layer inside l, with l's weights first..first + count, or those whose path
 * has a part. turn: go the other way than its config says. */
typedef struct KerasInner {
    const char *name, *part;
    int first, count;
    bool turn;
} KerasInner;
Node *keras_inner(KerasLayer *l, KerasLayer *inner, Tensor *const *in,
                  KerasInner own);
bool keras_open_inner(KerasLayer *l, const char *key, KerasLayer *inner);
/* The timesteps in their order, of a node that may go backwards. */
Tensor *keras_in_order(Build *b, Node *n, const char *name, const At *at);
/* The output and the last states of a node with return_state; how many. */
int keras_take_apart(KerasLayer *l, Node *n, Tensor **out);
/* Says what a stateful layer means here. False after a message. */
bool keras_stateful(const KerasLayer *l);
/* keras_cells.c: RNN, a layer around one cell or several. */
int keras_call_cells(KerasLayer *l, const char *name, Tensor *const *in,
                     Tensor **out);

/* "class_name" or "type", "config", "name". False after messages. */
bool keras_open(Keras *k, const At *at, KerasLayer *out);
/* Adds the nodes of one call; a layer that is shared is called several times.
 * Returns the number of outputs, 0 after messages. */
int keras_call(KerasLayer *l, const char *name, Tensor *const *in, int inputs,
               Tensor **out);
bool keras_is_input(const KerasLayer *l);
bool keras_is_model(const KerasLayer *l); /* layers inside */

/* keras_distributed.c: TimeDistributed. */
int keras_call_distributed(KerasLayer *l, const char *name, Tensor *const *in,
                           Tensor **out);
/* Whether what reads masks behind a TimeDistributed can do so. */
bool keras_check_handed_on(const Keras *k);
/* keras.c: a model as a layer: its own layers, with their names behind its own.
 * out [MAX_PORTS]. Returns the number of outputs, 0 after messages. */
int keras_call_model(KerasLayer *l, const char *name, Tensor *const *in,
                     int inputs, Tensor **out);

/* keras_weights.c. A model inside a model may have its weights together: while
 * its layers are read, those are the weights of the whole. */
typedef struct KerasWeights {
    const At *weights;
    int taken;
    const char *within;
} KerasWeights;
KerasWeights keras_enter(KerasLayer *l);
bool keras_leave(KerasLayer *l, KerasWeights outer);
bool keras_all_taken(const Keras *k);
/* Finds the layer's arrays. */
bool keras_find_weights(KerasLayer *l);
/* Gives arrays first..first + count of the layer to node n. */
bool keras_weigh(KerasLayer *l, Node *n, int first, int count,
                 const char *only);

/* keras_arrays.c: the arrays of k->array that are the layer's; what the layers
 * inside a model have before their own names; whether all arrays were taken. */
bool keras_find_arrays(KerasLayer *l);
const char *keras_within(const KerasLayer *l);
bool keras_arrays_taken(const Keras *k);
/* Whether a part of the path "both/backward_lstm/kernel" that begins with
 * "forward" or "backward" begins with this, the last one counting. */
bool keras_way(const char *path, const char *part);
/* The index that "dense/1" ends with, or -1. */
int keras_number(const char *name);

/* keras_config.c: every key is known; into the attributes; what the weights
 * decide, once they are there. */
bool keras_check_keys(const KerasLayer *l, const Op *op);
bool keras_read_attrs(const KerasLayer *l, Node *n);
bool keras_settle(const KerasLayer *l, Node *n);
bool keras_has_flag(const char *type, const char *name);
/* keras_functions.c: whether it is a function, and then which layer computes
 * it; its arguments; a tensor as what it returns, without a mask. */
void keras_open_function(KerasLayer *l);
bool keras_is_function(const KerasLayer *l, const char *class); /* Keras 3's */
bool keras_divides(const KerasLayer *l);
const char *keras_tf_name(const KerasLayer *l); /* "math.tanh"; or NULL */
bool keras_read_function(const KerasLayer *l, Node *n);
bool keras_check_function(const KerasLayer *l); /* no argument is unknown */
Tensor *keras_without_mask(const KerasLayer *l, const char *name, Tensor *t);
bool keras_leaves_masks(const KerasLayer *l, const Op *op);
Tensor *keras_unmasked(const KerasLayer *l, const char *name, Tensor *t);
bool keras_any_masks(const Node *first); /* that it or one behind it makes */
/* keras_tensors.c: functions that become several layers. */
bool keras_is_compound(const KerasLayer *l);
int keras_call_compound(KerasLayer *l, const char *name, Tensor *const *in,
                        int inputs, Tensor **out);
/* keras_constants.c: x + y and the like, not a layer but much the same. */
bool keras_is_operator(const KerasLayer *l);
bool keras_is_operation(const KerasLayer *l); /* of masks; keras_masks.c */
bool keras_listed(const char *const *list, const char *name);

/* keras_channels.c: whether a layer has its features first; what it reads then,
 * and what stands for its output. */
bool keras_channels_first(const KerasLayer *l, const Op *op);
Tensor *keras_channels_in(const KerasLayer *l, const Op *op, const char *name,
                          Tensor *t);
Tensor *keras_channels_out(const KerasLayer *l, Node *n);

/* keras_normalization.c: a Normalization, and its numbers; a GroupNormalization
 * whose axis has to become the last, what it reads then, what stands for its
 * output; whether the last axis will do, whatever the key says. */
bool keras_is_normalization(const Op *op);
bool keras_axis_settled(const KerasLayer *l, const Op *op, const At *key);
bool keras_weigh_adapted(KerasLayer *l, Node *n);
bool keras_moves_axis(const KerasLayer *l, const Op *op);
Tensor *keras_axis_last(const KerasLayer *l, const Op *op, const char *name,
                        Tensor *t);
Tensor *keras_axis_back(const KerasLayer *l, Node *n);

/* keras_activation.c: as a layer's config has it: a name, or an object. */
bool keras_activation(const Keras *k, const At *at, Activation *out);
bool keras_activation_named(const Keras *k, const At *at, const char *name,
                            Activation *out);

/* [null, 10, 3] -> [10, 3]; null first: any number of timesteps. */
bool keras_shape(const Keras *k, const At *at, bool batch, Shape *out);
/* Where a layer or a model says what goes in; json NULL: nowhere. */
At keras_input_shape(const At *at, const At *config, bool *batch);

/* keras.c: everything but what stands around the model: layers, weights. root
 * has it as to_json() writes it, or under "architecture" or the like. The
 * version that root states goes into k->version, if that is still 0. */
bool keras_read(Keras *k, const At *root);

/* A list of layers, each reading the one before. in: NULL for the model itself,
 * which makes its input. */
bool keras_sequential(Keras *k, const At *layers, const At *model,
                      const char *prefix, Tensor *in);
/* A Functional model. Returns the number of outputs, 0 after messages. */
int keras_functional(Keras *k, const At *config, const char *prefix,
                     Tensor *const *in, int inputs, Tensor **out);

#endif
