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

/* Before loops over rows of a kernel, which vanish where that is worth its
 * text: a weight four times in a constant is loaded, one of an array has to be
 * spread, too. */
#if RN_BYTES == 16 && defined(__clang__)
#define RN_ROWS RN_UNROLL
#else
#define RN_ROWS RN_ROLL
#endif

#endif
