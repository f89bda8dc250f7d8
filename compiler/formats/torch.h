/* formats/torch.h -- layers out of PyTorch's state_dict: names, transposed
 * matrices and gate orders, turned into the op rows'.
 *
 *   weight_ih_l0 [gates units, features]  ->  kernel [features, gates units]
 *   weight_hh_l0 [gates units, units]     ->  recurrent_kernel, transposed
 *   LSTM gates i f g o                    ->  the same
 *   GRU gates r z n, reset_after          ->  z r n, bias [2, 3 units]
 *   weight_hr_l0 [proj_size, units]       ->  a Dense behind the LSTM; what the
 *       next timestep reads of it, recurrent_kernel reads of h in one product
 *
 * Shapes are checked; messages stand at the tensor. (torch.nn.LSTM, GRU, RNN,
 * Linear, as documented for PyTorch 2.) */

#ifndef RNNC_TORCH_H
#define RNNC_TORCH_H

#include "build.h"

typedef struct TorchCell {
    const char *kind; /* "LSTM", as torch.nn calls it */
    const char *op;
    int gates;
    int order[4]; /* the row's gate i is PyTorch's gate order[i] */
} TorchCell;
const TorchCell *torch_cell(const char *kind); /* NULL: no such cell */

/* Where the tensors are: members of dict named prefix + name + suffix, such as
 * "rec." "weight_ih" "_l0". */
typedef struct TorchKeys {
    const At *dict;
    const char *prefix, *suffix;
} TorchKeys;

/* One layer of one direction; the node, or NULL after messages. h: what its
 * weight_hh reads, fewer than units where weight_hr projects them. */
Node *torch_rnn(Build *b, const TorchKeys *keys, const TorchCell *cell,
                int features, int units, int h, bool bias);
/* Behind it the Dense that projects: weight_hr [h, units]. */
Node *torch_projection(Build *b, const TorchKeys *keys, int units, int h);
Node *torch_linear(Build *b, const TorchKeys *keys, int features, int units,
                   bool bias);
/* The weights of such a cell, once they are there: kernel [gates units,
 * features], recurrent [gates units, units], biases [gates units]. */
void torch_weigh(Build *b, Node *n, const TorchCell *cell, const At *at,
                 Values kernel, Values recurrent, const Values bias[2]);

#endif
