/* variants.h -- the network's functions as pointers, and the tables of them
 * that there are: one for each time that variant.c is compiled. */

#ifndef VARIANTS_H
#define VARIANTS_H

#include "keywords.h"

typedef struct keywords_variant {
    __typeof__(keywords_predict) *predict;
    __typeof__(keywords_predict_batch) *predict_batch;
    __typeof__(keywords_reset) *reset;
    __typeof__(keywords_step) *step;
    __typeof__(keywords_process) *process;
#ifdef KEYWORDS_SELFTEST
    __typeof__(keywords_selftest) *selftest;
#endif
} keywords_variant;

extern const keywords_variant keywords_base;
#ifdef __x86_64__
extern const keywords_variant keywords_avx2, keywords_avx512;
#endif

/* The best of them for the processor this runs on: dispatch.c. */
const keywords_variant *keywords_best(void);

/* The same in every variant: scalars, without gaps, in the order of the header,
 * however wide the processor's registers are. */
_Static_assert(sizeof(keywords_state) ==
                   200 * sizeof(float) + 2 * sizeof(size_t),
               "a state has one layout");

#endif
