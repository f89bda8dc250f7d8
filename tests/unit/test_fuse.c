/* test_fuse.c -- which statements are spelled as fused multiply-adds. */

#include "rnnc.h"

#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static void becomes(const char *text, const char *wanted)
{
    Arena *a = arena_new();
    Buf out = {0};
    fuse_products(a, "M", text, &out);
    assert_string_equal(out.data, wanted);
    buf_free(&out);
    arena_free(a);
}

static void same(const char *text)
{
    becomes(text, text);
}

static void test_sums_of_products(void **state)
{
    (void)state;
    becomes("z[0] += x[1] * w[2 * 5 + 1];",
            "z[0] = M_FUSED(x[1], w[2 * 5 + 1], z[0]);");
    becomes("for (;;)\n    a0 += x0 * k[0];\nreturn;\n",
            "for (;;)\n    a0 = M_FUSED(x0, k[0], a0);\nreturn;\n");
    becomes("    *even += x[k] * w->number[k];",
            "    *even = M_FUSED(x[k], w->number[k], *even);");
    becomes("if (x) { s->sum[r][i + 1] += f(a, b) * (c[1] + d); }",
            "if (x) { s->sum[r][i + 1] = "
            "M_FUSED(f(a, b), (c[1] + d), s->sum[r][i + 1]); }");
    becomes(" a[j] += x[f] *\n        load(k);",
            " a[j] = M_FUSED(x[f], load(k), a[j]);");
    becomes("z[i] += -x[i] * w[i];", "z[i] = M_FUSED(-x[i], w[i], z[i]);");
}

static void test_long_lines(void **state)
{
    (void)state;
    becomes("    a_long_name_of_a_sum[7] += input[7] * "
            "another_long_name_of_a_kernel[7];",
            "    a_long_name_of_a_sum[7] =\n        M_FUSED(input[7], "
            "another_long_name_of_a_kernel[7], a_long_name_of_a_sum[7]);");
}

static void test_others(void **state)
{
    (void)state;
    same("k += 2 * stride;"); /* a pointer */
    same("z[u] += scale ? sum[u] * scale[u] : sum[u];");
    same("z[u] += a[u] * b[u] * c[u];");
    same("z[u] += a[u] * b[u] + c[u];");
    same("z[u] += a[u] * b[u] < 1;");
    same("z[u] += a[u];");
    same("z[u] += f(a[u] * b[u]);");
    same("z[u] = z[u] + a[u] * b[u];");
    same("z[u] -= a[u] * b[u];");
    same("f(z)[u] += a[u] * b[u]");
    same("");
}

static void test_text(void **state)
{
    (void)state;
    same("/* z[0] += x[0] * w[0]; */");
    same("s = \" z[0] += x[0] * w[0];\";");
    same("s = \"\\\" z[0] += x[0] * w[0];\";");
    same("/* z[0] += x[0] * w[0];");
    same("\" z[0] += x[0] * w[0];");
    becomes("\"/*\" z[0] += x[0] * w[0];",
            "\"/*\" z[0] = M_FUSED(x[0], w[0], z[0]);");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_of_products),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
