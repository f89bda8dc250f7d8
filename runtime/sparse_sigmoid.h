/* runtime/sparse_sigmoid.h -- a sigmoid of three straight lines. */
#ifndef RN_SPARSE_SIGMOID_H
#define RN_SPARSE_SIGMOID_H

#include "limit.h"
#include "real.h"

/* clip((x + 1) / 2, 0, 1) */
static inline rn_real rn_sparse_sigmoid(rn_real x)
{
    return (rn_limit(x, 1) + 1) / 2;
}

#endif
