/* base64.c -- RFC 4648, section 4, strictly.
 *
 * Exactly one text stands for given bytes: no white space, padding always,
 * unused bits zero. A damaged file is refused instead of half understood. */

#include "rnnc.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The values of all bytes; 64 and above is no digit, so that the digits of
 * a group can be checked by one comparison of them or-ed together. */
static void make_table(unsigned char table[256])
{
    for (int i = 0; i < 256; i++)
        table[i] = 64;
    for (int i = 0; i < 64; i++)
        table[(unsigned char)alphabet[i]] = (unsigned char)i;
}

/* The last group, which alone may hold padding: its bytes or -1. */
static int decode_last(const unsigned char *table, const unsigned char *in,
                       unsigned char *out)
{
    int pad = in[3] != '=' ? 0 : in[2] != '=' ? 1 : 2;
    unsigned a = table[in[0]], b = table[in[1]];
    unsigned c = pad < 2 ? table[in[2]] : 0, d = pad < 1 ? table[in[3]] : 0;
    if ((a | b | c | d) >= 64)
        return -1;
    if ((pad == 2 && b & 15) || (pad == 1 && c & 3))
        return -1; /* bits that stand for nothing */
    out[0] = (unsigned char)(a << 2 | b >> 4);
    if (pad < 2)
        out[1] = (unsigned char)(b << 4 | c >> 2);
    if (pad < 1)
        out[2] = (unsigned char)(c << 6 | d);
    return 3 - pad;
}

ptrdiff_t base64_decode(const char *text, size_t size, unsigned char *out)
{
    unsigned char table[256];
    const unsigned char *in = (const unsigned char *)text;
    unsigned char *start = out;
    if (size % 4 != 0)
        return -1;
    if (size == 0)
        return 0;
    make_table(table);
    for (size_t groups = size / 4 - 1; groups > 0; groups--, in += 4) {
        unsigned a = table[in[0]], b = table[in[1]], c = table[in[2]],
                 d = table[in[3]];
        if ((a | b | c | d) >= 64)
            return -1;
        *out++ = (unsigned char)(a << 2 | b >> 4);
        *out++ = (unsigned char)(b << 4 | c >> 2);
        *out++ = (unsigned char)(c << 6 | d);
    }
    int last = decode_last(table, in, out);
    return last < 0 ? -1 : out - start + last;
}

void base64_encode(Buf *b, const void *data, size_t size)
{
    const unsigned char *in = data;
    for (; size > 0; in += 3) {
        size_t n = size < 3 ? size : 3;
        unsigned bits = (unsigned)in[0] << 16;
        if (n > 1)
            bits |= (unsigned)in[1] << 8;
        if (n > 2)
            bits |= in[2];
        char group[4] = {alphabet[bits >> 18], alphabet[bits >> 12 & 63],
                         n > 1 ? alphabet[bits >> 6 & 63] : '=',
                         n > 2 ? alphabet[bits & 63] : '='};
        buf_add(b, group, sizeof group);
        size -= n;
    }
    buf_add(b, "", 0); /* no bytes are an empty text, not NULL */
}
