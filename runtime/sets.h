/* runtime/sets.h -- how many samples and units products take at once. */
#ifndef RN_SETS_H
#define RN_SETS_H

#include "lanes.h"

/* RN_SAMPLES samples in RN_SETS lanes each, and so many units of 1 to 4 gates
 * that their sums fill the registers: 16 of 32, or 9 to 12 of 16, where every
 * weight is spread by an instruction of its own and should serve more lanes. */
#if RN_BYTES == 64 || defined(__aarch64__)
#define RN_SETS    1
#define RN_UNITS_1 16
#define RN_UNITS_2 8
#define RN_UNITS_3 4
#define RN_UNITS_4 4
#define RN_UNITS_HALF 8 /* of one gate in a tile of 8 */
#else
#define RN_SETS    3
#define RN_UNITS_1 4
#define RN_UNITS_2 2
#define RN_UNITS_3 1
#define RN_UNITS_4 1
#define RN_UNITS_HALF RN_UNITS_1
#endif
#define RN_SAMPLES (RN_SETS * RN_LANES)

#endif
