/* test_storage.c -- numbers as --weights stores them. tests/weights compares
 * what ends in the C with numpy; here is what no model may hold, and a second
 * opinion where the compiler has the type. */

#include "rnnc.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static const struct {
    Storage storage;
    double value, stored;
    uint32_t bits;
} cases[] = {
    {STORE_BF16, 1, 1, 0x3f80},
    {STORE_BF16, -0.0, -0.0, 0x8000},
    {STORE_BF16, 1 + 0x1p-8, 1, 0x3f80}, /* a tie: to even */
    {STORE_BF16, 1 + 0x3p-8, 1 + 0x1p-6, 0x3f82},
    {STORE_BF16, 1 + 0x1.001p-8, 1 + 0x1p-7, 0x3f81},
    {STORE_BF16, 0x1p-133, 0x1p-133, 1}, /* the smallest */
    {STORE_BF16, 0x1p-134, 0, 0},        /* half of it: a tie */
    {STORE_BF16, 0x1.8p-133, 0x1p-132, 2},
    {STORE_BF16, FLT_MAX, 0x1.fep127, 0x7f7f}, /* and not infinity */
    {STORE_BF16, -1e300, -0x1.fep127, 0xff7f},
    {STORE_F16, 1, 1, 0x3c00},
    {STORE_F16, -0.0, -0.0, 0x8000},
    {STORE_F16, 1 + 0x1p-11, 1, 0x3c00},
    {STORE_F16, 1 + 0x3p-11, 1 + 0x1p-9, 0x3c02},
    {STORE_F16, 0x1p-14, 0x1p-14, 0x0400}, /* the smallest normal one */
    {STORE_F16, 0x1.ffp-15, 0x1.ffp-15, 0x03fe},
    {STORE_F16, 0x1.fffp-15, 0x1p-14, 0x0400}, /* up to normal */
    {STORE_F16, 0x1p-24, 0x1p-24, 1},
    {STORE_F16, -0x1p-25, -0.0, 0x8000},
    {STORE_F16, 0x1.8p-24, 0x1p-23, 2},
    {STORE_F16, 65519, 65504, 0x7bff},
    {STORE_F16, 65520, 65504, 0x7bff},
    {STORE_F16, -HUGE_VAL, -65504, 0xfbff},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double got = storage_round(cases[i].storage, 1, cases[i].value);
        assert_true(got == cases[i].stored);
        assert_true(!signbit(got) == !signbit(cases[i].stored));
        assert_int_equal(storage_bits(cases[i].storage, got), cases[i].bits);
    }
}

static void test_nan(void **state)
{
    (void)state;
    for (int s = STORE_F32; s <= STORE_INT8; s++)
        assert_true(isnan(storage_round((Storage)s, 1, (double)NAN)));
    float bf16 =
        bfloat16_to_float((uint16_t)storage_bits(STORE_BF16, (double)NAN));
    float f16 = half_to_float((uint16_t)storage_bits(STORE_F16, (double)NAN));
    assert_true(isnan(bf16) && isnan(f16));
}

/* Every number that can be stored stays what it is. */
static void test_round_trip(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits < 65536; bits++) {
        double bf16 = (double)bfloat16_to_float((uint16_t)bits);
        double f16 = (double)half_to_float((uint16_t)bits);
        if (isfinite(bf16)) {
            assert_true(storage_round(STORE_BF16, 1, bf16) == bf16);
            assert_int_equal(storage_bits(STORE_BF16, bf16), bits);
        }
        if (isfinite(f16)) {
            assert_true(storage_round(STORE_F16, 1, f16) == f16);
            assert_int_equal(storage_bits(STORE_F16, f16), bits);
        }
    }
}

static void test_int8(void **state)
{
    (void)state;
    for (int i = -127; i <= 127; i++) {
        assert_int_equal(storage_bits(STORE_INT8, i), i & 0xff);
        assert_true(storage_round(STORE_INT8, 0.25, 0.25 * i) == 0.25 * i);
    }
    assert_true(storage_round(STORE_INT8, 2, 5) == 4); /* 2.5: to even */
    assert_true(storage_round(STORE_INT8, 2, 7) == 8);
    assert_true(storage_round(STORE_INT8, 1, 128) == 127);
    assert_true(storage_round(STORE_INT8, 0, 1) == 0); /* a column of zeros */
}

static void test_second_opinion(void **state)
{
    (void)state;
#ifdef __FLT16_MAX__
    uint32_t seed = 1;
    for (int i = 0; i < 2000000; i++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t bits = (seed & 0x8fffffff) + 0x30000000; /* 5e-10 to 1e10 */
        float value;
        memcpy(&value, &bits, sizeof value);
        if (!(fabsf(value) < 65504))
            continue;
        __extension__ _Float16 half = (_Float16)value;
        assert_true(storage_round(STORE_F16, 1, (double)value) == (double)half);
    }
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),          cmocka_unit_test(test_nan),
        cmocka_unit_test(test_round_trip),     cmocka_unit_test(test_int8),
        cmocka_unit_test(test_second_opinion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
