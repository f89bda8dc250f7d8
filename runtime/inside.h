/* runtime/inside.h -- how much of a window is inside. */
#ifndef RN_INSIDE_H
#define RN_INSIDE_H

#include <stddef.h>

/* Of the places from at - before on, window of them, how many are 0..size-1. */
static inline size_t rn_inside(size_t at, size_t before, size_t window,
                               size_t size)
{
    size_t from = at < before ? before : at;
    size_t to = at + window < size + before ? at + window : size + before;

    return to - from;
}

#endif
