/* scan.c -- a strict check of the raw text against RFC 8259 and our limits.
 *
 * cJSON takes more than JSON ([01], 1e400, raw control characters, invalid
 * UTF-8) and says less about what is wrong, so it only sees text that has
 * passed here. The scan keeps its own stack of brackets: nothing recurses
 * before the nesting is known to be harmless. */

#include "scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Faults -------------------------------------------------------------- */

/* Reports; returns false for its caller to return. */
bool scan_fault(const Scan *s, const char *where, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    error_offset_v(s->src, (size_t)(where - s->src->text), NULL, fmt, ap);
    va_end(ap);
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What people write where a number or a literal should be. */
static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("_+-.", c));
}

/* For messages: as much of a word as is worth showing. */
static const char *word_at(const Scan *s, const char *p)
{
    size_t length = 0; /* beyond MAX_NUMBER it is only shown in part */
    while (length <= MAX_NUMBER && is_word(p[length]))
        length++;
    return printable(s->src->arena, arena_strndup(s->src->arena, p, length));
}

/* Only for messages, so it may be slow. */
static int line_of(const Scan *s, const char *place)
{
    int line = 1;
    for (const char *p = s->src->text; p < place; p++)
        line += *p == '\n';
    return line;
}

/* No quotes around it: a quote may itself be what is wrong. */
static const char *got(const Scan *s)
{
    unsigned c = (unsigned char)*s->p;
    if (s->p == s->end)
        return "the end of the file";
    if (c == '"')
        return "a string";
    if (is_word(*s->p))
        return word_at(s, s->p);
    if (c > ' ' && c < 0x7f)
        return arena_printf(s->src->arena, "%c", (int)c);
    if (c >= 0x80)
        return "a character outside ASCII";
    return arena_printf(s->src->arena, "the control character 0x%02x", c);
}

/* p is at something that has no business there. */
static bool expected(Scan *s, const char *what)
{
    const char *p = s->p, *open = s->depth ? s->open[s->depth - 1] : NULL;
    if (p == s->end && open)
        return scan_fault(s, p,
                          "expected %c for the %c in line %d, got the end of "
                          "the file",
                          *open == '[' ? ']' : '}', *open, line_of(s, open));
    if (*p == '\0' && p < s->end)
        return scan_fault(s, p, "expected text, got a NUL byte");
    if (*p == '#' || (*p == '/' && (p[1] == '/' || p[1] == '*')))
        return scan_fault(s, p, "expected %s, got a comment (JSON has none)",
                          what);
    if (*p == '\'')
        return scan_fault(s, p, "expected double quotes, got a single quote");
    if ((unsigned char)*p >= 0x80 && !scan_utf8(s))
        return false;
    s->p = p;
    return scan_fault(s, p, "expected %s, got %s", what, got(s));
}

/* ---- Numbers and literals ------------------------------------------------ */

/* Behind the digits that must start at p; NULL after a fault. */
static const char *scan_digits(Scan *s, const char *p, const char *what)
{
    if (!is_digit(*p)) {
        s->p = p;
        expected(s, what);
        return NULL;
    }
    while (is_digit(*p))
        p++;
    return p;
}

/* What is good JSON and yet no number that we could hold. */
static bool check_range(const Scan *s, const char *start, const char *exponent)
{
    if (s->p - start > MAX_NUMBER)
        return scan_fault(s, start,
                          "expected a number of at most %d characters, "
                          "got %td",
                          MAX_NUMBER, s->p - start);
    /* 64 digits overflow only together with an exponent of three. */
    if (exponent && *exponent != '-' && s->p - exponent > 2 &&
        isinf(strtod(start, NULL)))
        return scan_fault(s, start,
                          "expected a number in the range of float64, "
                          "got %s",
                          word_at(s, start));
    return true;
}

/* Faults are reported at the character that breaks the grammar; leading
 * zeros and the range are faults of the number as a whole. */
static bool scan_number(Scan *s)
{
    const char *start = s->p, *exponent = NULL;
    const char *whole = start + (*start == '-');
    const char *p = scan_digits(s, whole, "a digit");
    if (*whole == '0' && p > whole + 1)
        return scan_fault(s, start,
                          "expected a number without leading zeros, "
                          "got %s",
                          word_at(s, start));
    if (*p == '.')
        p = scan_digits(s, p + 1, "a digit after the decimal point");
    if (p && (*p == 'e' || *p == 'E')) {
        exponent = p + 1;
        bool sign = *exponent == '+' || *exponent == '-';
        p = scan_digits(s, exponent + sign, "a digit in the exponent");
    }
    if (!p)
        return false;
    s->p = p;
    return is_word(*p) ? expected(s, "the end of the number")
                       : check_range(s, start, exponent);
}

/* Python and JavaScript both write these into files they call JSON. */
static bool is_not_finite(const char *word)
{
    word += *word == '-' || *word == '+';
    return strcasecmp(word, "nan") == 0 || strcasecmp(word, "inf") == 0 ||
           strcasecmp(word, "infinity") == 0;
}

/* Other notations, each with its own advice. */
static bool bad_word(Scan *s, const char *word)
{
    static const char *const other[][2] = {
        {"True", "true"}, {"False", "false"}, {"None", "null"}};
    for (int i = 0; i < 3; i++)
        if (strcmp(word, other[i][0]) == 0)
            return scan_fault(s, s->p, "expected %s, got %s", other[i][1],
                              word);
    const char *what = is_not_finite(word) ? "a finite number"
                       : *word == '+'      ? "a number without a plus sign"
                       : *word == '-'      ? "a digit after the minus sign"
                       : *word == '.'      ? "a digit before the decimal point"
                                           : "a value";
    return expected(s, what);
}

/* A literal must end where it ends: "truex" is no "true". */
static bool scan_word(Scan *s)
{
    static const char *const literals[] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++) {
        size_t length = strlen(literals[i]);
        if (strncmp(s->p, literals[i], length) == 0 && !is_word(s->p[length])) {
            s->p += length;
            return true;
        }
    }
    return bad_word(s, word_at(s, s->p));
}

static bool scan_scalar(Scan *s)
{
    if (*s->p == '"')
        return scan_string(s);
    if (is_digit(*s->p) || (*s->p == '-' && is_digit(s->p[1])))
        return scan_number(s);
    return scan_word(s);
}

/* ---- Structure ----------------------------------------------------------- */

static void skip_space(Scan *s)
{
    while (*s->p == ' ' || *s->p == '\n' || *s->p == '\r' || *s->p == '\t')
        s->p++;
}

/* cJSON recurses for each level, up to 1000; so do all that read its tree. */
static bool enter(Scan *s)
{
    if (s->depth == MAX_NESTING)
        return scan_fault(s, s->p,
                          "expected at most %d levels of arrays and "
                          "objects",
                          MAX_NESTING);
    s->open[s->depth++] = s->p++;
    return true;
}

/* A key with its colon; p is left at the value. */
static bool scan_key(Scan *s)
{
    const char *key = s->p;
    if (*key != '"')
        return expected(s, "a key in double quotes");
    if (!scan_string(s))
        return false;
    s->longer = (s->p - key == 8 && memcmp(key, "\"base64\"", 8) == 0) ||
                (s->p - key == 6 && memcmp(key, "\"code\"", 6) == 0);
    skip_space(s);
    if (*s->p != ':')
        return expected(s, "a colon after the key");
    s->p++;
    skip_space(s);
    return true;
}

/* From the end of a value, or from behind an opening bracket, to the next
 * value; closes the brackets that end in between. */
static bool advance(Scan *s, bool opened)
{
    while (s->depth > 0) {
        bool array = *s->open[s->depth - 1] == '[';
        char close = array ? ']' : '}';
        skip_space(s);
        if (*s->p == close) {
            s->p++;
            s->depth--;
            opened = false;
            continue;
        }
        const char *comma = s->p;
        if (!opened && *comma != ',')
            return expected(s, array ? "a comma or ]" : "a comma or }");
        if (!opened) {
            s->p++;
            skip_space(s);
            if (*s->p == close)
                return scan_fault(s, comma,
                                  "expected %s after the comma, got %c",
                                  array ? "a value" : "a key", close);
        }
        return array || scan_key(s);
    }
    return true;
}

/* One value of any depth, without recursion. */
static bool scan_tree(Scan *s)
{
    do {
        bool opens = *s->p == '[' || *s->p == '{';
        if (opens ? !enter(s) : !scan_scalar(s))
            return false;
        s->longer = false; /* spent */
        if (!advance(s, opens))
            return false;
    } while (s->depth > 0);
    return true;
}

/* The terminating NUL is no JSON, so it stops every loop above: no function
 * has to compare with the end. */
bool json_scan(Source *src)
{
    Scan s = {.src = src, .p = src->text, .end = src->text + src->size};
    if (strncmp(s.p, "\xff\xfe", 2) == 0 || strncmp(s.p, "\xfe\xff", 2) == 0)
        return scan_fault(&s, s.p, "expected UTF-8, got UTF-16");
    if (strncmp(s.p, "\xef\xbb\xbf", 3) == 0)
        s.p += 3;
    skip_space(&s);
    if (s.p == s.end)
        return scan_fault(&s, s.p, "expected a JSON value, got an empty file");
    if (!scan_tree(&s))
        return false;
    skip_space(&s);
    return s.p == s.end || expected(&s, "the end of the file");
}
