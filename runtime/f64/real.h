/* runtime/f64/real.h -- the arithmetic type. */
#ifndef RN_REAL_H
#define RN_REAL_H

typedef double rn_real;   /* of values; or a vector of them */
typedef double rn_scalar; /* of what is the same for all values */

#endif
