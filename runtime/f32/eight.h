/* runtime/f32/eight.h -- eight numbers side by side, where lanes are more. */
#ifndef RN_EIGHT_H
#define RN_EIGHT_H

#include "lanes.h"
#include "real.h"

/* For rows of 8, 24, 40...: what was stored as sixteen lanes can be read as
 * eight without delay, if none of the eight lie across a border. */
#if RN_BYTES == 64
#define RN_EIGHT 8
typedef rn_real rn_eight __attribute__((vector_size(8 * sizeof(rn_real))));
typedef rn_real rn_eight_anywhere __attribute__((
    vector_size(8 * sizeof(rn_real)), aligned(sizeof(rn_real)), may_alias));

RN_INLINE rn_eight rn_load_eight(const rn_real *x)
{
    return *(const rn_eight_anywhere *)x;
}

RN_INLINE void rn_store_eight(rn_real *x, rn_eight value)
{
    *(rn_eight_anywhere *)x = value;
}

/* The eight at x + at, of whole sixteens that were stored from x on. Where at
 * is known, half of one, which may still be in its register: otherwise clang
 * finds it there and moves number after number through integers (GRU of 20
 * units, then SimpleRNN: 1.6 times as long). */
RN_INLINE rn_eight rn_load_half(const rn_real *x, size_t at)
{
#ifdef __has_builtin
#if __has_builtin(__builtin_shufflevector)
    if (__builtin_constant_p(at)) {
        rn_lanes all = rn_load_lanes(x + (at - at % 16));
        return at % 16 ? __builtin_shufflevector(all, all, 8, 9, 10, 11, 12,
                                                 13, 14, 15)
                       : __builtin_shufflevector(all, all, 0, 1, 2, 3, 4, 5, 6,
                                                 7);
    }
#endif
#endif
    return rn_load_eight(x + at);
}

RN_INLINE rn_eight rn_spread_eight(rn_real x)
{
    rn_eight zero = {0};
    return zero + x;
}
#else
#define RN_EIGHT RN_LANES
typedef rn_lanes rn_eight;

RN_INLINE rn_eight rn_load_eight(const rn_real *x)
{
    return rn_load_lanes(x);
}

RN_INLINE void rn_store_eight(rn_real *x, rn_eight value)
{
    rn_store_lanes(x, value);
}

RN_INLINE rn_eight rn_load_half(const rn_real *x, size_t at)
{
    return rn_load_lanes(x + at);
}

RN_INLINE rn_eight rn_spread_eight(rn_real x)
{
    return rn_spread_lanes(x);
}
#endif

#endif
