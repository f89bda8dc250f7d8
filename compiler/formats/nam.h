/* formats/nam.h -- a .nam file being read: its flat weights, in order. */

#ifndef RNNC_NAM_H
#define RNNC_NAM_H

#include "build.h"

typedef struct Nam {
    Build b;
    const At *config, *weights_at;
    Values weights; /* [n], all of them */
    int64_t used;   /* taken so far; more than n when there are too few */
    bool failed;    /* something was reported: what follows is silent */
} Nam;

/* The next weights, in this shape. False when there are none left; they are
 * counted all the same, for the message at the end. */
bool nam_take(Nam *m, Shape shape, Values *out);

typedef struct NamConv {
    int in, out, size, dilation, groups;
    bool bias;
} NamConv;
/* Takes kernel [out, in/groups, size] and bias [out], and adds a causal
 * convolution (a Dense, where it is one) of x. */
Tensor *nam_conv(Nam *m, const char *name, Tensor *x, NamConv c);
/* The same kernel for two halves of the filters, each with a result. */
void nam_conv_halves(Nam *m, const char *name, Tensor *x, NamConv c,
                     Tensor *half[2]);
/* "Tanh", or {"type": "LeakyReLU", "negative_slope": 0.01}; of x. */
Tensor *nam_activation(Nam *m, const char *name, Tensor *x, const At *at);
/* Add or Multiply of two; x or y alone where the other is NULL. */
Tensor *nam_merge(Nam *m, const char *op, const char *name, Tensor *x,
                  Tensor *y);
/* An integer of an object, or its default where that is at least 0. */
bool nam_int(const Nam *m, const At *object, const char *key, int min,
             int fallback, int *out);
bool nam_bool(const Nam *m, const At *object, const char *key, bool fallback,
              bool *out);

/* The network of one architecture, from input x; NULL after messages. */
Tensor *nam_wavenet(Nam *m, Tensor *x); /* nam_wavenet.c */

#endif
