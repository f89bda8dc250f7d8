/* accuracy.c -- how far the runtime's functions are from the truth.
 *
 *   cc -O2 -Iruntime/f32 -Iruntime accuracy.c -lm
 *   cc -O2 -DDOUBLE -Iruntime/f64 -Iruntime accuracy.c -lquadmath -lm
 *   cc -O2 -DFAST -Iruntime/fast/f32 -Iruntime/f32 ... and so every tier
 *
 * Float: every STRIDE-th of all 2^32 inputs, or, with the argument
 * --exhaustive, every one (minutes). Double: random inputs, log-uniform over
 * all magnitudes and uniform near 0. Prints one TAP line for each function
 * with its worst errors; fails where a bound is exceeded. The bounds are what
 * was measured exhaustively (float) or over 10^8 inputs (double), rounded up;
 * an infinite bound means that the other one is the promise. */

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Before log_sigmoid.h, which would take runtime/softplus.h, its neighbour. */
#include "softplus.h"

#include "celu.h"
#include "clip.h"
#include "elu.h"
#include "exp.h"
#include "expm1.h"
#include "gelu.h"
#include "gelu_tanh.h"
#include "hard_shrink.h"
#include "hard_sigmoid_keras2.h"
#include "hard_sigmoid_keras3.h"
#include "hard_silu.h"
#include "hard_tanh.h"
#include "inverse_root.h"
#include "log.h"
#include "log1p.h"
#include "log_sigmoid.h"
#include "logarithm.h"
#include "mish.h"
#include "real.h"
#include "relu6.h"
#include "root.h"
#include "rsqrt.h"
#include "selu.h"
#include "sigmoid.h"
#include "soft_shrink.h"
#include "softsign.h"
#include "sparse_plus.h"
#include "sparse_sigmoid.h"
#include "squared.h"
#include "squareplus.h"
#include "swish.h"
#include "tanh.h"
#include "tanh_shrink.h"
#include "threshold.h"

#include "reference.h"

static rn_real elu1(rn_real x)
{
    return rn_elu(x, 1);
}

static rn_real celu2(rn_real x)
{
    return rn_celu(x, 2);
}

static rn_real squareplus4(rn_real x)
{
    return rn_squareplus(x, 4);
}

static rn_real soft_shrink_half(rn_real x)
{
    return rn_soft_shrink(x, (rn_real)0.5);
}

static rn_real hard_shrink_half(rn_real x)
{
    return rn_hard_shrink(x, (rn_real)0.5);
}

static rn_real clip_some(rn_real x)
{
    return rn_clip(x, -1, 2);
}

static rn_real threshold_one(rn_real x)
{
    return rn_threshold(x, 1, -3);
}

typedef struct Function {
    const char *name;
    rn_real (*function)(rn_real x);
    wide (*reference)(wide x);
    double low, high;                  /* the domain that is tested */
    double max_ulp, max_abs;           /* abs: relative to max(1, |x|) */
    enum { ANY, ODD, POSITIVE } shape; /* the latter two within 1 */
} Function;

#define BIG 1e300
#ifdef DOUBLE
#define BOUNDS(ulp32, abs32, ulp64, abs64) ulp64, abs64
#else
#define BOUNDS(ulp32, abs32, ulp64, abs64) ulp32, abs32
#endif

static const Function functions[] = {
    /* name, ours, theirs, domain, float ULP, abs, double ULP, abs */
    {"tanh", rn_tanh, ref_tanh, -BIG, BIG, BOUNDS(5.31, 3.2e-7, 2, 3e-16), ODD},
    {"sigmoid", rn_sigmoid, ref_sigmoid, -BIG, BIG,
     BOUNDS(INFINITY, 2.1e-7, 2, 3e-16), POSITIVE},
    {"exp", rn_exp, ref_exp, -BIG, BIG, BOUNDS(1.1, INFINITY, 2, INFINITY)},
    {"expm1", rn_expm1, ref_expm1, -BIG, BIG, BOUNDS(2, INFINITY, 2, INFINITY)},
    {"log1p", rn_log1p, ref_log1p, 0, 1, BOUNDS(2, 1e-7, 2, 2e-16)},
    {"rsqrt", rn_rsqrt, ref_rsqrt, sizeof(rn_real) == 4 ? 2.4e-38 : 4.5e-308,
     BIG, BOUNDS(2, INFINITY, 2, INFINITY)},
    {"elu", elu1, ref_elu, -BIG, BIG, BOUNDS(2, INFINITY, 2, INFINITY)},
    {"selu", rn_selu, ref_selu, -BIG, BIG, BOUNDS(4, INFINITY, 4, INFINITY)},
    {"softplus", rn_softplus, ref_softplus, -BIG, BIG,
     BOUNDS(3, INFINITY, 3, INFINITY)},
    {"softsign", rn_softsign, ref_softsign, -BIG, BIG,
     BOUNDS(1.5, INFINITY, 1.5, INFINITY)},
    {"swish", rn_swish, ref_swish, -80, BIG, BOUNDS(4, INFINITY, 4, INFINITY)},
    {"swish, all", rn_swish, ref_swish, -BIG, BIG,
     BOUNDS(INFINITY, 2e-7, INFINITY, 4e-16)},
    {"gelu", rn_gelu, ref_gelu, -12, BIG, BOUNDS(8, INFINITY, 8, INFINITY)},
    {"gelu, all", rn_gelu, ref_gelu, -BIG, BIG,
     BOUNDS(INFINITY, 2e-7, INFINITY, 4e-16)},
    {"gelu_tanh", rn_gelu_tanh, ref_gelu_tanh, -BIG, BIG,
     BOUNDS(INFINITY, 4e-7, INFINITY, 1e-15)},
    {"hard_sigmoid_keras2", rn_hard_sigmoid_keras2, ref_hard_sigmoid_keras2,
     -BIG, BIG, BOUNDS(INFINITY, 1.2e-7, INFINITY, 2.3e-16)},
    {"hard_sigmoid_keras3", rn_hard_sigmoid_keras3, ref_hard_sigmoid_keras3,
     -BIG, BIG, BOUNDS(INFINITY, 1.2e-7, INFINITY, 2.3e-16)},
    {"log", rn_log, ref_log, 1, BIG, BOUNDS(2, INFINITY, 2, INFINITY)},
    {"relu6", rn_relu6, ref_relu6, -BIG, BIG, BOUNDS(0, 0, 0, 0)},
    {"celu", celu2, ref_celu, -BIG, BIG, BOUNDS(3, INFINITY, 3, INFINITY)},
    {"squareplus", squareplus4, ref_squareplus, -BIG, BIG,
     BOUNDS(4, INFINITY, 4, INFINITY)},
    {"soft_shrink", soft_shrink_half, ref_soft_shrink, -BIG, BIG,
     BOUNDS(0.6, INFINITY, 0.6, INFINITY)},
    {"threshold", threshold_one, ref_threshold, -BIG, BIG, BOUNDS(0, 0, 0, 0)},
    {"hard_shrink", hard_shrink_half, ref_hard_shrink, -BIG, BIG,
     BOUNDS(0, 0, 0, 0)},
    {"sparse_plus", rn_sparse_plus, ref_sparse_plus, -BIG, BIG,
     BOUNDS(2.5, INFINITY, 2.5, INFINITY)},
    {"tanh_shrink", rn_tanh_shrink, ref_tanh_shrink, -BIG, BIG,
     BOUNDS(INFINITY, 2.5e-7, INFINITY, 3e-16)},
    {"sparse_sigmoid", rn_sparse_sigmoid, ref_sparse_sigmoid, -BIG, BIG,
     BOUNDS(0.6, INFINITY, 0.6, INFINITY)},
    {"hard_silu", rn_hard_silu, ref_hard_silu, -BIG, BIG,
     BOUNDS(2.5, INFINITY, 2.5, INFINITY)},
    {"hard_tanh", rn_hard_tanh, ref_hard_tanh, -BIG, BIG, BOUNDS(0, 0, 0, 0)},
    {"mish", rn_mish, ref_mish, -80, BIG, BOUNDS(5, INFINITY, 5, INFINITY)},
    {"mish, all", rn_mish, ref_mish, -BIG, BIG,
     BOUNDS(INFINITY, 2.5e-7, INFINITY, 5e-16)},
    {"log_sigmoid", rn_log_sigmoid, ref_log_sigmoid, -BIG, BIG,
     BOUNDS(3, INFINITY, 3, INFINITY)},
    {"root", rn_root, ref_root, 0, BIG, BOUNDS(1, INFINITY, 1, INFINITY)},
    {"inverse_root", rn_inverse_root, ref_rsqrt, 1e-320, BIG,
     BOUNDS(2, INFINITY, 2, INFINITY)},
    {"logarithm", rn_logarithm, ref_log, 1e-320, BIG,
     BOUNDS(3, INFINITY, 3, INFINITY)},
    {"squared", rn_squared, ref_squared, -1e18, 1e18,
     BOUNDS(0.6, INFINITY, 0.6, INFINITY)},
    {"clip", clip_some, ref_clip, -BIG, BIG, BOUNDS(0, 0, 0, 0)},
};

/* What a tier of --math promises instead. */
typedef struct Promise {
    const char *name;
    double max_ulp, max_abs;
} Promise;

#define ROUNDED(name)                                                          \
    {                                                                          \
        name, 0.50000002, INFINITY                                             \
    }
static const Promise promises[] = {
#if defined FAST
    {"tanh", INFINITY, 1.5e-5},
    {"sigmoid", INFINITY, 7.5e-6},
    {"tanh_shrink", INFINITY, 1.5e-5},
#elif defined ACCURATE
    {"tanh", 1.25, 8e-8},
    {"sigmoid", 2.5, 1e-7},
    {"tanh_shrink", INFINITY, 1e-7},
#elif defined EXACT
    ROUNDED("tanh"),     ROUNDED("sigmoid"),     ROUNDED("exp"),
    ROUNDED("expm1"),    ROUNDED("log1p"),       ROUNDED("log"),
    ROUNDED("elu"),      ROUNDED("selu"),        ROUNDED("celu"),
    ROUNDED("softplus"), ROUNDED("swish"),       ROUNDED("gelu_tanh"),
    ROUNDED("mish"),     ROUNDED("log_sigmoid"), {"gelu", 0.5000001, INFINITY},
#endif
    {NULL, 0, 0},
};

#ifdef DOUBLE
typedef uint64_t Bits;
enum { MANTISSA = DBL_MANT_DIG, LOWEST = DBL_MIN_EXP };
#else
typedef uint32_t Bits;
enum { MANTISSA = FLT_MANT_DIG, LOWEST = FLT_MIN_EXP };
#endif

/* The spacing of rn_real at a value. */
static double spacing(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff) - 1022;
    if (exponent < LOWEST)
        exponent = LOWEST;
    return ldexp(1, exponent - MANTISSA);
}

typedef struct Worst {
    double ulp, abs;
    rn_real at_ulp, at_abs;
    int outside; /* beyond the function's range, or not odd */
} Worst;

static void measure(const Function *f, rn_real x, Worst *worst)
{
    if (!((double)x >= f->low && (double)x <= f->high))
        return;
    rn_real got = f->function(x);
    wide want = f->reference((wide)x);
    if ((rn_real)want == got && got - got != 0)
        return; /* both infinite */
    double error = (double)((wide)got - want);
    error = fabs(error);
    double ulp = error / spacing((double)want);
    if (f->shape == ODD)
        worst->outside |= !(got >= -1 && got <= 1) || -got != f->function(-x);
    if (f->shape == POSITIVE)
        worst->outside |= !(got >= 0 && got <= 1);
    double size = fabs((double)x), abs = size > 1 ? error / size : error;
    if (!(ulp <= worst->ulp)) {
        worst->ulp = ulp;
        worst->at_ulp = x;
    }
    if (!(abs <= worst->abs)) {
        worst->abs = abs;
        worst->at_abs = x;
    }
}

static rn_real from(Bits bits)
{
    rn_real x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#ifdef DOUBLE
static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *seed ^ *seed >> 29;
}

static void sweep(const Function *f, int exhaustive, Worst *worst)
{
    uint64_t seed = 1;
    long count = exhaustive ? 20000000 : 60000;
    for (long i = 0; i < count; i++) {
        uint64_t bits = draw(&seed);
        int64_t near = (int64_t)(bits >> 11) - (INT64_C(1) << 52);
        double unit = (double)near / (double)(INT64_C(1) << 52);
        measure(f, from(bits), worst);
        measure(f, unit * 0.7, worst);
        measure(f, unit * 4, worst);
        measure(f, unit * 40, worst);
        measure(f, unit * 760, worst);
        measure(f, ldexp(unit, (int)(bits % 48) - 40), worst);
    }
}
#else
static void sweep(const Function *f, int exhaustive, Worst *worst)
{
    uint64_t stride = exhaustive ? 1 : 509;
    for (uint64_t bits = 0; bits <= UINT32_MAX; bits += stride)
        if (from((Bits)bits) - from((Bits)bits) == 0)
            measure(f, from((Bits)bits), worst);
}
#endif

int main(int argc, char **argv)
{
    int exhaustive = argc > 1 && strcmp(argv[1], "--exhaustive") == 0;
    const char *only = argc > 2 ? argv[2] : NULL;
    int failures = 0;

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        const Function *f = &functions[i];
        Worst worst = {0, 0, 0, 0, 0};
        double max_ulp = f->max_ulp, max_abs = f->max_abs;
        if (only && strcmp(only, f->name) != 0)
            continue;
        for (const Promise *p = promises; p->name; p++)
            if (strncmp(p->name, f->name, strcspn(f->name, ",")) == 0 &&
                p->name[strcspn(f->name, ",")] == '\0') {
                max_ulp = p->max_ulp;
                max_abs = p->max_abs;
            }
        sweep(f, exhaustive, &worst);
        int ok = worst.ulp <= max_ulp && worst.abs <= max_abs && !worst.outside;
        failures += !ok;
        printf("%sok - %s: %.7g ULP at %.9g, absolute %.3g at %.9g\n",
               ok ? "" : "not ", f->name, worst.ulp, (double)worst.at_ulp,
               worst.abs, (double)worst.at_abs);
        fflush(stdout);
    }
    return failures != 0;
}
