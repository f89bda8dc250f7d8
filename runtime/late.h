/* runtime/late.h -- when memory is read. */
#ifndef RN_LATE_H
#define RN_LATE_H

/* What a pointer points to is read behind RN_LATE, not before. Of an address
 * that does not change gcc would read it before a loop and hold it in registers
 * that the loop needs. */
#if defined(__GNUC__) && !defined(__clang__)
#define RN_LATE(pointer) __asm__("" : "+r"(pointer))
#else
#define RN_LATE(pointer)
#endif

#endif
