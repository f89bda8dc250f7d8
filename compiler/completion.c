/* completion.c -- what a shell needs to complete a command line of rnnc, made
 * from the option table. */

#include "options.h"

#include <stdio.h>
#include <string.h>

static bool offered(const OptionRow *row)
{
    return *row->help;
}

static bool wants_file(const OptionRow *row)
{
    static const char *const files[] = {"FILE", "DIR", "INPUT", NULL};
    for (int i = 0; row->argument && files[i]; i++)
        if (strcmp(row->argument, files[i]) == 0)
            return true;
    return false;
}

/* The words that an argument may be, a blank between them; "" if it is open. */
static const char *words(Arena *a, const OptionRow *row)
{
    const char *list = "";
    for (const Choice *c = row->choices; c && c->name; c++)
        list = arena_printf(a, "%s%s%s", list, *list ? " " : "", c->name);
    if (row->name && strcmp(row->name, "format") == 0)
        for (int i = 0; format_table[i]; i++)
            list = arena_printf(a, "%s%s%s", list, i ? " " : "",
                                format_table[i]->name);
    return list;
}

/* The help text between single quotes: a backslash before each of some
 * characters, and the shell's own spelling of a quote. */
static const char *help(Arena *a, const OptionRow *row, const char *special,
                        const char *quote)
{
    const char *text = "";
    for (const char *p = row->help; *p; p++)
        text = *p == '\'' ? arena_printf(a, "%s%s", text, quote)
                          : arena_printf(a, "%s%s%c", text,
                                         strchr(special, *p) ? "\\" : "", *p);
    return text;
}

/* ---- bash: its words are split at "=", files are readline's business ----- */

static const char bash_head[] =
    "# Completion of rnnc for bash, made by rnnc --completions=bash.\n"
    "_rnnc()\n"
    "{\n"
    "    local word=$2 option=$3 words=''\n"
    "    COMPREPLY=()\n"
    "    if [[ ${COMP_WORDS[COMP_CWORD]} == = ]]; then\n"
    "        word='' option+==\n"
    "    elif [[ $option == = ]]; then\n"
    "        option=${COMP_WORDS[COMP_CWORD - 2]}=\n"
    "    fi\n"
    "    case $option in\n";

static const char bash_tail[] =
    "    *) [[ $word != -* ]] || words='%s' ;;\n"
    "    esac\n"
    "    [[ $words ]] || return 0\n"
    "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
    "    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null\n"
    "}\n"
    "complete -o default -F _rnnc rnnc\n";

/* An optional argument is no word of its own: --report=json, -Hfile. */
static void bash_argument(Arena *a, const OptionRow *row)
{
    printf("    ");
    if (row->letters && !row->optional)
        printf("-%s%s", row->letters, row->name ? " | " : "");
    if (row->name && !row->optional)
        printf("--%s | ", row->name);
    if (row->name)
        printf("--%s=", row->name);
    printf(") words='%s' ;;\n", words(a, row));
}

static void bash(Arena *a)
{
    const char *names = "";
    printf("%s", bash_head);
    for (const OptionRow *row = option_table; row->help; row++) {
        if (!offered(row))
            continue;
        if (option_argument(row) && (row->name || !row->optional))
            bash_argument(a, row);
        if (row->letters)
            names = arena_printf(a, "%s -%s", names, row->letters);
        if (row->name)
            names =
                arena_printf(a, "%s --%s%s", names, row->name,
                             option_argument(row) && !row->optional ? "=" : "");
    }
    printf(bash_tail, names + 1);
}

/* ---- zsh: the language of its _arguments --------------------------------- */

static void zsh_option(Arena *a, const OptionRow *row, const char *spelled,
                       bool is_long)
{
    const char *list = words(a, row), *argument = row->argument;
    printf(" \\\n    '%s%s", row->kind == LIST ? "*" : "", spelled);
    if (option_argument(row))
        printf("%s", is_long         ? row->optional ? "=-" : "="
                     : row->optional ? "-"
                                     : "+");
    printf("[%s]", help(a, row, "[]:", "'\\''"));
    if (option_argument(row))
        printf("%s%s:", row->optional ? "::" : ":", argument ? argument : " ");
    if (*list)
        printf("(%s)", list);
    else if (wants_file(row))
        printf("_files");
    printf("'");
}

static void zsh(Arena *a)
{
    printf("#compdef rnnc\n"
           "# Completion of rnnc for zsh, made by rnnc --completions=zsh.\n"
           "_arguments -S");
    for (const OptionRow *row = option_table; row->help; row++) {
        if (!offered(row))
            continue;
        if (row->letters)
            zsh_option(a, row, arena_printf(a, "-%s", row->letters), false);
        if (row->name)
            zsh_option(a, row, arena_printf(a, "--%s", row->name), true);
    }
    printf(" \\\n    '1:MODEL:_files'\n");
}

/* ---- fish ---------------------------------------------------------------- */

/* -x: an argument that is no file; -r: any; neither: optional. */
static void fish_option(Arena *a, const OptionRow *row)
{
    const char *list = words(a, row);
    printf("complete -c rnnc");
    if (row->letters)
        printf(" -%c %s", row->letters[1] ? 'o' : 's', row->letters);
    if (row->name)
        printf(" -l %s", row->name);
    if (option_argument(row) && !row->optional)
        printf(" -%c", wants_file(row) ? 'r' : 'x');
    if (*list)
        printf(" -a '%s'", list);
    printf(" -d '%s'\n", help(a, row, "\\", "\\'"));
}

static void fish(Arena *a)
{
    printf("# Completion of rnnc for fish, made by rnnc --completions=fish.\n");
    for (const OptionRow *row = option_table; row->help; row++)
        if (offered(row))
            fish_option(a, row);
}

int print_completions(Shell shell)
{
    Arena *a = arena_new();
    if (shell == SHELL_BASH)
        bash(a);
    else if (shell == SHELL_ZSH)
        zsh(a);
    else
        fish(a);
    arena_free(a);
    return finish_output();
}
