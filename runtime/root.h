/* runtime/root.h -- the square root. */
#ifndef RN_ROOT_H
#define RN_ROOT_H

#include "infinity.h"
#include "real.h"
#include "rsqrt.h"
#include "select.h"

/* x / sqrt(x), with what that rounds added: y + (x - y^2) / (2 sqrt(x)). Very
 * small and large numbers are multiplied by 2^64 or 2^-64 before, the root by
 * the root of that.
 *   error: at most 1 ULP; NaN below 0 */
static inline rn_real rn_root(rn_real x)
{
    const rn_real low = (rn_real)1e-30, high = (rn_real)1e30;
    int small = x < low, large = x > high;
    rn_real up = rn_select(small, (rn_real)18446744073709551616.0, 1);
    rn_real down = rn_select(small, (rn_real)2.3283064365386963e-10, 1);
    up = rn_select(large, (rn_real)5.421010862427522e-20, up);
    down = rn_select(large, (rn_real)4294967296.0, down);

    rn_real m = x * up, r = rn_rsqrt(m), y = m * r, inf = rn_infinity();
    y = (y + (m - y * y) * (r * (rn_real)0.5)) * down;
    y = rn_select(x == inf, inf, y);
    return rn_select(x < 0, inf - inf, y);
}

#endif
