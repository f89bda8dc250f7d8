/* variant.c -- the network for one kind of processor; compiled once for each,
 * with its -m flags and -DVARIANT=keywords_avx2 or the like.
 *
 * All that rnnc wrote is static here, so the table is the only symbol of the
 * object, and no function compiled for a newer processor can be taken for
 * another's by the linker. */

#define KEYWORDS_API static inline
#include "keywords.c"

#include "variants.h"

const keywords_variant VARIANT = {
    .predict = keywords_predict,
    .predict_batch = keywords_predict_batch,
    .reset = keywords_reset,
    .step = keywords_step,
    .process = keywords_process,
#ifdef KEYWORDS_SELFTEST
    .selftest = keywords_selftest,
#endif
};
