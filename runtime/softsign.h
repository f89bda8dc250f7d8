/* runtime/softsign.h -- a sigmoid without an exponential. */
#ifndef RN_SOFTSIGN_H
#define RN_SOFTSIGN_H

#include "abs.h"
#include "finite.h"
#include "real.h"

/* x / (1 + |x|); 1 and -1 at the infinities.
 *   error: at most 1.5 ULP */
static inline rn_real rn_softsign(rn_real x)
{
    x = rn_finite(x);
    return x / (1 + rn_abs(x));
}

#endif
