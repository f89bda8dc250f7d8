/* reference.h -- the functions once more, in a wider type with another
 * library: float against glibc's double, double against libquadmath. */
#ifndef REFERENCE_H
#define REFERENCE_H

#ifdef DOUBLE
#include <quadmath.h>
typedef __float128 wide;
#define W(name) name##q
#else
#include <math.h>
typedef double wide;
#define W(name) name
#endif

static wide ref_exp(wide x)
{
    return W(exp)(x);
}

static wide ref_expm1(wide x)
{
    return W(expm1)(x);
}

static wide ref_log1p(wide x)
{
    return W(log1p)(x);
}

static wide ref_tanh(wide x)
{
    return W(tanh)(x);
}

static wide ref_sigmoid(wide x)
{
    return x < 0 ? W(exp)(x) / (1 + W(exp)(x)) : 1 / (1 + W(exp)(-x));
}

static wide ref_rsqrt(wide x)
{
    return 1 / W(sqrt)(x);
}

static wide ref_elu(wide x)
{
    return x < 0 ? W(expm1)(x) : x;
}

static wide ref_selu(wide x)
{
    wide scale = (wide)1.0507009873554804934193349852946L;
    wide alpha = (wide)1.6732632423543772848170429916717L;
    return scale * (x < 0 ? alpha * W(expm1)(x) : x);
}

static wide ref_softplus(wide x)
{
    return (x > 0 ? x : 0) + W(log1p)(W(exp)(-W(fabs)(x)));
}

static wide ref_softsign(wide x)
{
    return x / (1 + W(fabs)(x));
}

static wide ref_swish(wide x)
{
    return x * ref_sigmoid(x);
}

static wide ref_gelu(wide x)
{
    wide half_sqrt = (wide)0.70710678118654752440084436210484904L;
    return x / 2 * W(erfc)(-x * half_sqrt);
}

static wide ref_gelu_tanh(wide x)
{
    wide slope = (wide)0.797884560802865355879892119868763737L;
    wide z = slope * (x + (wide)0.044715L * x * x * x);
    return x * ref_sigmoid(2 * z);
}

static wide ref_hard_sigmoid_keras2(wide x)
{
    wide y = (wide)0.2L * x + (wide)0.5L;
    return y < 0 ? 0 : y > 1 ? 1 : y;
}

static wide ref_hard_sigmoid_keras3(wide x)
{
    wide y = (x + 3) / 6;
    return y < 0 ? 0 : y > 1 ? 1 : y;
}

static wide ref_root(wide x)
{
    return W(sqrt)(x);
}

static wide ref_squared(wide x)
{
    return x * x;
}

static wide ref_clip(wide x)
{
    return x < -1 ? -1 : x > 2 ? 2 : x;
}

static wide ref_log(wide x)
{
    return W(log)(x);
}

static wide ref_relu6(wide x)
{
    return x < 0 ? 0 : x > 6 ? 6 : x;
}

static wide ref_celu(wide x)
{
    return x < 0 ? 2 * W(expm1)(x / 2) : x;
}

static wide ref_squareplus(wide x)
{
    wide root = W(hypot)(x, 2);
    return x > 0 ? (x + root) / 2 : 2 / (root - x);
}

static wide ref_soft_shrink(wide x)
{
    wide half = (wide)0.5L;
    return x > half ? x - half : x < -half ? x + half : 0;
}

static wide ref_hard_shrink(wide x)
{
    return W(fabs)(x) > (wide)0.5L ? x : 0;
}

static wide ref_threshold(wide x)
{
    return x > 1 ? x : -3;
}

static wide ref_sparse_plus(wide x)
{
    return x <= -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x;
}

static wide ref_tanh_shrink(wide x)
{
    return x - W(tanh)(x);
}

static wide ref_sparse_sigmoid(wide x)
{
    return x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2;
}

static wide ref_hard_silu(wide x)
{
    return x * ref_hard_sigmoid_keras3(x);
}

static wide ref_hard_tanh(wide x)
{
    return x < -1 ? -1 : x > 1 ? 1 : x;
}

/* tanh(log(1 + e)) without the logarithm: ((1 + e)^2 - 1) / ((1 + e)^2 + 1). */
static wide ref_mish(wide x)
{
    wide e = W(exp)(x), top = e * (e + 2);
    return x > 100 ? x : x * top / (top + 2);
}

static wide ref_log_sigmoid(wide x)
{
    return -ref_softplus(-x);
}

#endif
