/* runtime/f64/real.h -- the arithmetic type. */
#ifndef RN_REAL_H
#define RN_REAL_H

typedef double rn_real;

#endif
