/* want.c -- values of the type that a reader wants, or a message. */

#include "rnnc.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* Integers as people write them, not as 1.6777216e7. The range keeps the
 * conversion to int64_t defined. */
static const char *describe_number(Arena *a, double value)
{
    char text[32];
    if (value > -1e15 && value < 1e15 && value == (double)(int64_t)value)
        return arena_printf(a, "%.0f", value);
    number_double(text, value);
    return arena_printf(a, "%s", text);
}

/* Short whatever the value is: messages stay on one line. */
const char *at_describe(Arena *a, const At *at)
{
    if (!at->json)
        return "nothing";
    if (at_is_object(at))
        return "an object";
    if (at_is_array(at))
        return arena_printf(a, "an array of %d", json_size(at->json));
    if (at_is_string(at))
        return arena_printf(a, "\"%s\"", printable(a, at->json->valuestring));
    if (at_is_number(at))
        return describe_number(a, at->json->valuedouble);
    return at_is_null(at) ? "null" : cJSON_IsTrue(at->json) ? "true" : "false";
}

/* Of a chain of absent values the outermost is the one to write. */
void error_missing(const Source *src, const At *at)
{
    while (at->parent && at->parent->parent && !at->parent->json)
        at = at->parent;
    const char *key = at->key ? at->key : "value";
    error_at(src, at->parent ? at->parent : at, "\"%s\" is missing",
             printable(src->arena, key));
}

/* The common end of all want_*: nothing to say if the value fits. */
static bool want(const Source *src, const At *at, bool fits, const char *type)
{
    if (fits)
        return true;
    if (!at->json)
        error_missing(src, at);
    else
        error_at(src, at, "expected %s, got %s", type,
                 at_describe(src->arena, at));
    return false;
}

bool want_object(const Source *src, const At *at)
{
    return want(src, at, at_is_object(at), "an object");
}

bool want_array(const Source *src, const At *at)
{
    return want(src, at, at_is_array(at), "an array");
}

bool want_string(const Source *src, const At *at, const char **out)
{
    bool fits = at_is_string(at);
    if (fits)
        *out = at->json->valuestring;
    return want(src, at, fits, "a string");
}

bool want_number(const Source *src, const At *at, double *out)
{
    bool fits = at_is_number(at);
    if (fits)
        *out = at->json->valuedouble;
    return want(src, at, fits, "a number");
}

bool want_bool(const Source *src, const At *at, bool *out)
{
    bool fits = at_is_bool(at);
    if (fits)
        *out = cJSON_IsTrue(at->json);
    return want(src, at, fits, "true or false");
}

/* JSON has one type of number: 2.0 is the integer 2. The maximum is only
 * mentioned to those who exceed it. */
bool want_int(const Source *src, const At *at, int min, int max, int *out)
{
    double value = at_is_number(at) ? at->json->valuedouble : min - 1.0;
    char type[80];
    if (value >= min && value <= max && value == (int)value) {
        *out = (int)value;
        return true;
    }
    if (value > max)
        snprintf(type, sizeof type, "an integer from %d to %d", min, max);
    else
        snprintf(type, sizeof type, "an integer of at least %d", min);
    return want(src, at, false, type);
}
