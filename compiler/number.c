/* number.c -- numbers to text and back, without losing a bit. */

#include "rnnc.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "1e+06" to "1e6", and "3" to "3.0": a suffix f must make a C literal. */
static void tidy(char *text)
{
    char *e = strchr(text, 'e');
    if (!e) {
        if (!strchr(text, '.') && !strchr(text, 'n')) /* nan, inf */
            strcat(text, ".0");
        return;
    }
    char *from = e + 1, *to = e + 1;
    if (*from == '-')
        *to++ = '-';
    from++; /* printf always writes a sign */
    while (*from == '0')
        from++;
    memmove(to, from, strlen(from) + 1);
}

/* Every decimal of FLT_DIG (6) digits survives the way through a float, so
 * no shorter one has to be tried, and FLT_DECIMAL_DIG (9) always suffice.
 * Subnormal numbers have fewer bits and may need fewer digits. printf gives
 * the nearest decimal of a length; for a few powers of two (46 doubles) one
 * that is not the nearest would do with a digit less. */
void number_float(char *text, float value)
{
    char try[48] = ""; /* roomier than the text can get */
    int digits = fabsf(value) < FLT_MIN ? 1 : FLT_DIG;
    for (; digits <= FLT_DECIMAL_DIG; digits++) {
        snprintf(try, sizeof try, "%.*g", digits, (double)value);
        if (strtof(try, NULL) == value)
            break;
    }
    tidy(memcpy(text, try, 32));
}

void number_double(char *text, double value)
{
    char try[48] = "";
    int digits = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
    for (; digits <= DBL_DECIMAL_DIG; digits++) {
        snprintf(try, sizeof try, "%.*g", digits, value);
        if (strtod(try, NULL) == value)
            break;
    }
    tidy(memcpy(text, try, 32));
}

static float float_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

float half_to_float(uint16_t bits)
{
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16;
    uint32_t exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
    if (exponent == 31) /* infinity, NaN */
        return float_of_bits(sign | 0x7f800000 | fraction << 13);
    if (exponent == 0) { /* zero, subnormal: multiples of 2^-24 */
        float value = ldexpf((float)fraction, -24);
        return sign ? -value : value;
    }
    /* Rebias: 15 to 127. */
    return float_of_bits(sign | (exponent + 112) << 23 | fraction << 13);
}

float bfloat16_to_float(uint16_t bits)
{
    return float_of_bits((uint32_t)bits << 16);
}
