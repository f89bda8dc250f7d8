/* option_table.c -- every option in one table, and --help made from it. */

#include "options.h"

#include <stdio.h>
#include <string.h>

static const Choice types[] = {{"float", false}, {"double", true}, {NULL, 0}};
static const Choice unrolls[] = {{"auto", UNROLL_AUTO},
                                 {"full", UNROLL_FULL},
                                 {"none", UNROLL_NONE},
                                 {NULL, 0}};
static const Choice maths[] = {
    {"fast", MATH_FAST},         {"default", MATH_DEFAULT},
    {"accurate", MATH_ACCURATE}, {"exact", MATH_EXACT},
    {"libm", MATH_LIBM},         {NULL, 0}};
static const Choice bits[] = {
    {"portable", BITS_PORTABLE}, {"fma", BITS_FUSED}, {NULL, 0}};
static const Choice storages[] = {{"f32", STORE_F32},
                                  {"bf16", STORE_BF16},
                                  {"f16", STORE_F16},
                                  {"int8", STORE_INT8},
                                  {NULL, 0}};
static const Choice reports[] = {{"text", REPORT_TEXT},
                                 {"json", REPORT_JSON},
                                 {"html", REPORT_HTML},
                                 {NULL, 0}};
static const Choice emits[] = {{"c", EMIT_C},
                               {"dot", EMIT_DOT},
                               {"svg", EMIT_SVG},
                               {"json", EMIT_JSON},
                               {"python", EMIT_PYTHON},
                               {"sqlite", EMIT_SQLITE},
                               {NULL, 0}};
static const Choice texts[] = {{"auto", TEXT_AUTO},
                               {"decimal", TEXT_DECIMAL},
                               {"string", TEXT_STRING},
                               {NULL, 0}};
static const Choice colors[] = {{"auto", COLOR_AUTO},
                                {"always", COLOR_ALWAYS},
                                {"never", COLOR_NEVER},
                                {NULL, 0}};

static const Choice shells[] = {
    {"bash", SHELL_BASH}, {"zsh", SHELL_ZSH}, {"fish", SHELL_FISH}, {NULL, 0}};

#define FIELD(name) offsetof(Options, name), sizeof(((Options *)NULL)->name)

/* To add an option: its row here, its field in Options, its tests in
 * tests/cli/. The rows of a group stand together. */
const OptionRow option_table[] = {
    {NULL, "o", "FILE", OUTPUT,
     "write to FILE, - is standard output (default: MODEL's base name with .c)",
     TEXT, FIELD(output), NULL, false},
    {"header", "H", "FILE", OUTPUT,
     "also write a header with the interface (default: the output with .h)",
     TEXT, FIELD(header), NULL, true},
    {"name", "n", "NAME", OUTPUT,
     "prefix of every public symbol (default: the model's name)", TEXT,
     FIELD(name), NULL, false},
    {"emit", NULL, NULL, OUTPUT,
     "what to write: C, the graph for Graphviz or as a picture, the "
     "normalised model, C with a Python module beside it, C that is an "
     "extension of SQLite, too",
     CHOICE, FIELD(emit), emits, false},

    {"type", NULL, NULL, CODE, "arithmetic type (default: float)", CHOICE,
     FIELD(is_double), types, false},
    {"unroll", NULL, NULL, CODE,
     "straight-line code where it is faster, everywhere, or nowhere", CHOICE,
     FIELD(unroll), unrolls, false},
    {"math", NULL, NULL, CODE,
     "accuracy of rnnc's own activation functions, or those of libm", CHOICE,
     FIELD(math), maths, false},
    {"reproducible", NULL, NULL, CODE,
     "same bits on every compiler, flag and CPU (default: portable; fma: at "
     "full speed on CPUs with fused multiply-add, slow on others)",
     CHOICE, FIELD(reproducible), bits, true},
    {"weights", NULL, NULL, CODE,
     "storage of large weights, arithmetic stays float (default: f32; others "
     "need --type=float)",
     CHOICE, FIELD(weights), storages, false},
    {"weight-text", NULL, NULL, CODE, "how weights are spelled in the C",
     CHOICE, FIELD(weight_text), texts, false},
    {"template-dir", NULL, "DIR", CODE,
     "read templates/ and runtime/ from DIR, where it has them", TEXT,
     FIELD(template_dir), NULL, false},
    {"dump-templates", NULL, "DIR", CODE,
     "write rnnc's own templates/ and runtime/ to DIR", TEXT,
     FIELD(dump_templates), NULL, false},

    {"format", NULL, "NAME", INPUT, "format of MODEL (default: detected)", TEXT,
     FIELD(format), NULL, false},
    {"samples", NULL, "FILE", INPUT, "read golden vectors from FILE", TEXT,
     FIELD(samples), NULL, false},
    {"max-bytes", NULL, "N", INPUT,
     "largest input file accepted (default: 2 GiB - 1)", BYTES,
     FIELD(max_bytes), NULL, false},

    {NULL, "MD", NULL, DEPEND,
     "write a dependency file (default: output with .d)", FLAG, FIELD(dep),
     NULL, false},
    {NULL, "MF", "FILE", DEPEND, "write it to FILE (implies -MD)", TEXT,
     FIELD(dep_file), NULL, false},
    {NULL, "MT", "TARGET", DEPEND,
     "its target, as it stands; more than one if repeated", LIST,
     FIELD(dep_target), NULL, false},
    {NULL, "MP", NULL, DEPEND, "a phony target for every file but MODEL", FLAG,
     FIELD(dep_phony), NULL, false},

    {"report", NULL, NULL, REPORT,
     "parameters, multiply-adds, bytes of weights, state and stack", CHOICE,
     FIELD(report), reports, true},
    {"report-file", NULL, "FILE", REPORT,
     "write the report to FILE (default: standard output)", TEXT,
     FIELD(report_file), NULL, false},
    {"budget-flash", NULL, "N", REPORT, "more bytes of weights are an error",
     BYTES, FIELD(budget_flash), NULL, false},
    {"budget-ram", NULL, "N", REPORT,
     "more bytes of state and activations are an error", BYTES,
     FIELD(budget_ram), NULL, false},
    {"budget-stack", NULL, "N", REPORT,
     "more bytes of scratch on the stack are an error (default: 64K)", BYTES,
     FIELD(budget_stack), NULL, false},

    {"check", NULL, NULL, INSPECT, "read and validate, write no C", FLAG,
     FIELD(check), NULL, false},
    {"run", NULL, "INPUT", INSPECT,
     "evaluate the inputs in a JSON file, - is standard input", TEXT,
     FIELD(run), NULL, false},
    {"explain", NULL, NULL, INSPECT,
     "list every convention taken while reading", FLAG, FIELD(explain), NULL,
     false},
    {"list-layers", NULL, NULL, INSPECT, "list layers and activations", FLAG,
     FIELD(list_layers), NULL, false},
    {"list-formats", NULL, NULL, INSPECT, "list the formats of model files",
     FLAG, FIELD(list_formats), NULL, false},
    {"schema", NULL, NULL, INSPECT, "print the JSON Schema of model files",
     FLAG, FIELD(schema), NULL, false},

    {NULL, "q", NULL, OTHER,
     "no progress, and errors without their source lines", FLAG, FIELD(quiet),
     NULL, false},
    {NULL, "v", NULL, OTHER, "print the graph after each pass, and the plan",
     FLAG, FIELD(verbose), NULL, false},
    {"color", NULL, NULL, OTHER, "color in messages", CHOICE, FIELD(color),
     colors, false},
    {"help", NULL, NULL, OTHER, "print this help", HELP, 0, 0, NULL, false},
    {"version", NULL, NULL, OTHER, "print the version and the licence", VERSION,
     0, 0, NULL, false},
    /* For make install; without a help text --help leaves it out. */
    {"completions", NULL, NULL, OTHER, "", CHOICE, FIELD(completions), shells,
     false},
    {NULL, NULL, NULL, OTHER, NULL, FLAG, 0, 0, NULL, false},
};

/* ---- Names --------------------------------------------------------------- */

bool option_argument(const OptionRow *row)
{
    return row->argument || row->choices;
}

const char *option_spelled(Arena *a, const OptionRow *row)
{
    return row->name ? arena_printf(a, "--%s", row->name)
                     : arena_printf(a, "-%s", row->letters);
}

const char *choice_names(Arena *a, const Choice *choices, const char *between,
                         const char *last)
{
    const char *names = choices->name;
    for (const Choice *c = choices + 1; c->name; c++)
        names = arena_printf(a, "%s%s%s", names, c[1].name ? between : last,
                             c->name);
    return names;
}

/* ---- Help ---------------------------------------------------------------- */

/* The layout of GNU programs, which help2man turns into a man page. */
enum { HELP_COLUMN = 30, HELP_WIDTH = 79 };

static const char *const groups[] = {
    [OUTPUT] = "Output",
    [CODE] = "Generated code",
    [INPUT] = "Input",
    [DEPEND] = "Dependency file, as gcc writes it",
    [REPORT] = "Report and limits",
    [INSPECT] = "Inspection",
    [OTHER] = "Other",
};

/* "  -H, --header[=FILE]" */
static const char *help_left(Arena *a, const OptionRow *row)
{
    const char *argument = row->argument;
    if (row->choices)
        argument = choice_names(a, row->choices, "|", "|");
    if (!row->name)
        return arena_printf(a, "  -%s%s%s", row->letters, argument ? " " : "",
                            argument ? argument : "");
    const char *left =
        row->letters ? arena_printf(a, "  -%s, --%s", row->letters, row->name)
                     : arena_printf(a, "      --%s", row->name);
    if (!argument)
        return left;
    return arena_printf(a, row->optional ? "%s[=%s]" : "%s=%s", left, argument);
}

/* Wraps at words; column: where the cursor stands. */
static void print_wrapped(const char *text, int column)
{
    if (column + 2 > HELP_COLUMN) {
        printf("\n");
        column = 0;
    }
    printf("%*s", HELP_COLUMN - column, "");
    column = HELP_COLUMN;
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (column > HELP_COLUMN && column + 1 + length > HELP_WIDTH) {
            printf("\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        }
        bool first = column == HELP_COLUMN;
        printf("%s%.*s", first ? "" : " ", length, text);
        column += length + !first;
        text += length + (text[length] == ' ');
    }
    printf("\n");
}

/* A full disk or a closed pipe must not look like success. */
int finish_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_DONE;
    error_file(NULL, "standard output cannot be written");
    return EXIT_IO;
}

int print_help(Arena *a)
{
    printf("Usage: rnnc [OPTION]... MODEL\n"
           "Compile a trained neural network into one C file.\n\n"
           "MODEL is a JSON file, or - for standard input.\n");
    for (const OptionRow *row = option_table; row->help; row++) {
        if (!*row->help)
            continue;
        if (row == option_table || row[-1].group != row->group)
            printf("\n%s:\n", groups[row->group]);
        const char *left = help_left(a, row);
        print_wrapped(row->help, printf("%s", left));
    }
    printf("\nN is a number of bytes, such as 65536, 64K or 1M.\n"
           "\nExit status:\n"
           "  0    done\n"
           "  1    the model is wrong\n"
           "  2    the command line is wrong\n"
           "  3    a file cannot be read or written, or memory ran out\n"
           "  4    the model's samples differ from what rnnc computes\n"
           "  70   a fault of rnnc itself\n");
    return finish_output();
}

int print_version(void)
{
    printf("rnnc " RNNC_VERSION "\n"
           "MIT licence; the code that rnnc generates belongs to its user.\n");
    return finish_output();
}
