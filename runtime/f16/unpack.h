/* runtime/f16/unpack.h -- two weights in a word, in IEEE half precision. */
#ifndef RN_UNPACK_H
#define RN_UNPACK_H

#include <stdint.h>

#include "from_bits.h"
#include "lanes.h"
#include "native.h"
#include "real.h"
#include "bit_words.h"

#define RN_PACK 2

/* Number k of a word, and of lanes of words. None is infinite.
 * Exponent and fraction move to the places of a float's, and the exponent then
 * counts from 127. Where it is 0, of a subnormal number f 2^-24, it becomes 1
 * first, 2^-14 + f 2^-24, and 2^-14 is taken away: no subnormal float comes up,
 * which would be a trap into microcode, or 0 where the program has set that. */
RN_INLINE rn_real rn_unpack_word(uint32_t word, int k)
{
    uint32_t high = k ? word : word << 16, sign = high & 0x80000000u;
    uint32_t size = high >> 3 & 0x0fffe000u, small = (size - 0x800000u) >> 31;

    return rn_from_bits(sign | (size + 0x38000000u + (small << 23))) -
           rn_from_bits(sign | small * 0x38800000u);
}

RN_INLINE rn_lanes rn_unpack(rn_bit_words words, int k)
{
#if RN_BYTES
    rn_bit_words high = k ? words : words << 16, sign = high & 0x80000000u;
    rn_bit_words size = high >> 3 & 0x0fffe000u;
    rn_bit_words small = (rn_bit_words)((rn_integers)(size - 0x800000u) >> 31);

    return (rn_lanes)(sign | (size + 0x38000000u + (small & 0x800000u))) -
           (rn_lanes)(sign | (small & 0x38800000u));
#else
    return rn_unpack_word(words, k);
#endif
}

#endif
