/* option_check.c -- what options imply, and which exclude each other. */

#include "options.h"

#include <string.h>
#include <sys/stat.h>

/* The folder of a path; "." and "/" included. */
static bool stat_folder(const char *path, struct stat *st)
{
    const char *slash = strrchr(path, '/');
    char folder[4096] = ".";
    size_t length = slash ? (size_t)(slash - path) + 1 : 1;
    if (length >= sizeof folder)
        return false;
    if (slash)
        memcpy(folder, path, length);
    folder[length] = '\0';
    return stat(folder, st) == 0;
}

bool emits_c(const Options *o)
{
    return o->emit == EMIT_C || o->emit == EMIT_PYTHON ||
           o->emit == EMIT_SQLITE;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* One file under two names may exist or not; /dev/null may be used twice. */
bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    bool x_exists = stat(a, &x) == 0, y_exists = stat(b, &y) == 0;
    if (x_exists && y_exists)
        return S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
               x.st_ino == y.st_ino;
    if (x_exists || y_exists || strcmp(base_name(a), base_name(b)) != 0)
        return false;
    return strcmp(a, b) == 0 || (stat_folder(a, &x) && stat_folder(b, &y) &&
                                 x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

const char *with_ending(Arena *a, const char *path, const char *ending)
{
    const char *base = base_name(path), *dot = strrchr(base, '.');
    int length = dot && dot != base ? (int)(dot - path) : (int)strlen(path);
    return arena_printf(a, "%.*s%s", length, path, ending);
}

/* Nothing is overwritten that is read; no two results share a file or
 * standard output, no two inputs standard input. */
static int check_files(Arena *a, const Options *o, const char *output)
{
    enum { INPUTS = 3, FILES = 8 };
    const char *report = o->report_file ? o->report_file : "-";
    const char *header = o->header, *dep = o->dep_file;
    const char *python = NULL;
    if (!output && !o->check)
        output = with_ending(a, base_name(o->model),
                             o->emit == EMIT_DOT    ? ".dot"
                             : o->emit == EMIT_SVG  ? ".svg"
                             : o->emit == EMIT_JSON ? ".rnnc.json"
                                                    : ".c");
    if (o->want_header && !header && output)
        header = with_ending(a, output, ".h");
    if (o->dep && !dep && output)
        dep = with_ending(a, output, ".d");
    if (o->emit == EMIT_PYTHON && output) { /* -o may name either */
        python = with_ending(a, output, ".py");
        output = with_ending(a, output, ".c");
    }
    const struct {
        const char *what, *path;
    } file[FILES] = {
        {"the model", o->model},
        {"--samples", o->samples},
        {"--run", o->run},
        {"-o", output},
        {"--header", o->check ? NULL : header},
        {"-MF", dep},
        {"--report", o->report ? report : NULL},
        {"the Python module", python},
    };
    for (int j = 1; j < FILES; j++)
        for (int i = 0; i < j; i++) {
            const char *x = file[i].path, *y = file[j].path;
            bool reads = j < INPUTS, writes = i >= INPUTS;
            if (!x || !y)
                continue;
            if (strcmp(x, "-") == 0 && strcmp(y, "-") == 0) {
                if (reads || writes)
                    return WRONG("%s and %s cannot both be standard %s",
                                 file[i].what, file[j].what,
                                 reads ? "input" : "output");
            } else if (!reads && same_file(x, y))
                return WRONG("%s and %s are the same file, %s", file[i].what,
                             file[j].what, printable(a, y));
        }
    return GO_ON;
}

/* Why there is no C file beside which others could lie, or NULL. */
static const char *no_c_file(const Options *o, const char *output)
{
    return o->check                         ? "--check"
           : o->run                         ? "--run"
           : !emits_c(o)                    ? "--emit"
           : output && !strcmp(output, "-") ? "C on standard output"
                                            : NULL;
}

static int check_together(Arena *a, const Options *o)
{
    const char *output = o->check                               ? NULL
                         : o->output                            ? o->output
                         : o->run || strcmp(o->model, "-") == 0 ? "-"
                                                                : NULL;
    const char *no_file = no_c_file(o, output);
    if (o->dep && no_file)
        return WRONG("-MD needs an output file, there is none with %s",
                     no_file);
    if ((*o->dep_target || o->dep_phony) && !o->dep)
        return WRONG("%s needs -MD or -MF", *o->dep_target ? "-MT" : "-MP");
    if (o->want_header && (o->run || !emits_c(o)))
        return WRONG("--header goes with C, not with %s", no_file);
    if (o->want_header && !o->header && no_file && !o->check)
        return WRONG("--header needs a file name with %s", no_file);
    if (o->emit == EMIT_PYTHON && no_file && !o->check && !o->run)
        return WRONG("--emit=python writes two files, not %s", no_file);
    if (o->is_double && o->math == MATH_EXACT)
        return WRONG("--math=exact needs --type=float: it rounds what it "
                     "computes in double");
    if (o->is_double && o->weights != STORE_F32)
        return WRONG("--weights=%s needs --type=float: it is for less memory",
                     storage_name(o->weights));
    if (o->reproducible && o->math == MATH_LIBM)
        return WRONG("--reproducible excludes --math=libm: every C library "
                     "has its own bits");
    if (o->reproducible == BITS_FUSED && o->is_double)
        return WRONG("--reproducible=fma needs --type=float: CPUs without such "
                     "an instruction compute it in double");
    if (o->report && o->run)
        return WRONG("--report and --run exclude each other");
    if (o->explain && output && strcmp(output, "-") == 0)
        return WRONG("-o and --explain cannot both be standard output");
    return check_files(a, o, output);
}

/* A mistyped folder would silently mean rnnc's own templates. */
static int check_template_dir(const Options *o)
{
    struct stat st;
    if (!o->template_dir)
        return GO_ON;
    if (stat(o->template_dir, &st) == 0 && S_ISDIR(st.st_mode))
        return GO_ON;
    error_file(o->template_dir, "is not a folder");
    return EXIT_IO;
}

/* What is about the model alone needs no stack. */
static void set_stack(Options *o)
{
    bool alone = (o->emit == EMIT_JSON || o->emit == EMIT_DOT) && !o->check &&
                 !o->report;
    if (o->budget_stack == BUDGET_UNSTATED)
        o->budget_stack = alone ? -1 : 65536;
}

int options_check(Arena *a, Options *o)
{
    set_stack(o);
    if (o->header) {
        o->want_header = true;
        o->header = *o->header ? o->header : NULL; /* -H alone */
    }
    o->dep |= o->dep_file != NULL;
    if (o->report_file && !o->report)
        o->report = REPORT_TEXT;
    if (o->list_layers || o->list_formats || o->schema || o->dump_templates ||
        o->completions)
        return GO_ON;
    if (!o->model) {
        error_file(NULL, "no model file given");
        fprintf(stderr, "Try 'rnnc --help'\n");
        return EXIT_USAGE;
    }
    int status = check_together(a, o);
    return status == GO_ON ? check_template_dir(o) : status;
}
