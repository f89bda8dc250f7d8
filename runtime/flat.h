/* runtime/flat.h -- functions without calls. */
#ifndef RN_FLAT_H
#define RN_FLAT_H

/* RN_FLAT before a function with a loop: what it calls becomes part of it, as
 * vectors can be made of a loop without calls only. */
#ifdef __GNUC__
#define RN_FLAT static __attribute__((flatten))
#else
#define RN_FLAT static
#endif

#endif
