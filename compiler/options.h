/* options.h -- what options.c, option_table.c and option_check.c share. */

#ifndef RNNC_OPTIONS_H
#define RNNC_OPTIONS_H

#include "rnnc.h"

enum { GO_ON = -1 }; /* no exit status, see options_parse() */

#define WRONG(...) (error_file(NULL, __VA_ARGS__), EXIT_USAGE)

typedef struct Choice {
    const char *name; /* a list of choices ends with NULL */
    int value;
} Choice;

typedef enum { OUTPUT, CODE, INPUT, DEPEND, REPORT, INSPECT, OTHER } Group;

typedef enum {
    FLAG,   /* true */
    LIST,   /* may be repeated, MAX_LIST times */
    TEXT,   /* not empty; "" where the argument is optional and absent */
    BYTES,  /* 65536, 64K, 1M */
    CHOICE, /* one of choices; the first where it is optional and absent */
    HELP,
    VERSION
} Kind;

typedef struct OptionRow {
    const char *name;     /* --name, or NULL */
    const char *letters;  /* "o"; "MD": one dash, as gcc has it; or NULL */
    const char *argument; /* its name in --help; NULL: none, or choices */
    Group group;
    const char *help; /* without choices, which are added; "": hidden */
    Kind kind;
    size_t at, size; /* of its field in Options; size 0: none */
    const Choice *choices;
    bool optional; /* the argument may be left out */
} OptionRow;

extern const OptionRow option_table[]; /* by group; ends with help NULL */
bool option_argument(const OptionRow *row);
/* "--name", "-o" or "-MD": how messages call an option. */
const char *option_spelled(Arena *a, const OptionRow *row);
/* "float|double", with other text between and before the last. */
const char *choice_names(Arena *a, const Choice *choices, const char *between,
                         const char *last);
/* Exit statuses: EXIT_IO when standard output cannot be written. */
int print_help(Arena *a);
int print_version(void);

/* option_check.c: completes what was parsed; GO_ON or an exit status. */
int options_check(Arena *a, Options *o);

#endif
