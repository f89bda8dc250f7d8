/* formats/rnnc_v1.h -- what the two files of the format's reader share. */

#ifndef RNNC_V1_H
#define RNNC_V1_H

#include "../rnnc.h"

typedef struct V1 {
    Source *src;
    Graph *g;
    Inputs *inputs;
    Tensor **known; /* what layers may read, in order of appearance */
    int known_count;
    bool lost; /* a layer's name could not be read: others may mean it */
} V1;

/* A tensor that later layers may read. */
void v1_know(V1 *v, Tensor *t);
/* The tensor a name in the file means; reports an unknown one. */
Tensor *v1_tensor(const V1 *v, const At *at);
/* A name for a tensor that no other has. */
bool v1_name(const V1 *v, const At *at, const char **name);
/* Reads root["layers"]; reports every problem. */
bool v1_layers(V1 *v, const At *root);

#endif
