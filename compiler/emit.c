/* emit.c -- from the Plan to text: starts Lua, gives the template engine its
 * few functions, and renders templates/model.c.lt and model.h.lt. */

#include "lua_bridge.h"

#include <lauxlib.h>
#include <string.h>

typedef struct Emitter {
    Arena *arena;
    const Plan *plan;
    Inputs *inputs;
    Splice *splice;
    Buf *out;
    enum { PROGRAM, PICTURE, REPORT_PAGE } for_people; /* what is known */
} Emitter;

static Emitter *emitter(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

/* append(text): to the file being written. */
static int append(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    buf_add(emitter(L)->out, text, size);
    return 0;
}

/* asset(path) -> text of a template. */
static int asset(lua_State *L)
{
    Emitter *e = emitter(L);
    const char *path = luaL_checkstring(L, 1);
    const char *text =
        asset_read(e->arena, e->plan->options->template_dir, path, e->inputs);
    if (!text)
        return luaL_error(L, "there is no %s", path);
    lua_pushstring(L, text);
    return 1;
}

/* use(name) -> the generated name of a runtime function, now part of the
 * file. */
static int use(lua_State *L)
{
    Emitter *e = emitter(L);
    const char *name = luaL_checkstring(L, 1);
    splice_use(e->splice, name);
    if (splice_missing(e->splice))
        return luaL_error(L, "there is no runtime function %s",
                          splice_missing(e->splice));
    lua_pushfstring(L, "%s_%s", e->plan->prefix, name);
    return 1;
}

/* uses(name): whether the file has the runtime function. */
static int uses(lua_State *L)
{
    lua_pushboolean(L, splice_uses(emitter(L)->splice, luaL_checkstring(L, 1)));
    return 1;
}

static int runtime_text(lua_State *L)
{
    lua_pushstring(L, splice_text(emitter(L)->splice));
    return 1;
}

static int runtime_includes(lua_State *L)
{
    lua_pushstring(L, splice_includes(emitter(L)->splice));
    return 1;
}

/* runtime_figures() -> lines of "name: error" for the functions so far. */
static int runtime_figures(lua_State *L)
{
    lua_pushstring(L, splice_figures(emitter(L)->splice));
    return 1;
}

/* weights(): all of them, streamed past Lua: there may be millions. */
static int weights(lua_State *L)
{
    Emitter *e = emitter(L);
    int64_t done = 0;
    for (int i = 0; i < e->plan->arrays; i++) {
        if (e->plan->array[i].same)
            continue;
        weight_text(e->arena, e->plan, &e->plan->array[i], done, e->out);
        done += e->plan->array[i].size;
    }
    return 0;
}

static const struct {
    const char *name;
    lua_CFunction function;
} functions[] = {
    {"append", append},
    {"asset", asset},
    {"use", use},
    {"uses", uses},
    {"runtime_text", runtime_text},
    {"runtime_includes", runtime_includes},
    {"runtime_figures", runtime_figures},
    {"weights", weights},
};

/* Leaves the engine's render function on the stack. */
static bool start(lua_State *L, Emitter *e)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        lua_pushlightuserdata(L, e);
        lua_pushcclosure(L, functions[i].function, 1);
        lua_setglobal(L, functions[i].name);
    }
    const char *path = "templates/template.lua";
    const char *text =
        asset_read(e->arena, e->plan->options->template_dir, path, e->inputs);
    if (!text) {
        error_file(NULL, "there is no %s", path);
        return false;
    }
    if (!lua_run(L, text, path))
        return false;
    lua_close_doors(L);
    return true;
}

static bool render(lua_State *L, Emitter *e, const char *template, Buf *out)
{
    e->out = out;
    lua_pushvalue(L, -1); /* the render function */
    lua_pushstring(L, template);
    push_plan(L, e->arena, e->plan);
    if (e->for_people) {
        push_graph(L, e->arena, e->plan->graph);
        lua_setfield(L, -2, "graph");
    }
    if (e->for_people == REPORT_PAGE) {
        push_report(L, e->arena, e->plan);
        lua_setfield(L, -2, "report");
    }
    if (lua_pcall(L, 2, 0, 0) == LUA_OK)
        return true;
    error_file(NULL, "%s", lua_tostring(L, -1));
    lua_pop(L, 1);
    return false;
}

/* One text for people: a template that knows the model's own names. */
static bool emit_page(Emitter e, const char *template, Buf *out)
{
    e.splice = splice_new(e.arena, e.plan, e.inputs);
    lua_State *L = lua_open(e.arena);
    bool ok = start(L, &e) && render(L, &e, template, out);
    lua_close(L);
    return ok;
}

bool emit_svg(Arena *a, const Plan *p, Inputs *inputs, Buf *out)
{
    return emit_page(
        (Emitter){
            .arena = a, .plan = p, .inputs = inputs, .for_people = PICTURE},
        "graph.svg.lt", out);
}

bool emit_report(Arena *a, const Plan *p, Inputs *inputs, Buf *html)
{
    return emit_page(
        (Emitter){
            .arena = a, .plan = p, .inputs = inputs, .for_people = REPORT_PAGE},
        "report.html.lt", html);
}

/* Nothing has been written to `c` before. */
static bool render_program(lua_State *L, Emitter *e, Buf *c)
{
    Buf plain = {0};
    bool fused = e->plan->options->reproducible == BITS_FUSED;
    if (!fused)
        return render(L, e, "model.c.lt", c);
    bool ok = render(L, e, "model.c.lt", &plain);
    if (ok)
        fuse_products(e->arena, e->plan->upper, plain.data, c);
    buf_free(&plain);
    return ok;
}

bool emit_model(Arena *a, const Plan *p, Inputs *inputs, Buf *c, Buf *header,
                Buf *python)
{
    Emitter e = {.arena = a,
                 .plan = p,
                 .inputs = inputs,
                 .splice = splice_new(a, p, inputs)};
    lua_State *L = lua_open(a);
    bool sqlite = p->options->emit == EMIT_SQLITE;
    bool ok = start(L, &e) && render_program(L, &e, c) &&
              (!sqlite || render(L, &e, "sqlite.c.lt", c)) &&
              (!header || render(L, &e, "model.h.lt", header)) &&
              (!python || render(L, &e, "model.py.lt", python));
    lua_close(L);
    return ok;
}
