/* formats/frugally_deep.h -- what the files of the reader for frugally-deep
 * share. */

#ifndef RNNC_FRUGALLY_DEEP_H
#define RNNC_FRUGALLY_DEEP_H

#include "keras.h"

/* A flat list of float32: [count]. False after a message. */
bool fdeep_floats(Build *b, const At *at, Values *out);
/* "tests": golden samples. */
bool fdeep_tests(Build *b, const At *root);

#endif
