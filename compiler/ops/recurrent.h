/* ops/recurrent.h -- what SimpleRNN, LSTM and GRU have in common. */

#ifndef RECURRENT_H
#define RECURRENT_H

#include "../rnnc.h"

/* clang-format off */
#define RECURRENT_ATTRS                                                        \
    {"units", ATTR_INT, .min = 1, .max = MAX_DIM},                             \
    {"activation", ATTR_ACTIVATION, .fallback = "\"tanh\""},                   \
    {"use_bias", ATTR_BOOL, .fallback = "true"},                               \
    {"return_sequences", ATTR_BOOL, .fallback = "false"},                      \
    {"go_backwards", ATTR_BOOL, .fallback = "false"},                          \
    {"return_state", ATTR_BOOL, .fallback = "false"},                          \
    {"masked", ATTR_BOOL, .fallback = "false"},                                \
    {"ignore_mask", ATTR_BOOL, .fallback = "false"},                           \
    {"zero_output_for_mask", ATTR_BOOL, .fallback = "false"}

#define RECURRENT_GATES                                                        \
    {"recurrent_activation", ATTR_ACTIVATION, .fallback = "\"sigmoid\""}

#define RECURRENT_ROW(states)                                                  \
    .min_inputs = 1, .max_inputs = 2 + (states), .masks = MASK_READ,           \
    .input = "timesteps, features", .infer = recurrent_infer,                  \
    .recurrent = true, .no_stream = recurrent_no_stream
/* clang-format on */

/* Inputs are the sequence, perhaps the first value of every state [units], and,
 * where "masked", the mask [timesteps, 1]: at a timestep where it is 0 the
 * states stay as they are, and so does the output (before the first that
 * counts it is 0, even if layers give a first state, as TensorFlow has it).
 * ignore_mask: a mask that comes with the sequence is handed on, but not read;
 * Keras 3 does so where first states are given.
 * With return_state the output is one vector: what it would be otherwise, then
 * the last value of every state; Slice takes it apart. */
bool recurrent_infer(const Source *src, Node *n);
/* go_backwards starts at the end; states from layers or for layers belong to a
 * whole sequence. */
const char *recurrent_no_stream(const Node *n);

/* One timestep of a cell. x [features]; state[0] is h [units], updated in
 * place, the others are the op's other states; scratch as the row says. */
typedef void Cell(const Node *n, const double *x, int64_t features,
                  double *const *state, double *scratch);
/* x [timesteps, features] -> out [timesteps, units], or [units] of the last. */
void eval_recurrent(const Eval *e, Cell *cell);

/* z [columns] = bias, or 0. */
void set_bias(double *z, const double *bias, int64_t columns);

#endif
