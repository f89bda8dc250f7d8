/* lanes.c -- what is written for lanes by hand, against the same for one
 * number, bit for bit: zeros of both signs, infinities, subnormal numbers and
 * numbers on either side of the bounds. (All that tests/reproducible promises
 * rests on it.) Built for each width of lanes by run.sh. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "abs_lanes.h"
#include "at_least_lanes.h"
#include "clip.h"
#include "copy_sign_lanes.h"
#include "eight.h"
#include "limit_lanes.h"
#include "maximum_lanes.h"
#include "minimum_lanes.h"
#include "relu_lanes.h"

static const rn_real some[] = {
    0,   (rn_real)-0.0, 1, -1, 2,         -2,       3,   -3, (rn_real)1e-40,
    0.5, (rn_real)-0.5, 4, -4, -INFINITY, INFINITY, NAN,
};
enum { N = sizeof some / sizeof *some };

static int differ(rn_lanes lanes, rn_real one)
{
    int differs = 0;
    for (int i = 0; i < RN_LANES; i++) {
        rn_real got = lanes[i];
        int nan = got != got && one != one;
        differs += !nan && memcmp(&got, &one, sizeof got) != 0;
    }
    return differs;
}

static int check(const char *what, int failed)
{
    printf("%sok - lanes and one alike: %s\n", failed ? "not " : "", what);
    return failed != 0;
}

#define EACH(name, lanes, one)                                                 \
    static int each_##name(void)                                               \
    {                                                                          \
        int failed = 0;                                                        \
        for (int i = 0; i < N * N; i++) {                                      \
            rn_real a = some[i / N], b = some[i % N];                          \
            rn_lanes x = rn_spread_lanes(0), y = x;                            \
            for (int k = 0; k < RN_LANES; k++)                                 \
                x[k] = a, y[k] = b;                                            \
            (void)y, (void)b;                                                  \
            failed += differ(lanes, one);                                      \
        }                                                                      \
        return check(#name, failed);                                           \
    }

EACH(abs, rn_abs_lanes(x), rn_abs(a))
EACH(relu, rn_relu_lanes(x), rn_relu(a))
EACH(limit, rn_limit_lanes(x, 2), rn_limit(a, 2))
EACH(at_least, rn_at_least_lanes(x, 2), rn_at_least(a, 2))
EACH(at_least_0, rn_at_least_lanes(x, 0), rn_at_least(a, 0))
EACH(maximum, rn_maximum_lanes(x, y), rn_maximum(a, b))
EACH(minimum, rn_minimum_lanes(x, y), rn_minimum(a, b))
EACH(copy_sign, rn_copy_sign_lanes(rn_abs_lanes(x), y),
     rn_copy_sign(rn_abs(a), b))

/* Eight of two sixteens, where it is known of which, and where it is not. */
static int each_half(void)
{
    rn_real x[32];
    rn_eight got[6];
    volatile size_t at = 16;
    int failed = 0;

    for (int i = 0; i < 32; i++)
        x[i] = (rn_real)i;
    got[0] = rn_load_half(x, 0);
    got[1] = rn_load_half(x, 8);
    got[2] = rn_load_half(x, 16);
    got[3] = rn_load_half(x, 24);
    got[4] = rn_load_half(x, at);
    got[5] = rn_load_half(x, at + 8);
    for (int k = 0; k < 6; k++)
        for (int i = 0; i < RN_EIGHT; i++)
            failed += got[k][i] != (rn_real)(8 * (k < 4 ? k : k - 2) + i);
    return check("half", failed);
}

int main(void)
{
    return each_half() + each_abs() + each_relu() + each_limit() +
           each_at_least() + each_at_least_0() + each_maximum() +
           each_minimum() + each_copy_sign();
}
