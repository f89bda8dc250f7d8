/* fuzz_json.c -- libFuzzer harness: whatever the bytes, json_parse neither
 * crashes nor leaks, and every value of a text it accepts can be found again.
 *
 *   clang -std=c11 -D_POSIX_C_SOURCE=200809L -O1 -g \
 *       -fsanitize=fuzzer,address,undefined -Icompiler \
 *       tests/fuzz/fuzz_json.c \
 *       compiler/{arena,buf,number,diag,scan,json}.c -lcjson -lm -o fuzz_json
 *   ./fuzz_json -close_fd_mask=2 -max_len=4096 corpus/
 *
 * Debian has the runtime in libclang-rt-14-dev. */

#include "rnnc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* The text at the place must start as a value of this type does. */
static void check_place(const Source *src, const At *at)
{
    size_t offset = at_offset(src, at);
    require(offset < src->size);
    char c = src->text[offset];
    if (at_is_object(at))
        require(c == '{');
    else if (at_is_array(at))
        require(c == '[');
    else if (at_is_string(at))
        require(c == '"');
    else if (at_is_number(at))
        require(strtod(src->text + offset, NULL) ==
                strtod(at_describe(src->arena, at), NULL));
    else
        require(c == (at_is_null(at) ? 'n' : *at_describe(src->arena, at)));
}

static void walk(const Source *src, const At *at, int *budget)
{
    static const char *const known[] = {"units", NULL};
    if ((*budget)-- <= 0)
        return;
    check_place(src, at);
    at_path(src->arena, at);
    At none = at_key(at, "units");
    int value, i = 0;
    want_int(src, &none, 1, 100, &value);
    want_keys(src, at, known);
    for (const Json *j = json_first(at->json); j; j = json_next(j), i++) {
        At child = at_item(at, j, i);
        walk(src, &child, budget);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    require(text != NULL);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    Source src = {"fuzz", text, size, arena_new()};
    diag_setup(COLOR_ALWAYS, false);
    Json *json = json_parse(&src);
    require((json == NULL) == (error_count() > 0));
    if (json) {
        At root = at_root(json);
        int budget = 200; /* places cost a walk each */
        walk(&src, &root, &budget);
        json_free(json);
    }
    arena_free(src.arena);
    free(text);
    return 0;
}
