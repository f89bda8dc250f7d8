/* test_sha256.c -- the vectors of NIST, and every length of the last block. */

#include "rnnc.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* FIPS 180-2, appendix B, and the examples on csrc.nist.gov. */
static void test_vectors(void **state)
{
    static const struct {
        const char *text, *hex;
    } cases[] = {
        {"",
         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc",
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
         "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char hex[65];
        sha256_hex(cases[i].text, strlen(cases[i].text), hex);
        assert_string_equal(hex, cases[i].hex);
    }
}

static void test_million(void **state)
{
    size_t size = 1000000;
    char *text = malloc(size), hex[65];
    (void)state;
    assert_non_null(text);
    memset(text, 'a', size);
    sha256_hex(text, size, hex);
    assert_string_equal(
        hex,
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(text);
}

/* The digest of the digests of 'a' times 0 to 129; expected value from
 * Python's hashlib:
 *   d = "".join(sha256(b"a" * n).hexdigest() for n in range(130))
 *   sha256(d.encode()).hexdigest() */
static void test_lengths(void **state)
{
    char text[130], hex[65];
    Buf all = {0};
    (void)state;
    memset(text, 'a', sizeof text);
    for (size_t n = 0; n < 130; n++) {
        sha256_hex(text, n, hex);
        buf_puts(&all, hex);
    }
    sha256_hex(all.data, all.size, hex);
    assert_string_equal(
        hex,
        "c665ed20ef30f158e90c7e921d8182bc0943c4b087a82f64a18d417bcdfadce7");
    buf_free(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_million),
        cmocka_unit_test(test_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
