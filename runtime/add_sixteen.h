/* runtime/add_sixteen.h -- sixteen numbers, added two by two. */
#ifndef RN_ADD_SIXTEEN_H
#define RN_ADD_SIXTEEN_H

#include "lanes.h"
#include "real.h"

RN_INLINE rn_real rn_add_sixteen(const rn_real *s)
{
    return (((s[0] + s[8]) + (s[4] + s[12])) +
            ((s[2] + s[10]) + (s[6] + s[14]))) +
           (((s[1] + s[9]) + (s[5] + s[13])) +
            ((s[3] + s[11]) + (s[7] + s[15])));
}

#endif
