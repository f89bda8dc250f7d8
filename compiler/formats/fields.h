/* formats/fields.h -- what formats share besides rnnc.h. */

#ifndef RNNC_FIELDS_H
#define RNNC_FIELDS_H

#include "../rnnc.h"

/* Reads layer[spec->name] into *out, or the default; false after a message. */
bool read_attr(const Source *src, const At *layer, const AttrSpec *spec,
               Attr *out);
/* Reads layer["weights"] into n->weight; the attributes must be there. */
bool read_weights(Source *src, const At *layer, Inputs *inputs, Node *n);

/* The shape of a model input: [null, 3] is any number of timesteps. */
bool read_input_shape(const Source *src, const At *at, Shape *out);

#endif
