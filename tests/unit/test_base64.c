/* test_base64.c -- the vectors of RFC 4648, and every kind of damage. */

#include "rnnc.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_vectors(void **state)
{
    static const struct {
        const char *plain, *code;
    } cases[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char out[16];
        Buf b = {0};
        size_t length = strlen(cases[i].plain);
        assert_int_equal(
            base64_decode(cases[i].code, strlen(cases[i].code), out), length);
        assert_memory_equal(out, cases[i].plain, length);
        base64_encode(&b, cases[i].plain, length);
        assert_string_equal(b.data, cases[i].code);
        buf_free(&b);
    }
}

static void test_malformed(void **state)
{
    static const char *const cases[] = {
        "Z",        "Zg",       "Zg=",      "Zm8",       "Zm9vY", /* length */
        "====",     "Z===",     "=g==",     "Zg=a",      "Z=g=",  /* padding */
        "Zg==Zm9v", "Zm8=Zm9v", "Zm9v====", "Zm9v=Zg=",  "Zm9vZg==\n\n\n\n",
        "Zh==",     "Zi==",     "Zk==",     "Zo==",      "Zm9=",
        "Zv==",     "Zm+=",                              /* bits */
        "Zm 9",     " Zm9",     "Zm9\n",    "Zm9v\nZm9", /* space */
        "Zm-v",     "Zm_v",     "Zm.v",     "Zm9\x80",   "\xc3\xa9Zm",
        "Zm9vZ!==", "Zm9v*m9v"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char out[16];
        assert_int_equal(base64_decode(cases[i], strlen(cases[i]), out), -1);
    }
    unsigned char out[4];
    assert_int_equal(base64_decode("Zm\0v", 4, out), -1);
}

/* Of all 256 bytes in each place of a group exactly 64 are digits; in the
 * last two places '=' may be good as well. */
static void test_every_byte(void **state)
{
    (void)state;
    for (int place = 0; place < 8; place++) {
        int good = 0;
        for (int byte = 0; byte < 256; byte++) {
            unsigned char out[6];
            char text[] = "AAAAAAAA";
            text[place] = (char)byte;
            good += base64_decode(text, 8, out) >= 0;
        }
        assert_int_equal(good, place == 7 ? 65 : 64);
    }
}

/* Buffers of exactly the size promised, so that ASan sees a byte too many. */
static void test_round_trip(void **state)
{
    (void)state;
    for (size_t size = 0; size < 300; size++) {
        unsigned char *data = malloc(size + 1);
        Buf b = {0};
        assert_non_null(data);
        for (size_t i = 0; i < size; i++)
            data[i] = (unsigned char)(i * 151 + size * 31 + (i >> 3));
        base64_encode(&b, data, size);
        assert_int_equal(b.size, (size + 2) / 3 * 4);
        unsigned char *out = malloc(b.size / 4 * 3 + 1);
        assert_non_null(out);
        assert_int_equal(base64_decode(b.data, b.size, out), size);
        assert_memory_equal(out, data, size);
        free(out), free(data), buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
