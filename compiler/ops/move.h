/* ops/move.h -- layers that only move elements: ZeroPadding, Cropping,
 * UpSampling (nearest) in move_space.c; RepeatVector, Permute in move.c.
 *
 * All of them are one copy over up to five axes,
 *
 *   y[to + i0 t0 + i1 t1 + ...] = x[from + i0 f0 + i1 f1 + ...]
 *
 * with zeros elsewhere where there is an elsewhere. A stride f of 0 repeats.
 * The row's infer function fills in a Move; the template and eval() read it
 * from the scope, as from_0, to_0, count_0 and so on. */

#ifndef MOVE_H
#define MOVE_H

#include "../rnnc.h"

enum { MAX_AXES = 5 };

typedef struct Move {
    int axes;
    int64_t count[MAX_AXES], from[MAX_AXES], to[MAX_AXES];
    int64_t first_from, first_to;
} Move;

void move_axis(Move *m, int64_t count, int64_t from, int64_t to);
void move_bind(Node *n, const Move *m);
/* Elements from one index of each axis to the next. */
void move_strides(const Shape *s, int64_t *out);
/* False after a message: the number of timesteps is open. */
bool move_fixed(const Source *src, const Node *n);
/* For op->infer of UpSampling to the nearest. */
bool move_up(const Source *src, Node *n);
void move_eval(const Eval *e);
const char *move_no_stream(const Node *n);

#define MOVE                                                                   \
    .min_inputs = 1, .max_inputs = 1, .template = "move.c.lt", .eval = move_eval

#endif
