/* runtime/clip.h -- a number between two others. */
#ifndef RN_CLIP_H
#define RN_CLIP_H

#include "real.h"
#include "select.h"

/* min(max(x, least), most); NaN stays NaN. */
static inline rn_real rn_clip(rn_real x, rn_real least, rn_real most)
{
    x = rn_select(x < least, least, x);
    return rn_select(x > most, most, x);
}

#endif
