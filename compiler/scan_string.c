/* scan_string.c -- the strict check of strings: escapes, surrogates, UTF-8. */

#include "scan.h"

#include <string.h>

/* Checks the character at p against table 3-7 of the Unicode standard and
 * moves behind it. */
bool scan_utf8(Scan *s)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)s->p;
    int length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (p[0] < 0xc0 || p[0] > 0xf7)
        return scan_fault(
            s, s->p, "invalid UTF-8: no character starts with 0x%02x", p[0]);
    unsigned long code = p[0] & (0x7fu >> length);
    for (int i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return scan_fault(s, s->p,
                              "invalid UTF-8: a character is cut short");
        code = code << 6 | (p[i] & 0x3f);
    }
    if (code < least[length])
        return scan_fault(s, s->p, "invalid UTF-8: overlong form of U+%04lX",
                          code);
    if (code >= 0xd800 && code <= 0xdfff)
        return scan_fault(s, s->p, "invalid UTF-8: surrogate U+%04lX", code);
    if (code > 0x10ffff)
        return scan_fault(s, s->p,
                          "invalid UTF-8: a character beyond U+10FFFF");
    s->p += length;
    return true;
}

/* The value of the four digits after \u, or -1. */
static int hex4(const char *p)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int c = p[i], lower = c | 0x20;
        if (p[i] >= '0' && p[i] <= '9')
            value = value * 16 + c - '0';
        else if (lower >= 'a' && lower <= 'f')
            value = value * 16 + lower - 'a' + 10;
        else
            return -1;
    }
    return value;
}

/* \uXXXX or a pair of them; adds to *shrink by how much the text is longer
 * than its value in UTF-8. */
static bool scan_unicode(Scan *s, size_t *shrink)
{
    const char *p = s->p;
    int code = hex4(p + 2), low = 0;
    if (code < 0)
        return scan_fault(s, p, "expected four hexadecimal digits after \\u");
    if (code == 0)
        return scan_fault(s, p, "expected no NUL in a string, got \\u0000");
    if (code >= 0xdc00 && code <= 0xdfff)
        return scan_fault(s, p, "expected a high surrogate before \\u%04x",
                          code);
    s->p += 6;
    if (code < 0xd800 || code > 0xdbff) {
        *shrink += code < 0x80 ? 5 : code < 0x800 ? 4 : 3;
        return true;
    }
    if (s->p[0] == '\\' && s->p[1] == 'u')
        low = hex4(s->p + 2);
    if (low < 0xdc00 || low > 0xdfff)
        return scan_fault(s, p, "expected a low surrogate after \\u%04x", code);
    s->p += 6;
    *shrink += 8;
    return true;
}

static bool scan_escape(Scan *s, size_t *shrink)
{
    const char text[] = {'\\', s->p[1], '\0'};
    if (text[1] == 'u')
        return scan_unicode(s, shrink);
    if (text[1] == '\0') { /* for bad_byte to judge */
        s->p++;
        return true;
    }
    if (!strchr("\"\\/bfnrt", text[1]))
        return scan_fault(s, s->p,
                          "expected one of \\\" \\\\ \\/ \\b \\f \\n \\r "
                          "\\t \\u, got %s",
                          printable(s->src->arena, text));
    s->p += 2;
    *shrink += 1;
    return true;
}

/* A byte below 0x20; most often the closing quote is what is missing. */
static bool bad_byte(const Scan *s, const char *start)
{
    static const char no_quote[] =
        "expected a closing quote, got the end of the %s";
    unsigned c = (unsigned char)*s->p;
    if (s->p == s->end)
        return scan_fault(s, start, no_quote, "file");
    if (c == '\n' || c == '\r')
        return scan_fault(s, s->p, no_quote, "line");
    if (c == 0)
        return scan_fault(s, s->p, "expected text, got a NUL byte");
    return scan_fault(s, s->p,
                      "expected \\u%04x, got the control character itself", c);
}

static bool is_plain(char byte)
{
    unsigned char c = (unsigned char)byte;
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static bool is_base64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

static bool ends_line(const char *p)
{
    return p[0] == '\\' && p[1] == 'n' && is_base64(p[-1]);
}

/* A long string that may be one of an array of pieces of base64, or the code of
 * a Lambda, which is such lines. */
static bool is_piece(const Scan *s, const char *start, const char *end)
{
    bool in_array = s->depth && *s->open[s->depth - 1] == '[';
    while (in_array && start < end && (is_base64(*start) || ends_line(start)))
        start++;
    return in_array && start == end;
}

/* What to_json() or json.dumps() returns, put into JSON as it is. */
static bool is_json(const char *value)
{
    return strncmp(value, "{\\\"", 3) == 0;
}

/* The limit is on the bytes of the value, so that "\u0041" counts as "A". */
bool scan_string(Scan *s)
{
    const char *start = s->p++;
    size_t shrink = 0;
    for (;;) {
        const char *p = s->p; /* nearly all of the time is spent here */
        while (is_plain(*p))
            p++;
        s->p = p;
        if (*s->p == '"')
            break;
        bool ok = *s->p == '\\'                  ? scan_escape(s, &shrink)
                  : (unsigned char)*s->p >= 0x80 ? scan_utf8(s)
                                                 : bad_byte(s, start);
        if (!ok)
            return false;
    }
    size_t size = (size_t)(s->p++ - start) - 1 - shrink;
    if (size > MAX_STRING && !s->longer &&
        !(size <= MAX_PIECE && is_piece(s, start + 1, s->p - 1)))
        return is_json(start + 1)
                   ? scan_fault(s, start,
                                "expected an object, got one in a string: "
                                "json.loads() it before json.dump()")
                   : scan_fault(
                         s, start,
                         "expected a string of at most %d bytes, got %zu",
                         MAX_STRING, size);
    return true;
}
