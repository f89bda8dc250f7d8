/* runtime/one/sets.h -- how many samples sums are under way for: those of one
 * set of lanes, for models with layers that know no more. */
#ifndef RN_SETS_H
#define RN_SETS_H

#include "lanes.h"

/* Of one sample, the sums of so many units are under way: divisors of 8, or of
 * 16 with one gate, as tiles have so many units or a multiple. */
#define RN_SETS 1
#if RN_BYTES == 64 || defined(__aarch64__)
#define RN_UNITS_1 16
#define RN_UNITS_2 8
#define RN_UNITS_3 4
#define RN_UNITS_4 4
#else
#define RN_UNITS_1 8
#define RN_UNITS_2 4
#define RN_UNITS_3 4
#define RN_UNITS_4 2
#endif
#define RN_UNITS_HALF 8 /* of one gate in a tile of 8 */
#define RN_SAMPLES (RN_SETS * RN_LANES)

#endif
