/* formats/tfjs.h -- what the files of the reader for TensorFlow.js share. */

#ifndef RNNC_TFJS_H
#define RNNC_TFJS_H

#include "keras.h"

typedef struct Tfjs {
    Build b;
    KerasArray *array; /* [arrays] */
    int arrays;
} Tfjs;

/* One entry of the manifest. */
typedef struct TfjsWeight {
    const At *at;
    const char *name;
    Shape shape;
    bool whole;        /* it is int32 or bool, not float32 */
    int stored;        /* how its elements are stored: TFJS_... */
    size_t size;       /* bytes */
    double scale, min; /* where they are quantized */
    bool optimizer;    /* group "optimizer" */
} TfjsWeight;

/* tfjs_weights.c */
bool tfjs_read_weight(Build *b, const At *at, TfjsWeight *out);
/* bytes [out->size]. False after a message. */
bool tfjs_decode(Build *b, const TfjsWeight *w, const unsigned char *bytes,
                 Values *out);

#endif
