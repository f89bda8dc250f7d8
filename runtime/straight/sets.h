/* runtime/straight/sets.h -- how many samples straight lines take at once: one
 * in every lane, or, without vectors, as many as have 64 bytes, in loops that
 * compilers make vectors of. */
#ifndef RN_SETS_H
#define RN_SETS_H

#include "lanes.h"
#include "real.h"
#include "unroll.h"

#if RN_BYTES
#define RN_SETS 1
#else
#define RN_SETS (64 / (int)sizeof(rn_real))
#endif
#define RN_SAMPLES (RN_SETS * RN_LANES)

/* Before loops that vanish in lanes where that is worth its text. RN_LINES:
 * over a few units. RN_TURNS: over a few timesteps; clang starts one before the
 * end of the last. RN_ROWS: over rows of a kernel; a weight four times in a
 * constant is loaded, one of an array has to be spread, too. */
#if RN_BYTES
#define RN_LINES RN_UNROLL
#else
#define RN_LINES
#endif
#if RN_BYTES && defined(__clang__)
#define RN_TURNS RN_UNROLL
#else
#define RN_TURNS
#endif
#if RN_BYTES == 16 && defined(__clang__)
#define RN_ROWS RN_UNROLL
#else
#define RN_ROWS RN_ROLL
#endif

#endif
