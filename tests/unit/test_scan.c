/* test_scan.c -- every fault that json_scan reports, with its place; and what
 * it must let pass. */

#include "rnnc.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char said[16384];

/* Scans; what is written to standard error ends up in `said`. */
static bool scan(const char *text, size_t size)
{
    char name[] = "/tmp/test_scan.XXXXXX";
    int to = mkstemp(name), saved = dup(STDERR_FILENO);
    assert_true(to >= 0 && saved >= 0);
    /* Exactly size + 1 bytes on the heap, so that ASan sees a step beyond. */
    char *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    copy[size] = '\0';
    diag_setup(COLOR_NEVER, true);
    Source src = {"f", copy, size, arena_new()};
    dup2(to, STDERR_FILENO);
    bool ok = json_scan(&src);
    dup2(saved, STDERR_FILENO);
    ssize_t got = pread(to, said, sizeof said - 1, 0);
    said[got < 0 ? 0 : got] = '\0';
    close(to), close(saved), unlink(name);
    arena_free(src.arena);
    free(copy);
    return ok;
}

static void accepts(const char *text, size_t size)
{
    bool ok = scan(text, size);
    if (!ok)
        print_error("refused: %s\n%s", text, said);
    assert_true(ok);
    assert_int_equal(error_count(), 0);
    assert_string_equal(said, "");
}

static void refuses(const char *text, size_t size, const char *message)
{
    char expected[512];
    snprintf(expected, sizeof expected, "f:%s\n", message);
    bool ok = scan(text, size);
    if (ok)
        print_error("accepted: %s\n", text);
    assert_false(ok);
    assert_string_equal(said, expected);
    assert_int_equal(error_count(), 1);
}

static void test_accepted(void **state)
{
    static const char *const texts[] = {
        "0",
        "-0",
        "-1.5e+10",
        "1E-400",
        "0.0",
        "0e0",
        "10",
        "null",
        "true",
        " \t\r\n[ ] \n",
        "{}",
        "[[],{}]",
        "[1,2]",
        "{\"a\":1,\"b\":[2,{}]}",
        "\xef\xbb\xbf[1]",
        "\"\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20aC\"",
        "\"\\ud83d\\uDE00\"",
        "\"\x7f \xc2\x80 \xdf\xbf\"",
        "\"\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf\"",
        "\"\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf\"",
        "1.7976931348623157e308",
        "[1e-0000400,0e999]",
        "{\"\":false}",
        "{\"a\":{\"a\":null}}",
        "10000000000000000000000000000000000000000000000000000000000000e1"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        accepts(texts[i], strlen(texts[i]));
}

static const struct {
    const char *text, *message;
} faults[] = {
    {"", "1:1: error: expected a JSON value, got an empty file"},
    {" \n ", "2:2: error: expected a JSON value, got an empty file"},
    {"\xef\xbb\xbf", "1:4: error: expected a JSON value, got an empty file"},
    {"\xff\xfe{", "1:1: error: expected UTF-8, got UTF-16"},
    {"\xfe\xff", "1:1: error: expected UTF-8, got UTF-16"},
    {"\xff", "1:1: error: invalid UTF-8: no character starts with 0xff"},
    /* structure */
    {"[1] x", "1:5: error: expected the end of the file, got x"},
    {"1 2", "1:3: error: expected the end of the file, got 2"},
    {"{}]", "1:3: error: expected the end of the file, got ]"},
    {"[1,]", "1:3: error: expected a value after the comma, got ]"},
    {"{\"a\":1 ,\n}", "1:8: error: expected a key after the comma, got }"},
    {"[,1]", "1:2: error: expected a value, got ,"},
    {"[1,,2]", "1:4: error: expected a value, got ,"},
    {"]", "1:1: error: expected a value, got ]"},
    {"[1 2]", "1:4: error: expected a comma or ], got 2"},
    {"[1\r\n\"b\"]", "2:1: error: expected a comma or ], got a string"},
    {"[[] []]", "1:5: error: expected a comma or ], got ["},
    {"[1}", "1:3: error: expected a comma or ], got }"},
    {"{\"a\":1]", "1:7: error: expected a comma or }, got ]"},
    {"{\"a\":1 \"b\":2}", "1:8: error: expected a comma or }, got a string"},
    {"{\"a\" 1}", "1:6: error: expected a colon after the key, got 1"},
    {"{\"a\"}", "1:5: error: expected a colon after the key, got }"},
    {"{\"a\":}", "1:6: error: expected a value, got }"},
    {"{a:1}", "1:2: error: expected a key in double quotes, got a"},
    {"{1:2}", "1:2: error: expected a key in double quotes, got 1"},
    {"{\"a\":1,,}", "1:8: error: expected a key in double quotes, got ,"},
    {"[", "1:2: error: expected ] for the [ in line 1, got the end of the "
          "file"},
    {"[\n{\n", "3:1: error: expected } for the { in line 2, got the end of "
               "the file"},
    {"\n[1,", "2:4: error: expected ] for the [ in line 2, got the end of "
              "the file"},
    {"{\"a\"", "1:5: error: expected } for the { in line 1, got the end of "
               "the file"},
    {"{\"a\":", "1:6: error: expected } for the { in line 1, got the end of "
                "the file"},
    {"['a']", "1:2: error: expected double quotes, got a single quote"},
    {"{'a':1}", "1:2: error: expected double quotes, got a single quote"},
    {"// hi\n1", "1:1: error: expected a value, got a comment (JSON has none)"},
    {"[1 /* */]",
     "1:4: error: expected a comma or ], got a comment (JSON has none)"},
    {"1 # hi",
     "1:3: error: expected the end of the file, got a comment (JSON has "
     "none)"},
    {"[/]", "1:2: error: expected a value, got /"},
    {"[\xc2\xa0]",
     "1:2: error: expected a value, got a character outside ASCII"},
    {"[\x01]", "1:2: error: expected a value, got the control character 0x01"},
    {"[\f1]", "1:2: error: expected a value, got the control character 0x0c"},
    {"[\x80]", "1:2: error: invalid UTF-8: no character starts with 0x80"},
    /* numbers */
    {"01", "1:1: error: expected a number without leading zeros, got 01"},
    {"[-00.5]",
     "1:2: error: expected a number without leading zeros, got -00.5"},
    {"1.", "1:3: error: expected a digit after the decimal point, got the end "
           "of the file"},
    {"[1.,2]", "1:4: error: expected a digit after the decimal point, got ,"},
    {"[1.e5]", "1:4: error: expected a digit after the decimal point, got e5"},
    {"[1e]", "1:4: error: expected a digit in the exponent, got ]"},
    {"[1e+]", "1:5: error: expected a digit in the exponent, got ]"},
    {"[1e5.5]", "1:5: error: expected the end of the number, got .5"},
    {"[.5]", "1:2: error: expected a digit before the decimal point, got .5"},
    {"[+1]", "1:2: error: expected a number without a plus sign, got +1"},
    {"[-]", "1:2: error: expected a digit after the minus sign, got -"},
    {"[--1]", "1:2: error: expected a digit after the minus sign, got --1"},
    {"[0x10]", "1:3: error: expected the end of the number, got x10"},
    {"[12abc]", "1:4: error: expected the end of the number, got abc"},
    {"[1.2.3]", "1:5: error: expected the end of the number, got .3"},
    {"[NaN]", "1:2: error: expected a finite number, got NaN"},
    {"[nan]", "1:2: error: expected a finite number, got nan"},
    {"[-Infinity]", "1:2: error: expected a finite number, got -Infinity"},
    {"[+inf]", "1:2: error: expected a finite number, got +inf"},
    {"[1e400]",
     "1:2: error: expected a number in the range of float64, got 1e400"},
    {"[-2.5E+308]",
     "1:2: error: expected a number in the range of float64, got -2.5E+308"},
    /* words */
    {"[True]", "1:2: error: expected true, got True"},
    {"[False]", "1:2: error: expected false, got False"},
    {"[None]", "1:2: error: expected null, got None"},
    {"[truex]", "1:2: error: expected a value, got truex"},
    {"[nul]", "1:2: error: expected a value, got nul"},
    {"[undefined]", "1:2: error: expected a value, got undefined"},
    /* strings */
    {"[\"abc", "1:2: error: expected a closing quote, got the end of the file"},
    {"[\"abc\\",
     "1:2: error: expected a closing quote, got the end of the file"},
    {"[\"abc\n\"]",
     "1:6: error: expected a closing quote, got the end of the line"},
    {"[\"a\tb\"]",
     "1:4: error: expected \\u0009, got the control character itself"},
    {"[\"a\\x\"]", "1:4: error: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r "
                   "\\t \\u, got \\x"},
    {"[\"\\\n\"]", "1:3: error: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r "
                   "\\t \\u, got \\\\x0a"},
    {"[\"\\u12g4\"]", "1:3: error: expected four hexadecimal digits after \\u"},
    {"[\"\\u12", "1:3: error: expected four hexadecimal digits after \\u"},
    {"[\"\\u0000x\"]", "1:3: error: expected no NUL in a string, got \\u0000"},
    {"[\"\\udc00\"]", "1:3: error: expected a high surrogate before \\udc00"},
    {"[\"\\ud800\"]", "1:3: error: expected a low surrogate after \\ud800"},
    {"[\"\\ud800\\n\"]", "1:3: error: expected a low surrogate after \\ud800"},
    {"[\"\\uD83d\\u0041\"]",
     "1:3: error: expected a low surrogate after \\ud83d"},
    {"\"\x80\"", "1:2: error: invalid UTF-8: no character starts with 0x80"},
    {"\"\xf8\x88\x80\x80\x80\"",
     "1:2: error: invalid UTF-8: no character starts with 0xf8"},
    {"\"\xc3\"", "1:2: error: invalid UTF-8: a character is cut short"},
    {"\"\xe2\x82", "1:2: error: invalid UTF-8: a character is cut short"},
    {"\"\xc0\xaf\"", "1:2: error: invalid UTF-8: overlong form of U+002F"},
    {"\"\xe0\x9f\xbf\"", "1:2: error: invalid UTF-8: overlong form of U+07FF"},
    {"\"\xf0\x8f\xbf\xbf\"",
     "1:2: error: invalid UTF-8: overlong form of U+FFFF"},
    {"\"\xed\xa0\x80\"", "1:2: error: invalid UTF-8: surrogate U+D800"},
    {"\"\xed\xbf\xbf\"", "1:2: error: invalid UTF-8: surrogate U+DFFF"},
    {"\"\xf4\x90\x80\x80\"",
     "1:2: error: invalid UTF-8: a character beyond U+10FFFF"},
};

static void test_faults(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        refuses(faults[i].text, strlen(faults[i].text), faults[i].message);
}

static void test_nul_bytes(void **state)
{
    (void)state;
    refuses("[1\0]", 4, "1:3: error: expected text, got a NUL byte");
    refuses("\0", 1, "1:1: error: expected text, got a NUL byte");
    refuses("\"a\0\"", 4, "1:3: error: expected text, got a NUL byte");
    refuses("1\0", 2, "1:2: error: expected text, got a NUL byte");
    refuses("\"\\\0\"", 4, "1:3: error: expected text, got a NUL byte");
}

static void test_nesting(void **state)
{
    char text[2 * MAX_NESTING + 3] = "";
    (void)state;
    memset(text, '[', MAX_NESTING);
    memset(text + MAX_NESTING, ']', MAX_NESTING);
    accepts(text, 2 * MAX_NESTING);
    memset(text, '[', MAX_NESTING + 1);
    memset(text + MAX_NESTING + 1, ']', MAX_NESTING + 1);
    refuses(text, 2 * MAX_NESTING + 2,
            "1:33: error: expected at most 32 levels of arrays and objects");
}

/* `before`, count times `unit`, `after`. */
static size_t repeat(char *to, const char *before, const char *unit, int count,
                     const char *after)
{
    strcpy(to, before);
    for (int i = 0; i < count; i++)
        strcat(to, unit);
    return strlen(strcat(to, after));
}

static void test_lengths(void **state)
{
    static const char *const units[] = {"-", "\\n", "\\u0041"};
    char text[8192];
    (void)state;
    for (int i = 0; i < 3; i++) { /* bytes of the value count, not the text's */
        accepts(text, repeat(text, "[\"", units[i], 255, "\"]"));
        refuses(text, repeat(text, "[\"", units[i], 256, "\"]"),
                "1:2: error: expected a string of at most 255 bytes, got 256");
    }
    accepts(text, repeat(text, "\"", "\\u20ac", 85, "\""));
    accepts(text, repeat(text, "\"", "\\ud83d\\ude00", 63, "abc\""));
    refuses(text, repeat(text, "\"", "\\ud83d\\ude00", 64, "\""),
            "1:1: error: expected a string of at most 255 bytes, got 256");
    refuses(text, repeat(text, "\"", "\\u00e9", 128, "\""),
            "1:1: error: expected a string of at most 255 bytes, got 256");
    refuses(text, repeat(text, "{\"", "k", 256, "\":1}"),
            "1:2: error: expected a string of at most 255 bytes, got 256");
    accepts(text, repeat(text, "[", "1", 64, "]"));
    refuses(text, repeat(text, "[", "1", 65, "]"),
            "1:2: error: expected a number of at most 64 characters, got 65");
}

/* Only the very value of "base64" may be long, and up to 1024 bytes what may be
 * a piece of it in an array, as frugally-deep writes it. */
static void test_base64(void **state)
{
    char text[2048];
    (void)state;
    accepts(text, repeat(text, "{\"base64\" : \"", "A", 600, "\"}"));
    accepts(text, repeat(text, "[\"", "A", 1024, "\"]"));
    refuses(text, repeat(text, "[\"", "A", 1025, "\"]"),
            "1:2: error: expected a string of at most 255 bytes, got 1025");
    refuses(text, repeat(text, "{\"a\":\"", "A", 256, "\"}"),
            "1:6: error: expected a string of at most 255 bytes, got 256");
    refuses(text, repeat(text, "{\"base65\":\"", "A", 256, "\"}"),
            "1:11: error: expected a string of at most 255 bytes, got 256");
    refuses(text, repeat(text, "{\"base64\":[\"", "-", 256, "\"]}"),
            "1:12: error: expected a string of at most 255 bytes, got 256");
    refuses(text, repeat(text, "[{\"base64\":1},\"", "-", 256, "\"]"),
            "1:15: error: expected a string of at most 255 bytes, got 256");
    refuses(text, repeat(text, "{\"base64\":\"\",\"", "A", 256, "\":1}"),
            "1:14: error: expected a string of at most 255 bytes, got 256");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),  cmocka_unit_test(test_faults),
        cmocka_unit_test(test_nul_bytes), cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_lengths),   cmocka_unit_test(test_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
