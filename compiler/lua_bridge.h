/* lua_bridge.h -- what lua.c, emit.c and those that fill tables share; nobody
 * else knows that templates are Lua. */

#ifndef RNNC_LUA_BRIDGE_H
#define RNNC_LUA_BRIDGE_H

#include <lua.h>

#include "rnnc.h"

/* lua.c */
lua_State *lua_open(Arena *a);
bool lua_run(lua_State *L, const char *text, const char *name);
void lua_close_doors(lua_State *L);
void lua_set_string(lua_State *L, const char *key, const char *value);
void lua_set_integer(lua_State *L, const char *key, int64_t value);
void lua_set_bool(lua_State *L, const char *key, bool value);
void lua_append(lua_State *L);

/* layer_tables.c: fills the table on the stack's top with what a template needs
 * to know about one call. */
void push_step(lua_State *L, Arena *a, const Plan *p, const Step *s);
/* Sets "initial": the address of the weight a state starts with, or false. */
void set_initial(lua_State *L, Arena *a, const Plan *p, const Node *n,
                 const Weight *initial);
/* The C type of a model input's elements; NULL: of all other values. */
const char *c_type(const Plan *p, const Tensor *input);
/* A number as a literal of the plan's type. */
const char *lua_literal(Arena *a, const Plan *p, double value);

/* report_tables.c: push the tables that only texts for people have. */
void push_graph(lua_State *L, Arena *a, const Graph *g);
void push_report(lua_State *L, Arena *a, const Plan *p);

/* tables.c: pushes the Plan as one table, generic over the op rows. */
void push_plan(lua_State *L, Arena *a, const Plan *p);

#endif
