/* lua.c -- a small Lua for templates.
 *
 * Templates are ours, or a user's own by --template-dir; a model's strings
 * never become Lua source, patterns or format strings. The sandbox is for
 * determinism: no pairs or next (their order changes with every process), no
 * io, os, load, require or random. Memory and instructions are bounded, so
 * that a template that loops is an error and not a hang. */

#include "rnnc.h"
#include "lua_bridge.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MEMORY = 256 << 20, MAX_INSTRUCTIONS = 1000000000 };

typedef struct Heap {
    size_t used;
} Heap;

static void *allocate(void *ud, void *block, size_t old, size_t size)
{
    Heap *heap = ud;
    size_t freed = block ? old : 0;
    if (size == 0) {
        heap->used -= freed;
        free(block);
        return NULL;
    }
    if (heap->used - freed + size > MAX_MEMORY)
        return NULL;
    void *moved = realloc(block, size);
    if (!moved) /* Lua would abort, where no call of it is protected */
        out_of_memory();
    heap->used += size - freed;
    return moved;
}

/* An error outside of a protected call: the tables are too much for it. */
static int panic(lua_State *L)
{
    error_file(NULL, "tables for the templates: %s", lua_tostring(L, -1));
    exit(EXIT_IO);
}

static void out_of_instructions(lua_State *L, lua_Debug *event)
{
    (void)event;
    luaL_error(L, "template ran for too long");
}

static const char *const banned[] = {
    "pairs",    "next",         "load",   "loadfile",
    "dofile",   "require",      "print",  "collectgarbage",
    "rawequal", "getmetatable", "rawlen", "rawget",
    "rawset",   "xpcall",       "warn",   NULL};

lua_State *lua_open(Arena *a)
{
    Heap *heap = arena_alloc(a, 1, sizeof *heap);
    lua_State *L = lua_newstate(allocate, heap);
    if (!L)
        out_of_memory();
    lua_atpanic(L, panic);
    luaL_requiref(L, "_G", luaopen_base, 1);
    luaL_requiref(L, "string", luaopen_string, 1);
    luaL_requiref(L, "table", luaopen_table, 1);
    luaL_requiref(L, "math", luaopen_math, 1);
    lua_pushnil(L);
    lua_setfield(L, -2, "random");
    lua_pushnil(L);
    lua_setfield(L, -2, "randomseed");
    lua_settop(L, 0);
    lua_sethook(L, out_of_instructions, LUA_MASKCOUNT, MAX_INSTRUCTIONS);
    return L;
}

/* The engine needs load and setmetatable; what templates see is its table of
 * helpers, never _G. These are taken away once the engine holds its own. */
void lua_close_doors(lua_State *L)
{
    for (int i = 0; banned[i]; i++) {
        lua_pushnil(L);
        lua_setglobal(L, banned[i]);
    }
}

bool lua_run(lua_State *L, const char *text, const char *name)
{
    const char *chunk = lua_pushfstring(L, "=%s", name);
    if (luaL_loadbufferx(L, text, strlen(text), chunk, "t") == LUA_OK &&
        lua_pcall(L, 0, LUA_MULTRET, 0) == LUA_OK)
        return true;
    error_file(NULL, "%s", lua_tostring(L, -1));
    return false;
}

void lua_set_string(lua_State *L, const char *key, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, key);
}

void lua_set_integer(lua_State *L, const char *key, int64_t value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, key);
}

void lua_set_bool(lua_State *L, const char *key, bool value)
{
    lua_pushboolean(L, value);
    lua_setfield(L, -2, key);
}

/* Moves the table on top of the stack to the end of the list below it. */
void lua_append(lua_State *L)
{
    lua_seti(L, -2, luaL_len(L, -2) + 1);
}
