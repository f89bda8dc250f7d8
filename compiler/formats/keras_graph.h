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

typedef struct Model {
    Keras *k;
    const char *prefix;
    KerasLayer *layer;
    int layers;
    Call *call;
    int calls;
    Known *known;
    int known_count;
} Model;

enum {
    MAX_CALL_INPUTS = 64,
    MAX_KNOWN = KERAS_OUTPUTS * MAX_LAYERS + MAX_PORTS,
    MAX_ROUNDS = 64 /* calls that stand before what they read */
};

typedef struct Args {
    Tensor *in[MAX_CALL_INPUTS];
    int count;
    bool waiting; /* for a tensor that is not known yet */
} Args;

/* keras_calls.c: ["src", node, tensor, ...]; *out NULL: not known yet. */
bool keras_find_tensor(const Model *m, const At *at, Tensor **out);
/* What an entry of inbound_nodes reads. */
bool keras_read_call(const Model *m, const At *at, Args *args);
/* Whether anything in there reads an output of layer name behind its first. */
bool keras_reads_states(const At *at, const char *name);

#endif
