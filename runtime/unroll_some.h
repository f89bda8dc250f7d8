/* runtime/unroll_some.h -- a loop that vanishes if it is short. */
#ifndef RN_UNROLL_SOME_H
#define RN_UNROLL_SOME_H

/* RN_SOME before a loop over up to eight numbers, or more. */
#ifdef __clang__
#define RN_SOME _Pragma("clang loop unroll_count(8)")
#elif defined(__GNUC__)
#define RN_SOME _Pragma("GCC unroll 8")
#else
#define RN_SOME
#endif

#endif
