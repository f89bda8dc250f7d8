/* runtime/bf16/unpack.h -- two weights in a word, upper halves of floats. */
#ifndef RN_UNPACK_H
#define RN_UNPACK_H

#include <stdint.h>

#include "from_bits.h"
#include "lanes.h"
#include "real.h"
#include "bit_words.h"

#define RN_PACK 2

/* Number k of a word, and of as many words as there are lanes. */
RN_INLINE rn_real rn_unpack_word(uint32_t word, int k)
{
    return rn_from_bits(k ? word & 0xffff0000u : word << 16);
}

RN_INLINE rn_lanes rn_unpack(rn_bit_words words, int k)
{
#if RN_BYTES
    return (rn_lanes)(k ? words & 0xffff0000u : words << 16);
#else
    return rn_unpack_word(words, k);
#endif
}

#endif
