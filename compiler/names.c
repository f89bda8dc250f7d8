/* names.c -- C identifiers out of whatever the model calls things.
 *
 * Every byte outside [A-Za-z0-9_] becomes _, everything starts with the
 * model's prefix, and distinct things get distinct identifiers: one that is
 * taken, reserved or a name of the C library is refused, and the caller
 * tries another. */

#include "rnnc.h"

#include <string.h>

/* Keywords of C23 and C++23, and library names that a prefix and a layer
 * could spell together ("size" and "t"). */
static const char *const reserved[] = {
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor",
    "bool", "break", "case", "catch", "char", "char8_t", "char16_t", "char32_t",
    "class", "co_await", "co_return", "co_yield", "compl", "concept", "const",
    "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype",
    "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
    "explicit", "export", "extern", "false", "far", "final", "float", "for",
    "fortran", "friend", "goto", "if", "import", "inline", "int", "interrupt",
    "linux", "long", "module", "mutable", "namespace", "near", "new",
    "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq",
    "override", "private", "protected", "public", "register",
    "reinterpret_cast", "requires", "restrict", "return", "short", "signed",
    "sizeof", "static", "static_assert", "static_cast", "struct", "switch",
    "template", "this", "thread_local", "throw", "true", "try", "typedef",
    "typeid", "typename", "typeof", "typeof_unqual", "union", "unix",
    "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while",
    "xor", "xor_eq",
    /* <stddef.h>, <stdint.h>, <string.h>, <math.h>, <stdio.h>, <stdlib.h> */
    "size_t", "ptrdiff_t", "max_align_t", "NULL", "offsetof", "int8_t",
    "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t",
    "uint64_t", "intptr_t", "uintptr_t", "intmax_t", "uintmax_t", "int_fast8_t",
    "int_fast16_t", "int_fast32_t", "int_fast64_t", "int_least8_t",
    "int_least16_t", "int_least32_t", "int_least64_t", "uint_fast8_t",
    "uint_fast16_t", "uint_fast32_t", "uint_fast64_t", "uint_least8_t",
    "uint_least16_t", "uint_least32_t", "uint_least64_t", "float_t", "double_t",
    "memcpy", "memset", "memmove", "memcmp", "memchr", "strcpy", "strlen",
    "strcmp", "strcat", "exp", "exp2", "expm1", "log", "log1p", "log2", "log10",
    "tanh", "sinh", "cosh", "tan", "sin", "cos", "asin", "acos", "atan",
    "atan2", "erf", "erfc", "pow", "sqrt", "cbrt", "fabs", "fmax", "fmin",
    "floor", "ceil", "round", "trunc", "gamma", "lgamma", "tgamma", "hypot",
    "remainder", "scalb", "logb", "j0", "j1", "jn", "y0", "y1", "yn", "nan",
    "INFINITY", "NAN", "printf", "puts", "putchar", "scanf", "getchar", "fopen",
    "fclose", "fread", "fwrite", "stdin", "stdout", "stderr", "remove",
    "rename", "malloc", "free", "calloc", "realloc", "abort", "exit", "atexit",
    "system", "getenv", "rand", "srand", "abs", "labs", "div", "ldiv", "qsort",
    "bsearch", "errno", "assert", "main", "signal", "raise", "time", "clock",
    "va_list", "va_arg", "va_copy", "va_end", "va_start", "mbstate_t", "time_t",
    "clock_t", "div_t", "ldiv_t", "lldiv_t", "fpos_t", "FILE", "EOF", "I",
    "index", "read", "write", "open", "close", "link", "pause", "select",
    "accept", "bind", "connect", "send", "recv", NULL};

static bool is_reserved(const char *ident)
{
    for (int i = 0; reserved[i]; i++)
        if (reserved[i][0] == ident[0] && strcmp(reserved[i], ident) == 0)
            return true;
    return false;
}

char *make_word(Arena *a, const char *name)
{
    char *word = arena_strndup(a, name, strlen(name));
    for (char *p = word; *p; p++)
        if (!in_name(*p))
            *p = '_';
    return word;
}

char *make_prefix(Arena *a, const char *name)
{
    char *word = make_word(a, name);
    bool fine =
        word[0] && word[0] != '_' && !(word[0] >= '0' && word[0] <= '9');
    return fine && !is_reserved(word) ? word : arena_printf(a, "m_%s", word);
}

char *make_upper(Arena *a, const char *ident)
{
    char *upper = arena_strndup(a, ident, strlen(ident));
    for (char *p = upper; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return upper;
}

/* ---- What is taken: open addressing, doubled at half full ---------------- */

struct Names {
    Arena *arena;
    const char **slot;
    size_t size, used; /* size: a power of two */
};

static size_t hash(const char *text) /* FNV-1a */
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (size_t)h;
}

static const char **find_slot(const Names *names, const char *ident)
{
    size_t i = hash(ident) & (names->size - 1);
    while (names->slot[i] && strcmp(names->slot[i], ident) != 0)
        i = (i + 1) & (names->size - 1);
    return &names->slot[i];
}

static void grow(Names *names)
{
    Names old = *names;
    names->size = old.size ? 2 * old.size : 1024;
    names->slot = arena_alloc(names->arena, names->size, sizeof *names->slot);
    for (size_t i = 0; i < old.size; i++)
        if (old.slot[i])
            *find_slot(names, old.slot[i]) = old.slot[i];
}

Names *names_new(Arena *a)
{
    Names *names = arena_alloc(a, 1, sizeof *names);
    names->arena = a;
    grow(names);
    return names;
}

bool names_claim(Names *names, const char *ident)
{
    const char **slot = find_slot(names, ident);
    if (*slot || is_reserved(ident))
        return false;
    *slot = ident;
    if (++names->used > names->size / 2)
        grow(names);
    return true;
}

/* ---- What a model needs -------------------------------------------------- */

/* Claims an identifier and what the node's templates append to it. */
static bool claim_node(Names *names, const Node *n, const char *ident)
{
    Arena *a = names->arena;
    if (!names_claim(names, ident))
        return false;
    bool ok = names_claim(names, arena_printf(a, "%s_cell", ident));
    ok &= names_claim(names, arena_printf(a, "%s_masked", ident));
    ok &= names_claim(names, arena_printf(a, "%s_lanes", ident));
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++) {
        const WeightSpec *w = &n->op->weights[i];
        ok &= names_claim(names, arena_printf(a, "%s_%s", ident, w->name));
        if (w->narrow)
            ok &= names_claim(names,
                              arena_printf(a, "%s_%s_scale", ident, w->name));
    }
    for (int i = 0; i < MAX_STATES && n->op->state[i].name; i++)
        ok &= names_claim(
            names, arena_printf(a, "%s_%s", ident, n->op->state[i].name));
    return ok;
}

void names_node(Names *names, const char *prefix, Node *n)
{
    Arena *a = names->arena;
    char *word = make_word(a, n->name);
    char *ident = arena_printf(a, "%s_%s", prefix, word);
    for (int i = 2; !claim_node(names, n, ident); i++)
        ident = arena_printf(a, "%s_%s_%d", prefix, word, i);
    n->ident = ident;
}

const char *names_port(Names *names, const char *prefix, const char *name)
{
    Arena *a = names->arena;
    char *word = make_word(a, name);
    char *ident = arena_printf(a, "%s_%s", prefix, word);
    for (int i = 2; !names_claim(names, ident); i++)
        ident = arena_printf(a, "%s_%s_%d", prefix, word, i);
    return ident;
}

/* Claims what the words rn_... and RN_... of a runtime file become, also in its
 * twins for lanes (twin.c). */
static void claim_words(Names *names, const char *text, const char *prefix,
                        const char *upper)
{
    Arena *a = names->arena;
    for (const char *p = text; (p = strpbrk(p, "rR")); p++) {
        bool lower = strncmp(p, "rn_", 3) == 0;
        if ((!lower && strncmp(p, "RN_", 3) != 0) ||
            (p > text && in_name(p[-1])))
            continue;
        int length = (int)strspn(p + 3, "abcdefghijklmnopqrstuvwxyz_0123456789"
                                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        const char *ident =
            arena_printf(a, "%s_%.*s", lower ? prefix : upper, length, p + 3);
        bool first = names_claim(names, ident); /* most words come often */
        for (int i = 0; first && lower && twin_kinds[i]; i++)
            names_claim(names, arena_printf(a, "%s_%s", ident, twin_kinds[i]));
        p += length;
    }
}

/* Names that the file has in any case. */
void names_fixed(Names *names, const char *prefix, const char *upper)
{
    static const char *const functions[] = {
        "predict",       "predict_batch",   "state",  "reset", "step",
        "process",       "selftest",        "unused", "check", "wait",
        "predict_lanes", "predict_several", NULL};
    static const char *const sql[] = {
        "sql",        "sql_memory",   "sql_add", "sql_free", "sql_read",
        "sql_number", "sql_in",       "sql_out", "sql_text", "sql_in_each",
        "sql_length", "sql_out_each", NULL};
    static const char *const macros[] = {"API", "SELFTEST", "SELFTEST_MAIN",
                                         "H",   "LATENCY",  "RECEPTIVE_FIELD",
                                         NULL};
    Arena *a = names->arena;
    for (int i = 0; functions[i]; i++)
        names_claim(names, arena_printf(a, "%s_%s", prefix, functions[i]));
    for (int i = 0; sql[i]; i++)
        names_claim(names, arena_printf(a, "%s_%s", prefix, sql[i]));
    for (int i = 0; macros[i]; i++)
        names_claim(names, arena_printf(a, "%s_%s", upper, macros[i]));
    for (const Asset *asset = assets; asset->path; asset++)
        if (strncmp(asset->path, "runtime/", 8) == 0)
            claim_words(names, (const char *)asset->data, prefix, upper);
}
