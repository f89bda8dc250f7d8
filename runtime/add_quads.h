/* runtime/add_quads.h -- sixteen numbers that were lanes, added two by two. */
#ifndef RN_ADD_QUADS_H
#define RN_ADD_QUADS_H

#include "quad.h"

#if RN_BYTES
/* In the order of rn_add_sixteen, four sums at once. Only of what was stored as
 * lanes: stored number by number it could be read as quads after a wait. */
RN_INLINE rn_real rn_add_quads(const rn_real *s)
{
    rn_real q[4];

    RN_UNROLL for (int i = 0; i < 4; i += RN_QUAD)
        rn_store_quad(q + i, (rn_load_quad(s + i) + rn_load_quad(s + 8 + i)) +
                                 (rn_load_quad(s + 4 + i) +
                                  rn_load_quad(s + 12 + i)));
    return (q[0] + q[2]) + (q[1] + q[3]);
}
#endif

#endif
