/* ops/dropout.c -- nothing at inference: y = x. */

#include "../rnnc.h"

const Op op_dropout = {
    .name = "Dropout",
    .doc = "nothing: it only acts in training",
    .attrs = {{"rate", ATTR_RATE, .fallback = "0"}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "...",
    .output = "...",
    .alias = true,
    .eval = eval_copy,
};
