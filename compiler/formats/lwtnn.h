/* formats/lwtnn.h -- what the files of lwtnn's reader share. */

#ifndef RNNC_LWTNN_H
#define RNNC_LWTNN_H

#include "build.h"

/* An architecture of lwtnn is for one kind of stack. */
typedef enum {
    LW_ROWS,    /* dense, ...: a vector, or every timestep of a sequence */
    LW_SEQUENCE /* lstm, ...: a whole sequence */
} LwKind;

typedef struct LwLayer {
    Build *b;
    const At *at;
    const char *name; /* of its last node */
    int features;     /* what it reads; then, what it makes; ANY: unknown */
    bool sequences;   /* a recurrence returns all timesteps */
} LwLayer;

/* ---- lwtnn.c ------------------------------------------------------------- */

typedef struct LwTime {
    bool sequence;
    int steps; /* or ANY */
} LwTime;
/* A port of these variables, and their offsets and scales. Returns the number
 * of variables, or -1 after messages. */
int lw_input(Build *b, const At *variables, const char *name, LwTime time);
/* As many labels as features. */
bool lw_labels(Build *b, const At *labels, int features);

/* ---- lwtnn_graph.c ------------------------------------------------------- */

bool lw_graph(Build *b, const At *root, int timesteps);

/* ---- lwtnn_layers.c, lwtnn_parts.c --------------------------------------- */

/* What a layer's "architecture" is for; false after a message. */
bool lw_kind(Build *b, const At *layer, LwKind *kind);
/* Appends what a layer of this kind computes. */
bool lw_read(LwLayer *l, LwKind kind);

/* "activation": lwtnn's name, or {"function", "alpha"}. */
typedef struct LwFunction {
    const char *name; /* of ours, or "swish" with a number of its own */
    const char *key, *value;
    double alpha;
    bool scaled; /* x sigmoid(alpha x) with an alpha other than 1 */
} LwFunction;
bool lw_function(const LwLayer *l, const char *key, LwFunction *out);
/* Into an attribute; a scaled swish is refused. */
bool lw_activate(const LwLayer *l, Node *n, const char *attr, const char *key);
/* A flat tensor [rows, columns], either may be ANY, which the other decides. */
bool lw_matrix(const LwLayer *l, const At *object, const char *key, int rows,
               int columns, Values *out);
/* A flat tensor; an absent or empty one has no data. */
bool lw_flat(const LwLayer *l, const At *object, const char *key, Values *out);

/* scale (x + offset), a row each; scale.data NULL: 1. */
void lw_scale(Build *b, const At *at, const char *name, Values offset,
              Values scale);
bool lw_recurrent(LwLayer *l);
bool lw_conv1d(LwLayer *l);

#endif
