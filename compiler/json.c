/* json.c -- a cursor over a cJSON tree that knows where it is.
 *
 * cJSON keeps no positions. An At knows how its value was reached; the line
 * is found again by counting siblings in the tree while skipping values in
 * the text, and only errors pay for that. */

#include "rnnc.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/* ---- Cursor -------------------------------------------------------------- */

At at_root(const Json *json)
{
    return (At){.json = json};
}

/* cJSON's shorter lookup functions would take "Units" for "units". */
At at_key(const At *object, const char *key)
{
    const Json *value = NULL;
    if (at_is_object(object))
        value = cJSON_GetObjectItemCaseSensitive(object->json, key);
    return (At){.json = value, .parent = object, .key = key};
}

At at_item(const At *array, const Json *item, int index)
{
    return (At){.json = item, .parent = array, .index = index};
}

At at_member(const At *object, const Json *member)
{
    return (At){.json = member, .parent = object, .key = member->string};
}

const Json *json_first(const Json *array)
{
    return array ? array->child : NULL;
}

const Json *json_next(const Json *item)
{
    return item->next;
}

int json_size(const Json *array_or_object)
{
    return cJSON_GetArraySize(array_or_object);
}

bool at_is_object(const At *at)
{
    return cJSON_IsObject(at->json);
}

bool at_is_array(const At *at)
{
    return cJSON_IsArray(at->json);
}

bool at_is_string(const At *at)
{
    return cJSON_IsString(at->json);
}

bool at_is_number(const At *at)
{
    return cJSON_IsNumber(at->json);
}

bool at_is_bool(const At *at)
{
    return cJSON_IsBool(at->json);
}

bool at_is_null(const At *at)
{
    return cJSON_IsNull(at->json);
}

/* ---- Places -------------------------------------------------------------- */

/* RFC 6901 spells ~ as ~0 and / as ~1; what no terminal should get becomes
 * \xNN. */
static const char *pointer_part(Arena *a, const char *key)
{
    char *out = arena_alloc(a, 4 * strlen(key) + 1, 1), *to = out;
    for (; *key; key++)
        if (*key == '~' || *key == '/')
            to += sprintf(to, "~%d", *key == '/');
        else if (*key >= ' ' && *key <= '~')
            *to++ = *key;
        else
            to += sprintf(to, "\\x%02x", (unsigned)(unsigned char)*key);
    return out;
}

char *at_path(Arena *a, const At *at)
{
    if (!at->parent)
        return arena_printf(a, "%s", "");
    char *up = at_path(a, at->parent);
    if (!at->key)
        return arena_printf(a, "%s/%d", up, at->index);
    return arena_printf(a, "%s/%s", up, pointer_part(a, at->key));
}

/* The functions below walk text that json_scan has accepted, so they check
 * nothing. */

static const char *skip_space(const char *p)
{
    while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
        p++;
    return p;
}

static const char *skip_string(const char *p)
{
    for (p++; *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p + 1;
}

/* Skips a scalar in one step, an array or object token by token. */
static const char *skip_value(const char *p)
{
    int depth = 0;
    do {
        p = skip_space(p);
        if (*p == '"')
            p = skip_string(p);
        else if (*p == '{' || *p == '[')
            depth++, p++;
        else if (*p == '}' || *p == ']')
            depth--, p++;
        else if (*p == ',' || *p == ':')
            p++;
        else
            p += strcspn(p, " \n\r\t,]}");
    } while (depth > 0);
    return p;
}

static const char *find(const char *text, const At *at);

/* The text of a child, or of its key if `key`; that of the container if it
 * has no such child. */
static const char *find_child(const char *text, const At *container,
                              const Json *child, bool key)
{
    const char *start = find(text, container), *p = skip_space(start + 1);
    const Json *sibling = json_first(container->json);
    for (; sibling; sibling = sibling->next, p = skip_space(p + 1)) {
        if (sibling == child && key)
            return p;
        if (at_is_object(container))
            p = skip_space(skip_space(skip_string(p)) + 1);
        if (sibling == child)
            return p;
        p = skip_space(skip_value(p));
    }
    return start;
}

/* Recurses up to the root, then walks down: every container is entered at its
 * own text, so all of it is one pass over the file. */
static const char *find(const char *text, const At *at)
{
    if (at->parent && at->json)
        return find_child(text, at->parent, at->json, false);
    if (at->parent) /* absent: the object that lacks it */
        return find(text, at->parent);
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    return skip_space(text);
}

size_t at_offset(const Source *src, const At *at)
{
    return (size_t)(find(src->text, at) - src->text);
}

/* At the key of a member, if one is given. Walking a large file is only worth
 * it for errors that are printed. */
static void error_member(const Source *src, const At *at, const Json *member,
                         const char *fmt, va_list ap)
{
    const char *place = src->text, *path = "";
    if (error_count() < MAX_ERRORS) {
        place = member ? find_child(src->text, at, member, true)
                       : find(src->text, at);
        path = at_path(src->arena, at);
    }
    error_offset_v(src, (size_t)(place - src->text), path, fmt, ap);
}

void error_at(const Source *src, const At *at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    error_member(src, at, NULL, fmt, ap);
    va_end(ap);
}

PRINTF_LIKE(4, 5)
static void error_key(const Source *src, const At *object, const Json *member,
                      const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    error_member(src, object, member, fmt, ap);
    va_end(ap);
}

/* ---- Parsing ------------------------------------------------------------- */

typedef struct Member {
    const char *key;
    const Json *json;
    int index;
} Member;

/* By index within a key: the first one is not a duplicate. */
static int by_key(const void *left, const void *right)
{
    const Member *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    return order ? order : a->index - b->index;
}

/* Sorting finds repeats in O(n log n) whatever the keys are. */
static bool check_keys(const Source *src, const At *object)
{
    size_t n = (size_t)json_size(object->json), i = 0;
    Member *member = n < 2 ? NULL : calloc(n, sizeof *member);
    if (n < 2)
        return true;
    if (!member)
        out_of_memory();
    for (const Json *j = json_first(object->json); j; j = j->next, i++)
        member[i] = (Member){j->string, j, (int)i};
    qsort(member, n, sizeof *member, by_key);
    bool ok = true;
    for (i = 1; i < n; i++)
        if (strcmp(member[i - 1].key, member[i].key) == 0) {
            error_key(src, object, member[i].json, "duplicate key \"%s\"",
                      printable(src->arena, member[i].key));
            ok = false;
        }
    free(member);
    return ok;
}

/* Recursion is harmless: the scan has limited the nesting. Numbers, which are
 * nearly all of a model, are only stepped over. */
static bool check_duplicates(const Source *src, const At *at)
{
    bool ok = !at_is_object(at) || check_keys(src, at);
    int i = 0;
    for (const Json *j = json_first(at->json); j; j = j->next, i++) {
        if (!cJSON_IsArray(j) && !cJSON_IsObject(j))
            continue;
        At child = j->string ? at_member(at, j) : at_item(at, j, i);
        ok &= check_duplicates(src, &child);
    }
    return ok;
}

Json *json_parse(Source *src)
{
    if (!json_scan(src))
        return NULL;
    /* The length counts the NUL, which is what has to follow the value. */
    Json *json = cJSON_ParseWithLengthOpts(src->text, src->size + 1, NULL, 1);
    if (!json) /* all that can fail after the scan */
        out_of_memory();
    At root = at_root(json);
    if (check_duplicates(src, &root))
        return json;
    json_free(json);
    return NULL;
}

void json_free(Json *json)
{
    cJSON_Delete(json);
}

/* All unknown keys at once: a misspelt file often has several. */
bool want_keys(const Source *src, const At *object, const char *const *known)
{
    if (!want_object(src, object))
        return false;
    bool ok = true;
    for (const Json *j = json_first(object->json); j; j = j->next) {
        int i = 0;
        while (known[i] && strcmp(known[i], j->string) != 0)
            i++;
        if (known[i])
            continue;
        const char *key = printable(src->arena, j->string);
        const char *guess = nearest(j->string, known);
        error_key(src, object, j,
                  guess ? "unknown key \"%s\" (did you mean \"%s\"?)"
                        : "unknown key \"%s\"",
                  key, guess);
        ok = false;
    }
    return ok;
}
