/* runtime/unroll.h -- loops that vanish, and one that stays. */
#ifndef RN_UNROLL_H
#define RN_UNROLL_H

/* RN_UNROLL before a short loop over an array, which then lives in registers;
 * RN_ROLL before the loop around it, which clang would unroll. */
#ifdef __clang__
#define RN_ROLL   _Pragma("clang loop unroll(disable)")
#define RN_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define RN_ROLL
#define RN_UNROLL _Pragma("GCC unroll 16")
#else
#define RN_ROLL
#define RN_UNROLL
#endif

#endif
