/* dispatch.c -- the functions of keywords.h: each calls the best code for the
 * processor it runs on. */

#include "variants.h"

/* Asks for what the Makefile's flags allow, no more and no less: -mfma, "fma".
 * What processor this is was found out before main(); here two words are read,
 * and always the same: nothing to set up, nothing that threads could race for,
 * and a state stays with the code that began it. */
const keywords_variant *keywords_best(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("fma"))
        return &keywords_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &keywords_avx2;
#endif
    return &keywords_base;
}

void keywords_predict(const float *features, const float *who, float *y)
{
    keywords_best()->predict(features, who, y);
}

void keywords_predict_batch(const float *features, const float *who, float *y,
                            size_t n)
{
    keywords_best()->predict_batch(features, who, y, n);
}

void keywords_reset(keywords_state *s)
{
    keywords_best()->reset(s);
}

void keywords_step(keywords_state *s, const float *features, const float *who,
                   float *y)
{
    keywords_best()->step(s, features, who, y);
}

void keywords_process(keywords_state *s, const float *features,
                      const float *who, float *y, size_t timesteps)
{
    keywords_best()->process(s, features, who, y, timesteps);
}
