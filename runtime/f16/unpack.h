/* runtime/f16/unpack.h -- two weights in a word, in IEEE half precision. */
#ifndef RN_UNPACK_H
#define RN_UNPACK_H

#include <stdint.h>

#include "from_bits.h"
#include "lanes.h"
#include "real.h"
#include "words.h"

#define RN_PACK 2

/* Number k of a word, and of as many words as there are lanes: exponent and
 * fraction in the places of a float's are the number times 2^-112, subnormal
 * numbers too. None is infinite. */
RN_INLINE rn_real rn_unpack_word(uint32_t word, int k)
{
    uint32_t high = k ? word : word << 16;
    uint32_t bits = (high & 0x80000000u) | (high >> 3 & 0x0fffe000u);
    return rn_from_bits(bits) * 5.192296858534828e33f;
}

RN_INLINE rn_lanes rn_unpack(rn_words words, int k)
{
#if RN_BYTES
    /* Three copies of the sign come in from the left, and are masked. */
    rn_integers high = (rn_integers)(k ? words : words << 16);
    rn_words bits = (rn_words)(high >> 3) & 0x8fffe000u;
    return (rn_lanes)bits * 5.192296858534828e33f;
#else
    return rn_unpack_word(words, k);
#endif
}

#endif
