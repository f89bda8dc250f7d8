/* formats/rtneural.h -- the network of an RTNeural file, for those who wrap
 * it. */

#ifndef RNNC_RTNEURAL_H
#define RNNC_RTNEURAL_H

#include "build.h"

bool rtneural_probe(const At *root);
/* "in_shape": makes the input x [any, features]. */
bool rtneural_input(Build *b, const At *root);
/* "layers", on top of what the last layer made. */
bool rtneural_layers(Build *b, const At *root);
/* Keys that training tools leave behind, for build_unused and want_keys. */
extern const char *const rtneural_metadata[];

/* ---- rtneural_layers.c ----------------------------------------------------
 */

typedef struct RtLayer {
    Build *b;
    const At *at;
    const char *type, *name;
    int units; /* the last of "shape" */
    const char *activation;
    const At *weight_at[4];
    Values weight[4];
    int weights;
} RtLayer;

/* One row for each type of layer. */
typedef struct RtType {
    const char *type, *name;
    bool (*read)(RtLayer *l);
    int min, max; /* weights */
    const char *keys[4];
} RtType;
extern const RtType rt_types[];
extern const int rt_type_count;

#endif
