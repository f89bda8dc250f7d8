/* layer_tables.c -- one step of the Plan as a Lua table: generic over the op
 * rows, whose names for attributes, weights and states are the keys. */

#include "lua_bridge.h"
#include "tuning.h"
#include "tuning_batch.h"

#include <math.h>
#include <string.h>

const char *lua_literal(Arena *a, const Plan *p, double value)
{
    char text[32];
    if (p->options->is_double)
        number_double(text, value);
    else
        number_float(text, (float)value);
    return arena_printf(a, "%s%s", text, p->options->is_double ? "" : "f");
}

const char *c_type(const Plan *p, const Tensor *input)
{
    if (input && input->rows)
        return "int32_t";
    return p->options->is_double ? "double" : "float";
}

static void set_shape(lua_State *L, const char *key, const Shape *s)
{
    lua_newtable(L);
    for (int i = 0; i < s->rank; i++) {
        lua_pushinteger(L, s->dim[i]);
        lua_seti(L, -2, i + 1);
    }
    lua_setfield(L, -2, key);
}

static void set_activation(lua_State *L, Arena *a, const Plan *p,
                           const char *key, const Activation *act)
{
    lua_newtable(L);
    lua_set_string(L, "name", act->row->name);
    lua_set_string(L, "formula", act->row->formula);
    lua_set_bool(L, "linear", activation_is_linear(act));
    lua_set_bool(L, "vector", act->row->eval_all != NULL);
    lua_set_bool(L, "pairs", act->row->pairs);
    lua_set_bool(L, "lanes", activation_in_lanes(p, act->row));
    lua_set_string(L, "runtime", act->row->runtime ? act->row->runtime : "");
    const char *param = act->row->param ? lua_literal(a, p, act->param) : "";
    if (act->row->param2)
        param =
            arena_printf(a, "%s, %s", param, lua_literal(a, p, act->param2));
    lua_set_string(L, "param", param);
    lua_setfield(L, -2, key);
}

static bool is_attr(const Op *op, const char *name)
{
    for (int i = 0; i < MAX_ATTRS && op->attrs[i].name; i++)
        if (strcmp(op->attrs[i].name, name) == 0)
            return true;
    return false;
}

static void set_attrs(lua_State *L, Arena *a, const Plan *p, const Node *n)
{
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
        const AttrSpec *spec = &n->op->attrs[i];
        const Attr *attr = &n->attr[i];
        if (spec->type == ATTR_INT)
            lua_set_integer(L, spec->name, (int64_t)attr->number);
        else if (spec->type == ATTR_BOOL)
            lua_set_bool(L, spec->name, attr->number != 0);
        else if (spec->type == ATTR_CHOICE)
            lua_set_string(L, spec->name, spec->choices[(int)attr->number]);
        else if (spec->type == ATTR_NUMBER && isnan(attr->number))
            lua_set_bool(L, spec->name, false);
        else if (spec->type == ATTR_NUMBER)
            lua_set_string(L, spec->name, lua_literal(a, p, attr->number));
        else if (spec->type == ATTR_ACTIVATION)
            set_activation(L, a, p, spec->name, &attr->activation);
    }
    for (int i = 0; i < n->scope.count; i++) /* of the input, of op->bind */
        if (!is_attr(n->op, n->scope.binding[i].name))
            lua_set_integer(L, n->scope.binding[i].name,
                            n->scope.binding[i].value);
}

/* The C expression for the address of a weight's first element. */
static const char *weight_address(Arena *a, const Plan *p, const Node *n,
                                  const char *name)
{
    const Array *array = array_of(p, n, name);
    if (array && array->same)
        n = array->same->node;
    return arena_printf(a, "%s_%s%s", n->ident, name,
                        p->string_weights ? ".value" : "");
}

/* kernel_blocks = false, or what stands in the C of a kernel without its zeros:
 * first, block: the addresses of the lists. */
static void set_blocks(lua_State *L, Arena *a, const Array *array)
{
    const char *name = arena_printf(a, "%s_blocks", array->spec->name);
    const Array *own = array->same ? array->same : array;
    const Blocks *b = array->blocks;
    if (!b) {
        lua_set_bool(L, name, false);
        return;
    }
    lua_newtable(L);
    lua_set_string(L, "first", arena_printf(a, "%s_%s_first", own->node->ident,
                                            array->spec->name));
    lua_set_string(L, "block", arena_printf(a, "%s_%s_block", own->node->ident,
                                            array->spec->name));
    lua_set_integer(L, "groups", b->groups);
    lua_set_integer(L, "rows", PRUNED_ROWS / storage_pack(array));
    lua_set_integer(L, "picked", PRUNED_PICKED);
    lua_setfield(L, -2, name);
}

/* kernel_zeros = false, or for each number of a kernel "0", or "1" where
 * straight lines leave it out. */
static void set_zeros(lua_State *L, Arena *a, const Plan *p, const Array *array)
{
    const char *name = arena_printf(a, "%s_zeros", array->spec->name);
    if (!p->unroll || !array->pruned.left_out) {
        lua_set_bool(L, name, false);
        return;
    }
    int64_t size = shape_size(&array->weight->shape);
    char *zeros = arena_alloc(a, (size_t)size + 1, 1);
    for (int64_t i = 0; i < size; i++)
        zeros[i] = blocks_line(array, i) ? '1' : '0';
    lua_set_string(L, name, zeros);
}

/* Each weight that exists, under its own name; and of those that may be stored
 * narrow `kernel_narrow`, the address of `kernel_scale` or false, and
 * `kernel_rows`: in a tile, or of each unit's features. */
static void set_weights(lua_State *L, Arena *a, const Plan *p, const Node *n)
{
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++) {
        const char *name = n->op->weights[i].name;
        const Array *array = array_of(p, n, name);
        if (n->weight[i].data)
            lua_set_string(L, name, weight_address(a, p, n, name));
        else
            lua_set_bool(L, name, false);
        if (!n->op->weights[i].narrow || !array)
            continue;
        set_blocks(L, a, array);
        set_zeros(L, a, p, array);
        const char *scale = arena_printf(a, "%s_scale", name);
        lua_set_bool(L, arena_printf(a, "%s_narrow", name), array->narrow);
        lua_set_bool(L, scale, false);
        if (array_of(p, n, scale))
            lua_set_string(L, scale, weight_address(a, p, n, scale));
        lua_set_integer(L, arena_printf(a, "%s_rows", name),
                        array->tiles.units ? tile_rows(array)
                                           : array_row_size(array));
    }
}

/* Sets the address of the weight that a state starts with, or false. */
void set_initial(lua_State *L, Arena *a, const Plan *p, const Node *n,
                 const Weight *initial)
{
    lua_set_bool(L, "initial", false);
    if (initial && initial->data)
        lua_set_string(L, "initial", weight_address(a, p, n, initial->name));
}

/* state = {{name, size, initial}, ...}, of a layer that keeps them to itself:
 * one that runs over its whole sequence. */
static void set_states(lua_State *L, Arena *a, const Plan *p, const Node *n,
                       const Tiles *t)
{
    lua_newtable(L);
    for (int i = 0; i < MAX_STATES && n->op->state[i].name; i++) {
        const StateSpec *spec = &n->op->state[i];
        lua_newtable(L);
        lua_set_string(L, "name", spec->name);
        int64_t size = expr_eval(spec->shape, &n->scope);
        lua_set_integer(L, "size", size);
        lua_set_integer(L, "padded", t->units ? t->units * t->count : size);
        lua_set_bool(L, "position", spec->position);
        set_initial(L, a, p, n,
                    spec->initial ? weight_of(n, spec->initial) : NULL);
        lua_append(L);
    }
    lua_setfield(L, -2, "state");
}

/* tiles = false, or how the columns stand; the rows of a tiled bias. */
static void set_tiles(lua_State *L, const Plan *p, const Step *s)
{
    const Tiles *t = &s->tiles;
    const Node *n = s->node;
    lua_set_bool(L, "dots", t->dots);
    if (!t->units) {
        lua_set_bool(L, "tiles", false);
        return;
    }
    lua_newtable(L);
    lua_set_integer(L, "units", t->units);
    lua_set_integer(L, "count", t->count);
    lua_set_integer(L, "groups", t->groups);
    if (t->few)
        lua_set_string(L, "few", t->few);
    else
        lua_set_bool(L, "few", false);
    lua_set_integer(L, "width", t->width);
    lua_set_integer(L, "columns", n->op->gates * t->units);
    lua_set_integer(L, "timesteps", t->timesteps);
    lua_set_integer(L, "rows", t->rows);
    lua_set_integer(L, "pixels", t->pixels);
    lua_set_bool(L, "exact", !n->op->recurrent && tiles_exact(s));
    int64_t units = expr_eval(n->op->tile_units, &n->scope);
    bool alone = t->count == 1 && t->groups == 1 && !t->few;
    lua_set_integer(L, "used", alone ? units : t->units);
    bool gates = alone && n->op->gates > 1 && !p->options->reproducible;
    lua_set_bool(L, "alone", tiles_alone(p, s));
    lua_set_bool(L, "few_sums", alone && units <= LANES_MOST_FEW);
    int64_t percent = 100 * units / t->units;
    lua_set_bool(L, "products_apart", gates && percent <= TILES_ALONE_PRODUCTS);
    lua_set_bool(L, "gates_apart", gates && percent <= TILES_ALONE_GATES);
    lua_setfield(L, -2, "tiles");
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++)
        if (strcmp(n->op->weights[i].name, "bias") == 0 && n->weight[i].data)
            lua_set_integer(L, "bias_rows",
                            shape_size(&n->weight[i].shape) /
                                (n->op->gates * units));
}

/* each: one value for every timestep, of `slice` elements. */
static void set_place(lua_State *L, const Plan *p, Place place, const Tensor *t,
                      int64_t slice)
{
    static const char *const kinds[] = {"input", "output", "buffer", "state",
                                        "ring"};
    lua_newtable(L);
    lua_set_string(L, "kind", kinds[place.kind]);
    lua_set_integer(L, "index", place.index + 1);
    lua_set_bool(L, "each", p->streams && t && t->time == TIME_EACH);
    lua_set_integer(L, "slice", slice);
}

/* That its function is given. */
static int count_states(const Step *s)
{
    int count = 0;
    if (s->push)
        return s->slots > 1 ? 2 : 1;
    if (s->node && s->node->op->gathers && !step_gathers(s))
        return 0;
    while (s->node && !s->sequence && !s->node->distributed &&
           count < MAX_STATES && s->node->op->state[count].name)
        count++;
    return count;
}

void push_step(lua_State *L, Arena *a, const Plan *p, const Step *s)
{
    static const char *const phases[] = {"once", "each", "last"};
    lua_newtable(L);
    lua_set_string(L, "phase", phases[s->phase]);
    lua_set_integer(L, "rows", s->rows);
    lua_set_integer(L, "times", s->times);
    lua_set_bool(L, "distributed", s->node && s->node->distributed > 0);
    lua_set_integer(L, "size", shape_size(&s->out_shape));
    lua_set_bool(L, "sequence", s->sequence);
    lua_set_bool(L, "few_taps", s->few_taps);
    lua_set_bool(L, "copy", !s->node);
    lua_set_bool(L, "recurrent", s->node && s->node->op->recurrent);
    lua_set_bool(L, "shares", p->batch_some && s->some);
    lua_set_bool(L, "pushed", s->pushed);
    lua_set_integer(L, "timer", s->timer + 1); /* 0: every timestep */
    lua_set_integer(L, "stride", s->clock.stride);
    lua_set_integer(L, "delay", s->clock.delay);
    const Tensor *out = s->node ? s->node->out : p->graph->output[s->out.index];
    set_place(L, p, s->out, out, s->times * shape_size(&s->out_shape));
    lua_setfield(L, -2, "out");
    set_shape(L, "out_shape", &s->out_shape);
    lua_newtable(L);
    for (int i = 0; i < s->inputs; i++) {
        const Shape *slice = s->in_shape ? &s->in_shape[i] : &s->out_shape;
        set_place(L, p, s->in[i], s->node ? s->node->in[i] : out,
                  s->times * shape_size(slice));
        bool given = s->in[i].kind == PLACE_INPUT;
        lua_set_string(
            L, "type",
            c_type(p, given ? p->graph->input[s->in[i].index] : NULL));
        if (s->in_shape)
            set_shape(L, "shape", &s->in_shape[i]);
        lua_append(L);
    }
    lua_setfield(L, -2, "inputs");
    lua_newtable(L);
    for (int i = 0; i < count_states(s); i++) {
        set_place(L, p, s->state[i], NULL, 0);
        lua_append(L);
    }
    lua_setfield(L, -2, "states");
    if (!s->node)
        return;
    lua_set_string(L, "ident", s->push ? s->push : s->node->ident);
    lua_set_string(L, "type", s->node->op->name);
    lua_set_integer(L, "gates", s->node->op->gates);
    lua_set_string(L, "template",
                   s->push ? "push.c.lt" : s->node->op->template);
    if (s->push) {
        lua_set_string(L, "reader", s->node->ident);
        lua_set_integer(L, "slots", s->slots);
        return;
    }
    set_attrs(L, a, p, s->node);
    set_weights(L, a, p, s->node);
    set_states(L, a, p, s->node, &s->tiles);
    set_tiles(L, p, s);
    lua_set_bool(L, "batch_line", batch_is_line(p, s));
    lua_set_bool(L, "batch_near", batch_is_near(p, s));
    lua_set_bool(L, "fours", tiles_in_fours(p, s));
    lua_set_bool(L, "batch_last", batch_is_last(p, s));
    lua_set_integer(L, "apart", s->apart);
    lua_set_bool(L, "called", s->called);
    bool alike = p->options->reproducible;
    lua_set_integer(L, "apart_in_lanes", alike ? s->apart : 0);
}
