/* activation_eval.h -- what the rows of activations.c evaluate to. */

#ifndef ACTIVATION_EVAL_H
#define ACTIVATION_EVAL_H

#include <stdint.h>

double eval_tanh(double x, double p);
double eval_sigmoid(double x, double p);
double eval_hard_sigmoid_keras2(double x, double p);
double eval_hard_sigmoid_keras3(double x, double p);
double eval_relu(double x, double p);
double eval_leaky_relu(double x, double negative_slope);
double eval_elu(double x, double alpha);
double eval_selu(double x, double p);
double eval_softplus(double x, double p);
double eval_softsign(double x, double p);
double eval_swish(double x, double p);
double eval_gelu(double x, double p);
double eval_gelu_tanh(double x, double p);
double eval_exponential(double x, double p);
double eval_relu6(double x, double p);
double eval_celu(double x, double alpha);
double eval_squareplus(double x, double b);
double eval_soft_shrink(double x, double threshold);
double eval_hard_shrink(double x, double threshold);
double eval_sparse_plus(double x, double p);
double eval_tanh_shrink(double x, double p);
double eval_sparse_sigmoid(double x, double p);
double eval_hard_silu(double x, double p);
double eval_hard_tanh(double x, double p);
double eval_mish(double x, double p);
double eval_log_sigmoid(double x, double p);
double eval_threshold(double x, double threshold, double default_value);
double eval_abs(double x, double p);
double eval_square(double x, double p);
double eval_sqrt(double x, double p);
double eval_rsqrt(double x, double p);
double eval_log(double x, double p);
double eval_clip(double x, double min, double max);
/* z[n] in place. */
void eval_softmax(double *z, int64_t n);
void eval_log_softmax(double *z, int64_t n);
void eval_sparsemax(double *z, int64_t n);
void eval_sparsemax_keras3_15(double *z, int64_t n);

#endif
