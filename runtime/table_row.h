/* runtime/table_row.h -- a number as the index of a row. */
#ifndef RN_TABLE_ROW_H
#define RN_TABLE_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "real.h"
#include "relu.h"
#include "select.h"

/* x rounded toward zero, within 0 .. last; last for NaN. last is an integer
 * of less than 2^24. */
static inline size_t rn_table_row(rn_real x, rn_real last)
{
    rn_real row = rn_relu(x);
    return (size_t)(int32_t)rn_select(row < last, row, last);
}

#endif
