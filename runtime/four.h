/* runtime/four.h -- whether four rows of a product are multiplied at once. */
#ifndef RN_FOUR_H
#define RN_FOUR_H

#include "lanes.h"

/* Not with few registers, as with SSE2: it spreads each x by a shuffle, of
 * which that takes four times as many. */
#if RN_WIDTH && (defined(__AVX__) || !defined(__SSE2__))
#define RN_FOUR 1
#else
#define RN_FOUR 0
#endif

#endif
