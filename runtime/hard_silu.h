/* runtime/hard_silu.h -- x times its hard sigmoid. */
#ifndef RN_HARD_SILU_H
#define RN_HARD_SILU_H

#include "at_least.h"
#include "hard_sigmoid_keras3.h"
#include "real.h"

/* x relu6(x + 3) / 6, also called hard_swish; 0 and infinity at the
 * infinities: x is limited from below where the other factor is 0.
 *   error: at most 2.5 ULP */
static inline rn_real rn_hard_silu(rn_real x)
{
    rn_real low = rn_at_least(x, -3);
    return low * rn_hard_sigmoid_keras3(low);
}

#endif
