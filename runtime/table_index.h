/* runtime/table_index.h -- an integer as the index of a row. */
#ifndef RN_TABLE_INDEX_H
#define RN_TABLE_INDEX_H

#include <stddef.h>
#include <stdint.h>

/* x within 0 .. last, without a branch: the sign bit makes a mask, and an
 * unsigned minimum is an instruction. last is less than 2^24. */
static inline size_t rn_table_index(int32_t x, uint32_t last)
{
    uint32_t row = (uint32_t)x;
    row &= (row >> 31) - 1u;
    return row < last ? row : last;
}

#endif
