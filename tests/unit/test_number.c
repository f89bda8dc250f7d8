/* test_number.c -- no bit is lost between numbers and their text. */

#include "rnnc.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static uint64_t seed = 42;

static uint64_t next_random(void) /* splitmix64 */
{
    uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static float to_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double to_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int digits_of(const char *text)
{
    int digits = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text == '0')
            zeros++;
        else if (*text >= '1' && *text <= '9')
            digits += 1 + (digits ? zeros : 0), zeros = 0;
    }
    return digits;
}

/* With the sign of zero; digits as few as printf can do with. */
static void check_float(float value)
{
    char text[32], fewer[400];
    number_float(text, value);
    float back = strtof(text, NULL);
    assert_memory_equal(&back, &value, sizeof value);
    assert_true(strlen(text) < 32 && strpbrk(text, ".e"));
    int digits = digits_of(text);
    if (digits < 2)
        return;
    snprintf(fewer, sizeof fewer, "%.*g", digits - 1, (double)value);
    assert_true(strtof(fewer, NULL) != value);
}

static void check_double(double value)
{
    char text[32], fewer[400];
    number_double(text, value);
    double back = strtod(text, NULL);
    assert_memory_equal(&back, &value, sizeof value);
    assert_true(strlen(text) < 32 && strpbrk(text, ".e"));
    int digits = digits_of(text);
    if (digits < 2)
        return;
    snprintf(fewer, sizeof fewer, "%.*g", digits - 1, value);
    assert_true(strtod(fewer, NULL) != value);
}

static void test_float_text(void **state)
{
    static const struct {
        float value;
        const char *text;
    } cases[] = {
        {0.0f, "0.0"},
        {-0.0f, "-0.0"},
        {1.0f, "1.0"},
        {0.1f, "0.1"},
        {-2.5f, "-2.5"},
        {1e6f, "1e6"},
        {123456.0f, "123456.0"},
        {1e-7f, "1e-7"},
        {1e10f, "1e10"},
        {16777216.0f, "16777216.0"},
        {0.3f, "0.3"},
        {1e-45f, "1e-45"},
        {3.4028235e38f, "3.4028235e38"},
        {1.17549435e-38f, "1.1754944e-38"},
        {0.61979914f, "0.61979914"},
        {1.00000012f, "1.0000001"},
    };
    char text[32];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        number_float(text, cases[i].value);
        assert_string_equal(text, cases[i].text);
        check_float(cases[i].value);
    }
}

static void test_double_text(void **state)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {0.1, "0.1"},
        {1e15, "1e15"},
        {1e16, "1e16"},
        {5e-324, "5e-324"},
        {2.0 / 3, "0.6666666666666666"},
        {1e100, "1e100"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e-6, "1e-6"},
        {1.7976931348623157e308, "1.7976931348623157e308"},
    };
    char text[32];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        number_double(text, cases[i].value);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_random(void **state)
{
    (void)state;
    for (int i = 0; i < 300000; i++) {
        uint64_t bits = next_random();
        if (isfinite(to_float((uint32_t)bits)))
            check_float(to_float((uint32_t)bits));
        if (isfinite(to_double(bits)))
            check_double(to_double(bits));
        check_float((float)(bits >> 40) / 16777216 - 0.5f); /* weights */
    }
}

static void test_edges(void **state)
{
    (void)state;
    for (uint32_t e = 0; e < 255; e++) /* around every power of two */
        for (uint32_t d = 0; d < 8; d++) {
            check_float(to_float((e << 23) + d));
            check_float(to_float(((e + 1) << 23) - 1 - d));
        }
    for (uint64_t e = 0; e < 2047; e++)
        for (uint64_t d = 0; d < 4; d++) {
            check_double(to_double((e << 52) + d));
            check_double(to_double(((e + 1) << 52) - 1 - d));
        }
}

/* By the definition of IEEE 754, 3.4: (-1)^s 2^(e-15) (1 + f/1024). */
static double half_by_definition(unsigned bits)
{
    int exponent = (int)(bits >> 10 & 31), fraction = (int)(bits & 1023);
    double value =
        exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);
    if (exponent == 31)
        value = fraction ? (double)NAN : HUGE_VAL;
    return bits & 0x8000 ? -value : value;
}

static void test_halves(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 65536; bits++) {
        float got = half_to_float((uint16_t)bits);
        float want = (float)half_by_definition(bits);
        assert_true(isnan(got) ? isnan(want)
                               : memcmp(&got, &want, sizeof got) == 0);
#ifdef __FLT16_MAX__ /* a second opinion where the compiler has the type */
        uint16_t pattern = (uint16_t)bits;
        __extension__ _Float16 half;
        memcpy(&half, &pattern, sizeof half);
        want = (float)half;
        assert_true(isnan(got) ? isnan(want)
                               : memcmp(&got, &want, sizeof got) == 0);
#endif
    }
}

static void test_bfloat16(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 65536; bits++) {
        float got = bfloat16_to_float((uint16_t)bits);
        uint32_t back;
        memcpy(&back, &got, sizeof back);
        assert_int_equal(back, (uint32_t)bits << 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_float_text), cmocka_unit_test(test_double_text),
        cmocka_unit_test(test_random),     cmocka_unit_test(test_edges),
        cmocka_unit_test(test_halves),     cmocka_unit_test(test_bfloat16),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
