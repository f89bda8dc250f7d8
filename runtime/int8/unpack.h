/* runtime/int8/unpack.h -- four weights in a word, integers of 8 bits. */
#ifndef RN_UNPACK_H
#define RN_UNPACK_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "bit_words.h"

#define RN_PACK 4

/* Number k of a word, and of as many words as there are lanes; without the
 * factor of the column. */
RN_INLINE rn_real rn_unpack_word(uint32_t word, int k)
{
    return (rn_real)((int32_t)((word >> 8 * k & 0xffu) ^ 0x80u) - 0x80);
}

RN_INLINE rn_lanes rn_unpack(rn_bit_words words, int k)
{
#if RN_BYTES
    rn_integers high = (rn_integers)(words << (24 - 8 * k));
    return __builtin_convertvector(high >> 24, rn_lanes);
#else
    return rn_unpack_word(words, k);
#endif
}

#endif
