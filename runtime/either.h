/* runtime/either.h -- what differs where numbers stand alone. */
#ifndef RN_EITHER_H
#define RN_EITHER_H

#include "lanes.h"

/* With vectors, or loops that compilers make vectors of, the first; without,
 * the second: zeros behind the units of a tile then cost time. */
#if RN_WIDTH
#define RN_EITHER(vectors, alone) (vectors)
#else
#define RN_EITHER(vectors, alone) (alone)
#endif

#endif
