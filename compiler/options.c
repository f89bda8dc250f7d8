/* options.c -- the command line. What options there are stands in
 * option_table.c, which of them go together in option_check.c. */

#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* What getopt_long returns for row i of the table is FIRST_LONG + i, for
 * anything that is no option IN_ORDER. */
enum { IN_ORDER = 1, FIRST_LONG = 256, MAX_OPTIONS = 64 };

/* ---- Values -------------------------------------------------------------- */

/* The fields are bool, enum, int64_t or size_t; the table knows the size. */
static void store(Options *o, const OptionRow *row, int64_t value)
{
    char *field = (char *)o + row->at;
    bool flag = value != 0;
    int number = (int)value;
    if (row->size == sizeof flag)
        memcpy(field, &flag, sizeof flag);
    else if (row->size == sizeof number)
        memcpy(field, &number, sizeof number);
    else if (row->size == sizeof value)
        memcpy(field, &value, sizeof value);
}

/* False unless the text is digits and perhaps K or M, and the value fits. */
static bool parse_bytes(const char *text, size_t field_size, int64_t *out)
{
    const int64_t max = field_size == 8 ? INT64_MAX : INT32_MAX;
    char *end;
    if (!isdigit((unsigned char)*text)) /* strtoll accepts " -1" */
        return false;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    int64_t unit = 1;
    if (*end == 'K' || *end == 'k')
        unit = 1024, end++;
    else if (*end == 'M' || *end == 'm')
        unit = 1024 * 1024, end++;
    if (errno || *end || value > max / unit)
        return false;
    *out = value * unit;
    return true;
}

static int set_bytes(Arena *a, Options *o, const OptionRow *row,
                     const char *text)
{
    int64_t value;
    if (!parse_bytes(text, row->size, &value))
        return WRONG("%s: expected a number of bytes such as 65536 or 64K, "
                     "got \"%s\"",
                     option_spelled(a, row), printable(a, text));
    store(o, row, value);
    return GO_ON;
}

static const char *nearest_choice(const char *text, const Choice *choices)
{
    const char *names[16] = {NULL};
    for (int i = 0; choices[i].name && i < 15; i++)
        names[i] = choices[i].name;
    return nearest(text, names);
}

static int set_choice(Arena *a, Options *o, const OptionRow *row,
                      const char *text)
{
    const char *option = option_spelled(a, row);
    for (const Choice *c = row->choices; c->name; c++) {
        if (strcmp(c->name, text) != 0)
            continue;
        store(o, row, c->value);
        return GO_ON;
    }
    const char *names = choice_names(a, row->choices, ", ", " or ");
    const char *close = nearest_choice(text, row->choices);
    if (close)
        return WRONG("%s: expected %s, got \"%s\" (did you mean %s?)", option,
                     names, printable(a, text), close);
    return WRONG("%s: expected %s, got \"%s\"", option, names,
                 printable(a, text));
}

static int set_text(Arena *a, Options *o, const OptionRow *row,
                    const char *text)
{
    if (text && !*text)
        return WRONG("%s: expected %s, got \"\"", option_spelled(a, row),
                     row->argument);
    text = text ? text : "";
    memcpy((char *)o + row->at, &text, sizeof text);
    return GO_ON;
}

/* One more of a list that ends with NULL. */
static int add_text(Arena *a, Options *o, const OptionRow *row,
                    const char *text)
{
    const char **list = (const char **)(void *)((char *)o + row->at);
    int count = 0;
    while (list[count])
        count++;
    if (count == MAX_LIST)
        return WRONG("%s: at most %d of them", option_spelled(a, row),
                     MAX_LIST);
    list[count] = text;
    return GO_ON;
}

/* text: the argument, NULL if there is none. */
static int set(Arena *a, Options *o, const OptionRow *row, const char *text)
{
    switch (row->kind) {
    case FLAG:
        store(o, row, true);
        return GO_ON;
    case TEXT:
        return set_text(a, o, row, text);
    case LIST:
        return add_text(a, o, row, text);
    case BYTES:
        return set_bytes(a, o, row, text);
    case CHOICE:
        return set_choice(a, o, row, text ? text : row->choices->name);
    case HELP:
        return print_help(a);
    case VERSION:
        return print_version();
    }
    return EXIT_INTERNAL;
}

/* ---- What getopt_long refuses -------------------------------------------- */

/* The options that start as the word does, and how many they are. */
static const char *starting_with(Arena *a, const char *word, int *count)
{
    const char *list = NULL;
    *count = 0;
    for (const OptionRow *row = option_table; row->help; row++) {
        const char *spelled = option_spelled(a, row);
        if (strncmp(spelled, word, strlen(word)) != 0)
            continue;
        list = list ? arena_printf(a, "%s, %s", list, spelled) : spelled;
        ++*count;
    }
    return list;
}

static int unknown(Arena *a, const char *word)
{
    const char *names[MAX_OPTIONS + 1] = {NULL};
    for (int i = 0; option_table[i].help; i++)
        names[i] = option_spelled(a, &option_table[i]);
    const char *close = nearest(word, names);
    if (close)
        return WRONG("unknown option %s (did you mean %s?)", printable(a, word),
                     close);
    return WRONG("unknown option %s", printable(a, word));
}

static int needs_argument(Arena *a, const OptionRow *row)
{
    return WRONG("%s needs an argument: %s", option_spelled(a, row),
                 row->choices ? choice_names(a, row->choices, "|", "|")
                              : row->argument);
}

/* arg: the argument of the program at which getopt_long stopped. */
static int refused(Arena *a, const char *arg)
{
    const char *word = arena_strndup(a, arg, strcspn(arg, "="));
    int count;
    if (arg[1] != '-') { /* "-unroll" as a whole, but of "-qx" the x */
        bool whole = arg[1] == optopt;
        return unknown(a, whole ? word : arena_printf(a, "-%c", optopt));
    }
    if (optopt >= FIRST_LONG)
        return WRONG("%s takes no argument",
                     option_spelled(a, &option_table[optopt - FIRST_LONG]));
    const char *list = starting_with(a, word, &count);
    if (count > 1)
        return WRONG("option %s is ambiguous: %s", printable(a, word), list);
    return unknown(a, word);
}

/* ---- Parsing ------------------------------------------------------------- */

static const OptionRow *find_letters(const char *letters)
{
    for (const OptionRow *row = option_table; row->help; row++)
        if (row->letters && strcmp(row->letters, letters) == 0)
            return row;
    return NULL;
}

static const OptionRow *find_row(int code)
{
    char letter[2] = {(char)code, '\0'};
    return code >= FIRST_LONG ? &option_table[code - FIRST_LONG]
                              : find_letters(letter);
}

/* -MD, -MF FILE and so on. getopt_long knows no names of two letters; to it
 * they are one option -M with an argument that starts with D, F... What
 * belongs to that letter is ours to find. */
static int set_depend(Arena *a, Options *o, int argc, char **argv)
{
    char letters[3] = {'M', optarg[0], '\0'};
    const OptionRow *row = find_letters(letters);
    if (optarg == argv[optind - 1]) /* "-M D": not joined */
        return unknown(a, "-M");
    if (!row || (!row->argument && optarg[1]))
        return unknown(a, arena_printf(a, "-M%s", optarg));
    if (!row->argument)
        return set(a, o, row, NULL);
    if (optarg[1])
        return set(a, o, row, optarg + 1);
    if (optind >= argc)
        return needs_argument(a, row);
    return set(a, o, row, argv[optind++]);
}

static int set_model(Arena *a, Options *o, const char *path)
{
    if (!*path)
        return WRONG("the name of the model file is empty");
    if (o->model)
        return WRONG("more than one model file: \"%s\"", printable(a, path));
    o->model = path;
    return GO_ON;
}

/* The table in the words of getopt_long. The leading "-" hands over what is
 * no option in its place, so that nothing is permuted behind our back; the
 * ":" tells a missing argument from an unknown option. */
static const char *translate(Arena *a, struct option *longs)
{
    const char *letters = "-:M:";
    for (int i = 0; option_table[i].help; i++) {
        const OptionRow *row = &option_table[i];
        int argument = !option_argument(row) ? no_argument
                       : row->optional       ? optional_argument
                                             : required_argument;
        if (row->name)
            *longs++ =
                (struct option){row->name, argument, NULL, FIRST_LONG + i};
        if (row->letters && !row->letters[1])
            letters = arena_printf(a, "%s%s%.*s", letters, row->letters,
                                   argument, "::");
    }
    return letters;
}

static int parse(Arena *a, int argc, char **argv, Options *o)
{
    struct option longs[MAX_OPTIONS + 1] = {{NULL, 0, NULL, 0}};
    const char *letters = translate(a, longs);
    int status = GO_ON;
    opterr = 0;
    optind = 1;
    while (status == GO_ON) {
        const char *arg = argv[optind]; /* what the next code is about */
        int code = getopt_long(argc, argv, letters, longs, NULL);
        if (code == -1)
            break;
        if (code == IN_ORDER)
            status = set_model(a, o, optarg);
        else if (code == '?')
            status = refused(a, arg);
        else if (code == ':')
            status = optopt == 'M' ? unknown(a, "-M")
                                   : needs_argument(a, find_row(optopt));
        else if (code == 'M')
            status = set_depend(a, o, argc, argv);
        else
            status = set(a, o, find_row(code), optarg);
    }
    for (; status == GO_ON && optind < argc; optind++) /* behind -- */
        status = set_model(a, o, argv[optind]);
    return status;
}

int options_parse(int argc, char **argv, Options *o)
{
    Arena *a = arena_new();
    *o = (Options){.budget_flash = -1,
                   .budget_ram = -1,
                   .budget_stack = BUDGET_UNSTATED,
                   .max_bytes = 2147483647};
    diag_setup(COLOR_AUTO, false);
    int status = parse(a, argc, argv, o);
    diag_setup(o->color, o->quiet); /* known only now */
    if (status == GO_ON)
        status = options_check(a, o);
    arena_free(a); /* o points into argv only */
    return status;
}
