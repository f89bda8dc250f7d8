/* runtime/f32/real.h -- the arithmetic type. */
#ifndef RN_REAL_H
#define RN_REAL_H

typedef float rn_real;

#endif
