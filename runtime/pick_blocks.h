/* runtime/pick_blocks.h -- the inputs of blocks of weights. */
#ifndef RN_PICK_BLOCKS_H
#define RN_PICK_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#include "abreast.h"
#include "real.h"

/* y [count][8], row i: x[8 block[i]] to x[8 block[i] + 7], zeros from
 * x[features] on, which only the last block can reach. */
static inline void rn_pick_blocks(rn_real *y, const rn_real *x,
                                  const uint16_t *block, size_t count,
                                  size_t features)
{
    const size_t whole = features / 8;

    for (size_t i = 0; i < count; i++, y += 8) {
        const rn_real *from = x + (size_t)block[i] * 8;
        if (block[i] < whole) {
            RN_ABREAST(8) for (size_t k = 0; k < 8; k++)
                y[k] = from[k];
        } else {
            for (size_t k = 0; k < 8; k++)
                y[k] = k < features % 8 ? from[k] : 0;
        }
    }
}

#endif
