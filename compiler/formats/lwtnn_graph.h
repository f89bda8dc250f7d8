/* formats/lwtnn_graph.h -- what the two files for lwtnn's graphs share. */

#ifndef RNNC_LWTNN_GRAPH_H
#define RNNC_LWTNN_GRAPH_H

#include "lwtnn.h"

typedef enum {
    LW_INPUT,
    LW_INPUT_SEQUENCE,
    LW_FEED_FORWARD,
    LW_SEQUENCE_NODE,
    LW_TIME_DISTRIBUTED,
    LW_CONCATENATE,
    LW_ADD,
    LW_SUM,
    LW_NODE_TYPES
} LwNodeType;

typedef struct LwNodeRow {
    const char *name;
    bool sequence, vector; /* what it can be */
    bool takes_sequence;
    int sources;        /* 0: any number */
    const char *number; /* the key with its index */
} LwNodeRow;
extern const LwNodeRow lw_node_rows[]; /* by LwNodeType */

typedef struct LwNode {
    const At *at;
    LwNodeType type;
    int index;       /* of the layer; the size of an input */
    int source;      /* an input's */
    bool broken;     /* and reported */
    bool open;       /* being built */
    Tensor *made[2]; /* as a vector, as a sequence */
    int features;
} LwNode;

typedef struct LwGraph {
    Build *b;
    LwNode *node;
    int nodes;
    Tensor *input[2][MAX_PORTS]; /* inputs, input_sequences */
    int size[2][MAX_PORTS], inputs[2];
    const At **layer;
    bool *used;
    int layers, timesteps;
} LwGraph;

/* "inputs" or "input_sequences", "layers", "nodes". */
bool lw_read_inputs(LwGraph *m, const At *root, bool sequence);
bool lw_find_layers(LwGraph *m, const At *root);
bool lw_read_nodes(LwGraph *m, const At *root);
/* Source k of a node, a number below `limit`. */
bool lw_source(const LwGraph *m, const LwNode *n, int k, int limit, int *out);

#endif
