/* scan.h -- what the parts of the scan share. */

#ifndef RNNC_SCAN_H
#define RNNC_SCAN_H

#include "rnnc.h"

typedef struct Scan {
    const Source *src;
    const char *p, *end;           /* *end is NUL, so p[1] may be looked at */
    const char *open[MAX_NESTING]; /* the brackets we are in */
    int depth;
    bool longer; /* the value that follows may be a long string */
} Scan;

/* Reports at a place in the text; returns false for its caller to return. */
bool scan_fault(const Scan *s, const char *where, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* Steps over one character outside ASCII, or a whole string. */
bool scan_utf8(Scan *s);
bool scan_string(Scan *s);

#endif
