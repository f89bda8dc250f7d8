/* runtime/keep.h -- numbers that stay in a register. */
#ifndef RN_KEEP_H
#define RN_KEEP_H

#include "lanes.h"

/* Behind a load of lanes that serve several rows: gcc -Os would load them for
 * each of these anew, as that is shorter (64 samples of a GRU of 64 units took
 * 1.4 times as long). With -O1 it would keep sums in memory for it. */
#if defined(__clang__) || !defined(__GNUC__) || !defined(__OPTIMIZE_SIZE__)
#define RN_KEEP(lanes) ((void)0)
#elif defined(__AVX512F__)
#define RN_KEEP(lanes) __asm__("" : "+v"(lanes))
#elif defined(__SSE2__)
#define RN_KEEP(lanes) __asm__("" : "+x"(lanes))
#else
#define RN_KEEP(lanes) ((void)0)
#endif

#endif
