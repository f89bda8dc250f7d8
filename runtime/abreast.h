/* runtime/abreast.h -- loops that compilers make vectors of. */
#ifndef RN_ABREAST_H
#define RN_ABREAST_H

#include "lanes.h"

/* RN_BLOCK: what an inner loop of a product has at once for each vector; with
 * 16 registers 8 numbers, sums of 16 did not stay in them (gcc, AVX2: a GRU of
 * 24 units 1.37 times as long). RN_BLOCKS: of these, the fewest of a loop: one
 * of 8 turns clang unrolls before it could be a vector.
 * Where that is a loop, not a vector (RN_FEW: where it is one, too):
 *   RN_ABREAST(n)  before a loop over numbers that do not depend on each other,
 *                  even if pointers could overlap: in vectors of n, and what is
 *                  left of a short loop unrolled: its sums are in registers
 *   RN_FEW(n)      the same before a loop of up to three vectors: what follows
 *                  finds their values in registers; gcc unrolls one of n turns,
 *                  if asked to, before it could be one vector
 *   RN_WIDE        before its function: clang takes half an AVX-512 register
 *   RN_FORGET      behind it: clang keeps a number that was read for the next
 *                  loop, which then depends on it and stays a loop
 *   RN_USED(n, all)  how many of all numbers it takes of which n are needed:
 *                  all where compilers make vectors, which do not like tails
 *   RN_SIXTEENS(n) how many of some sixteens and eight are taken in sixteens,
 *                  the others in eights: n, or none of shorter vectors
 *   RN_TAIL(n)     how many of n features in fours come with the sums: what
 *                  is left, with clang, which behind each loop stores what it
 *                  summed (GRU of 40 units 0.92 times as long); none with gcc
 *   RN_EVERY       before a loop over a few units, a number for each: unrolled,
 *                  or they are stored one by one, and read as a vector after a
 *                  wait only (gcc: Dense 40-4-2 17 ns, 11 unrolled)
 *   RN_VEIL(n)     n, which clang learns when it makes vectors only: at -O3 it
 *                  unrolls loops of few turns before that, those of a sum at
 *                  -O2, too, and takes what it finds in those lines in halves
 *                  (AVX2, -O3: a GRU of 8 units 1.8 times as long), or singly
 *   RN_HIDE(p)     before a loop over single numbers, p its pointer to weights:
 *                  gcc knows the first, and would load all others one round
 *                  ahead, into registers that the sums need */
#if RN_WIDTH && !RN_BYTES
#define RN_USED(n, all) (all)
#else
#define RN_USED(n, all) (n)
#endif
#if RN_WIDTH == 64
#define RN_SIXTEENS(n) (n)
#else
#define RN_SIXTEENS(n) 0
#endif
#if RN_BYTES
#define RN_BLOCK  RN_LANES
#define RN_BLOCKS 1
#define RN_EVERY  RN_UNROLL
#define RN_ABREAST(n)
#define RN_VEIL(n) (n)
#if RN_BYTES == 64 && !defined(__clang__) /* which does so by itself */
#define RN_FEW(n) _Pragma("GCC unroll 3")
#else
#define RN_FEW(n)
#endif
#else
#if RN_WIDTH == 32 || RN_WIDTH == 16
#define RN_BLOCK 8
#else
#define RN_BLOCK 16
#endif
#define RN_EVERY
#define RN_PRAGMA(text) _Pragma(#text)
#if RN_WIDTH && defined(__clang__)
#define RN_BLOCKS (16 / RN_BLOCK)
#define RN_FEW(n) RN_ABREAST(n)
#define RN_ABREAST(n)                                                          \
    RN_PRAGMA(clang loop vectorize(assume_safety) vectorize_width(n))          \
    RN_PRAGMA(clang loop interleave_count(1) unroll_count(8))
#define RN_WIDE   __attribute__((min_vector_width(512)))
#define RN_FORGET __asm__ volatile("" : : : "memory");
#define RN_TAIL(n) ((n) % 4)
#define RN_HIDE(p)

/* id times its successor is even, which clang does not know: it adds nothing,
 * but until it is settled whether id is a constant, nor is the sum one. */
RN_INLINE size_t rn_veil(size_t n)
{
    const char here = 0;
    const size_t id = (size_t)&here >> 8;
    return n + (__builtin_constant_p(id) ? id * (id + 1) % 2 : 0);
}
#define RN_VEIL(n) rn_veil(n)
#else
#define RN_VEIL(n) (n)
#define RN_BLOCKS 1
#if RN_WIDTH && defined(__GNUC__)
#define RN_ABREAST(n) _Pragma("GCC ivdep") _Pragma("GCC unroll 8")
#define RN_FEW(n)     _Pragma("GCC ivdep") RN_PRAGMA(GCC unroll(n) / 2)
#else
#define RN_ABREAST(n)
#define RN_FEW(n)
#endif
#if defined(__GNUC__) && !defined(__clang__)
#define RN_HIDE(p) __asm__("" : "+r"(p));
#else
#define RN_HIDE(p)
#endif
#define RN_WIDE
#define RN_FORGET
#define RN_TAIL(n) 0
#endif
#endif

#endif
