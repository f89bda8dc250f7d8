/* runtime/f32/bit_words.h -- as many words of 32 bits as there are lanes. */
#ifndef RN_BIT_WORDS_H
#define RN_BIT_WORDS_H

#include <stdint.h>

#include "lanes.h"

#if RN_BYTES
typedef uint32_t rn_bit_words __attribute__((vector_size(RN_BYTES)));
typedef int32_t rn_integers __attribute__((vector_size(RN_BYTES)));
typedef uint32_t rn_bit_words_anywhere
    __attribute__((vector_size(RN_BYTES), aligned(4), may_alias));

RN_INLINE rn_bit_words rn_load_bit_words(const uint32_t *w)
{
    return *(const rn_bit_words_anywhere *)w;
}
#else
typedef uint32_t rn_bit_words;

RN_INLINE rn_bit_words rn_load_bit_words(const uint32_t *w)
{
    return *w;
}
#endif

#endif
