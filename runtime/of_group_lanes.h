/* runtime/of_group_lanes.h -- a feature of each group, in its lanes. */
#ifndef RN_OF_GROUP_LANES_H
#define RN_OF_GROUP_LANES_H

#include "bits.h"
#include "lanes.h"
#include "real.h"

/* In lane i x[i / columns * columns + f], where groups are so many features
 * and as many lanes, 2, 4 or 8; x[f] where one group fills the lanes. Compilers
 * find the instruction that picks the features. */
#if RN_BYTES
RN_INLINE rn_lanes rn_of_group_lanes(const rn_real *x, unsigned columns,
                                     unsigned f)
{
    typedef __typeof__(rn_bits(0)) places
        __attribute__((vector_size(sizeof(rn_lanes))));
    rn_lanes from, to = {0};
    places place = {0};

    if (columns % RN_LANES == 0)
        return x[f] - to; /* x - 0 is x */
    from = rn_load_lanes(x);
    RN_UNROLL for (unsigned i = 0; i < RN_LANES; i++) {
        place[i] = (i & -columns) | f;
#ifdef __clang__
        to[i] = from[place[i]];
#endif
    }
#ifndef __clang__
    to = __builtin_shuffle(from, place);
#endif
    return to;
}
#endif

#endif
