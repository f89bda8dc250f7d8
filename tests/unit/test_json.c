/* test_json.c -- the cursor, its places and paths, and what want_*() say. */

#include "rnnc.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char said[16384];
static int saved, to;
static char name[] = "/tmp/test_json.XXXXXX";
static Source src;

static void listen(void)
{
    strcpy(strrchr(name, '.'), ".XXXXXX");
    to = mkstemp(name);
    saved = dup(STDERR_FILENO);
    assert_true(to >= 0 && saved >= 0);
    dup2(to, STDERR_FILENO);
}

/* What was written to standard error since listen(). */
static void hear(const char *expected)
{
    dup2(saved, STDERR_FILENO);
    ssize_t got = pread(to, said, sizeof said - 1, 0);
    said[got < 0 ? 0 : got] = '\0';
    close(to), close(saved), unlink(name);
    assert_string_equal(said, expected);
}

static Json *parse(const char *text)
{
    diag_setup(COLOR_NEVER, false);
    src = (Source){"m.json", text, strlen(text), src.arena};
    return json_parse(&src);
}

static int setup(void **state)
{
    (void)state;
    src.arena = arena_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(src.arena);
    return 0;
}

/* The text that at_offset points at. */
static const char *place(const At *at)
{
    return src.text + at_offset(&src, at);
}

static void test_cursor(void **state)
{
    Json *json = parse("\xef\xbb\xbf {\"a\" : [10, {\"x\\\"]\":[],\"b\":\n"
                       "[null,\"s\"] , \"c\":true}, \"l]\" ], \"A\":-2.5}");
    (void)state;
    assert_non_null(json);
    At root = at_root(json), a = at_key(&root, "a");
    assert_int_equal(json_size(json), 2);
    assert_int_equal(json_size(a.json), 3);
    assert_int_equal(at_offset(&src, &root), 4);
    assert_memory_equal(place(&a), "[10", 3);

    const Json *second = json_next(json_first(a.json));
    At item = at_item(&a, second, 1), b = at_key(&item, "b");
    At s = at_item(&b, json_next(json_first(b.json)), 1);
    At c = at_key(&item, "c"), upper = at_key(&root, "A");
    assert_memory_equal(place(&item), "{\"x", 3);
    assert_memory_equal(place(&b), "[null", 5);
    assert_memory_equal(place(&s), "\"s\"]", 4);
    assert_memory_equal(place(&c), "true", 4);
    assert_memory_equal(place(&upper), "-2.5", 4); /* not that of "a" */
    assert_string_equal(at_path(src.arena, &s), "/a/1/b/1");
    assert_string_equal(at_path(src.arena, &root), "");
    assert_true(at_is_object(&root) && at_is_array(&a) && at_is_string(&s) &&
                at_is_bool(&c) && at_is_number(&upper));

    At none = at_key(&item, "nope"), deeper = at_key(&none, "x");
    At of_array = at_key(&a, "x");
    assert_true(!none.json && !deeper.json && !of_array.json);
    assert_ptr_equal(place(&none), place(&item));
    assert_ptr_equal(place(&deeper), place(&item));
    assert_null(json_first(NULL));
    json_free(json);
}

static void test_paths(void **state)
{
    Json *json = parse("{\"a/b\":{\"m~n\":{\"\":{\"\\u001b\xc3\xa9\":1}}}}");
    (void)state;
    assert_non_null(json);
    At root = at_root(json), a = at_key(&root, "a/b"), m = at_key(&a, "m~n");
    At empty = at_key(&m, ""), last = at_key(&empty, "\x1b\xc3\xa9");
    assert_non_null(last.json);
    assert_string_equal(at_path(src.arena, &last),
                        "/a~1b/m~0n//\\x1b\\xc3\\xa9");
    assert_memory_equal(place(&last), "1}", 2);
    json_free(json);
}

static void test_describe(void **state)
{
    static const char longest[] = "\"0123456789012345678901234567890123456789"
                                  "01234567890123456...\"";
    static const char *const want[] = {"\"one\"",
                                       "2.5",
                                       "null",
                                       "an object",
                                       "an array of 3",
                                       "true",
                                       "2",
                                       "-1e-7",
                                       "10000000000",
                                       "1e20",
                                       "\"\\x0a\\xc3\\xa9\"",
                                       longest};
    Json *json = parse(
        "[\"one\",2.5,null,{},[1,2,3],true,2.0,-1e-7,1e10,1e20,\"\\n\xc3\xa9\","
        "\"01234567890123456789012345678901234567890123456789012345678901\"]");
    (void)state;
    assert_non_null(json);
    At root = at_root(json);
    int i = 0;
    for (const Json *j = json_first(json); j; j = json_next(j), i++) {
        At at = at_item(&root, j, i);
        assert_string_equal(at_describe(src.arena, &at), want[i]);
    }
    assert_int_equal(i, 12);
    At none = at_key(&root, "x");
    assert_string_equal(at_describe(src.arena, &none), "nothing");
    json_free(json);
}

/* ---- want_int
 * ---------------------------------------------------------------- */

static void test_int(void **state)
{
    static const struct {
        const char *json;
        int value; /* 0: refused */
        const char *message;
    } cases[] = {
        {"[1]", 1, ""},
        {"[2.0]", 2, ""},
        {"[16777216]", 16777216, ""},
        {"[1.6777216e7]", 16777216, ""},
        {"[0]", 0, "of at least 1, got 0"},
        {"[-3]", 0, "of at least 1, got -3"},
        {"[2.5]", 0, "of at least 1, got 2.5"},
        {"[\"one\"]", 0, "of at least 1, got \"one\""},
        {"[null]", 0, "of at least 1, got null"},
        {"[[1]]", 0, "of at least 1, got an array of 1"},
        {"[16777217]", 0, "from 1 to 16777216, got 16777217"},
        {"[99999999]", 0, "from 1 to 16777216, got 99999999"},
        {"[1e10]", 0, "from 1 to 16777216, got 10000000000"},
        {"[1e300]", 0, "from 1 to 16777216, got 1e300"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Json *json = parse(cases[i].json);
        char expected[200] = "";
        int out = 0;
        assert_non_null(json);
        At root = at_root(json), at = at_item(&root, json_first(json), 0);
        if (*cases[i].message)
            snprintf(expected, sizeof expected,
                     "m.json:1:2: error: /0: expected an integer %s\n",
                     cases[i].message);
        listen();
        bool ok = want_int(&src, &at, 1, 16777216, &out);
        hear(expected);
        assert_int_equal(ok, cases[i].value != 0);
        assert_int_equal(out, cases[i].value);
        json_free(json);
    }
}

static void test_wants(void **state)
{
    Json *json = parse("{\"s\":\"x\",\"n\":0.5,\n \"b\":false}");
    const char *text;
    double number;
    bool flag = true;
    (void)state;
    assert_non_null(json);
    At root = at_root(json), s = at_key(&root, "s"), n = at_key(&root, "n"),
       b = at_key(&root, "b"), none = at_key(&root, "none"),
       deeper = at_key(&none, "deeper");
    assert_true(want_string(&src, &s, &text) && strcmp(text, "x") == 0);
    assert_true(want_number(&src, &n, &number) && number == 0.5);
    assert_true(want_bool(&src, &b, &flag) && !flag);
    assert_true(want_object(&src, &root));
    listen();
    assert_false(want_object(&src, &s) || want_array(&src, &root) ||
                 want_string(&src, &n, &text) || want_bool(&src, &s, &flag) ||
                 want_number(&src, &b, &number) || want_array(&src, &none) ||
                 want_string(&src, &deeper, &text));
    hear("m.json:1:6: error: /s: expected an object, got \"x\"\n"
         "m.json:1:1: error: expected an array, got an object\n"
         "m.json:1:14: error: /n: expected a string, got 0.5\n"
         "m.json:1:6: error: /s: expected true or false, got \"x\"\n"
         "m.json:2:6: error: /b: expected a number, got false\n"
         "m.json:1:1: error: \"none\" is missing\n"
         "m.json:1:1: error: \"none\" is missing\n");
    json_free(json);
}

static void test_missing_in_array(void **state)
{
    Json *json = parse("{\"layers\":[1,\n {}]}");
    int out;
    (void)state;
    assert_non_null(json);
    At root = at_root(json), layers = at_key(&root, "layers");
    At second = at_item(&layers, json_next(json_first(layers.json)), 1);
    At units = at_key(&second, "units");
    listen();
    assert_false(want_int(&src, &units, 1, 5, &out));
    hear("m.json:2:2: error: /layers/1: \"units\" is missing\n");
    json_free(json);
}

static void test_keys(void **state)
{
    static const char *const known[] = {"units", "return_sequences", NULL};
    Json *json = parse("[{\"units\":1},{\"unitz\":1,\n  \"Return_Sequences\":2,"
                       "\"a\\u001b\":3}]");
    (void)state;
    assert_non_null(json);
    At root = at_root(json), first = at_item(&root, json_first(json), 0);
    At second = at_item(&root, json_next(json_first(json)), 1);
    assert_true(want_keys(&src, &first, known));
    listen();
    assert_false(want_keys(&src, &second, known));
    hear("m.json:1:15: error: /1: unknown key \"unitz\" (did you mean "
         "\"units\"?)\n"
         "m.json:2:3: error: /1: unknown key \"Return_Sequences\" (did you "
         "mean \"return_sequences\"?)\n"
         "m.json:2:24: error: /1: unknown key \"a\\x1b\"\n");
    json_free(json);
}

static void test_duplicates(void **state)
{
    (void)state;
    listen();
    assert_null(parse("{\"a\":1,\"b\":{\"x\":1, \"x\" :2},\n\"\\u0061\":2,\n"
                      "\"c\":[{\"k\":1,\"k\":[],\"k\":3}]}"));
    hear("m.json:2:1: error: duplicate key \"a\"\n"
         "m.json:1:20: error: /b: duplicate key \"x\"\n"
         "m.json:3:13: error: /c/0: duplicate key \"k\"\n"
         "m.json:3:20: error: /c/0: duplicate key \"k\"\n");
    assert_int_equal(error_count(), 4);
    Json *json = parse("{\"a\":1,\"A\":2,\"b\":{\"a\":1}}");
    assert_non_null(json);
    json_free(json);
}

/* A quadratic check would take minutes. */
static void test_many_keys(void **state)
{
    Buf text = {0};
    (void)state;
    for (int i = 0; i < 300000; i++)
        buf_printf(&text, "%s\"%d\":1", i ? "," : "{",
                   (int)(i * 7919L % 300007));
    buf_puts(&text, "}");
    Json *json = parse(text.data);
    assert_non_null(json);
    json_free(json);
    buf_free(&text);
}

static void test_too_many(void **state)
{
    char expected[2048] = "";
    Json *json = parse("[1]");
    const char *text;
    (void)state;
    assert_non_null(json);
    At root = at_root(json), at = at_item(&root, json_first(json), 0);
    for (int i = 0; i < MAX_ERRORS; i++)
        strcat(expected, "m.json:1:2: error: /0: expected a string, got 1\n");
    strcat(expected, "rnnc: error: too many errors, 20 shown\n");
    listen();
    for (int i = 0; i < MAX_ERRORS + 3; i++)
        assert_false(want_string(&src, &at, &text));
    error_file("x", "not shown");
    hear(expected);
    assert_int_equal(error_count(), MAX_ERRORS + 4);
    json_free(json);
}

/* ---- diag.c
 * ------------------------------------------------------------------ */

static void test_excerpt(void **state)
{
    (void)state;
    src.file = "-";
    src.text = "[1,\r\n\t\"a\x1b\xc3\xa9\" x]\r\n";
    src.size = strlen(src.text);
    diag_setup(COLOR_ALWAYS, false);
    listen();
    error_offset(&src, 12, "what");
    error_file(NULL, "a %d", 1);
    hear("\033[1m<stdin>:2:8:\033[0m \033[1;31merror:\033[0m what\n"
         "     \"a???\" x]\n"
         "           \033[1;32m^\033[0m\n"
         "\033[1mrnnc:\033[0m \033[1;31merror:\033[0m a 1\n");
}

/* Of a long line about 100 characters around the place are shown. */
static void test_long_line(void **state)
{
    char text[1001] = "";
    (void)state;
    memset(text, '1', 1000);
    text[500] = '!';
    src.text = text, src.size = 1000, src.file = "f";
    diag_setup(COLOR_ALWAYS, false);
    listen();
    error_offset(&src, 500, "here");
    error_offset(&src, 1000, "end");
    dup2(saved, STDERR_FILENO);
    ssize_t got = pread(to, said, sizeof said - 1, 0);
    assert_true(got > 0);
    said[got] = '\0';
    close(to), close(saved), unlink(name);
    char *line = strchr(said, '\n') + 1, *caret = strchr(line, '\n') + 1;
    assert_true(strcspn(line, "\n") <= 104);
    assert_int_equal(strcspn(line, "!"), strcspn(caret, "\033"));
}

static void test_nearest(void **state)
{
    static const char *const names[] = {
        "units", "Dense", "LSTM", "GRU", "SimpleRNN", "activation", NULL};
    static const struct {
        const char *name, *want;
    } cases[] = {
        {"unitz", "units"},
        {"untis", "units"},
        {"unit", "units"},
        {"densee", "Dense"},
        {"lstm", "LSTM"},
        {"LTSM", "LSTM"},
        {"simplernn", "SimpleRNN"},
        {"gur", "GRU"},
        {"RNN", NULL},
        {"actvaton", "activation"},
        {"actvatn", NULL},
        {"", NULL},
        {"x", NULL},
        {"dunes", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = nearest(cases[i].name, names);
        if (cases[i].want && got)
            assert_string_equal(got, cases[i].want);
        else
            assert_ptr_equal(got, cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cursor),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_describe),
        cmocka_unit_test(test_int),
        cmocka_unit_test(test_wants),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_many_keys),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_excerpt),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_missing_in_array),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
