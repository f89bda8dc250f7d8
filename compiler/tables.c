/* tables.c -- the Plan as Lua tables, which is all that templates know.
 *
 * Generic over the op rows: attributes, weights and states appear under the
 * names the rows give them. Numbers that are not integers arrive as text,
 * spelled for the type, so that no template formats a float. Of the strings
 * of a model only identifiers get here. */

#include "lua_bridge.h"
#include "tuning.h"

#include <math.h>
#include <string.h>

/* any: what a dimension ANY is called. */
static const char *brackets(Arena *a, const Shape *s, const char *any)
{
    char *text = arena_printf(a, "%s", "");
    for (int i = 0; i < s->rank; i++)
        text = s->dim[i] == ANY ? arena_printf(a, "%s[%s]", text, any)
                                : arena_printf(a, "%s[%d]", text, s->dim[i]);
    return *text ? text : "[1]";
}

/* How many rows of an output any number of timesteps brings, in C. */
static const char *rows_text(Arena *a, const Clock *c)
{
    long long first = c->delay, stride = c->stride;
    if (stride == 1 && first == 0)
        return "timesteps";
    if (stride == 1)
        return arena_printf(a, "(timesteps > %lld ? timesteps - %lld : 0)",
                            first, first);
    return arena_printf(
        a, "(timesteps > %lld ? (timesteps - %lld) / %lld + 1 : 0)", first,
        first + 1, stride);
}

/* ---- The model ----------------------------------------------------------- */

static void set_ports(lua_State *L, Arena *a, const Plan *p, const char *key,
                      const Port *port, int ports)
{
    lua_newtable(L);
    for (int i = 0; i < ports; i++) {
        const Tensor *t = port[i].tensor;
        static const Clock always = {.stride = 1};
        bool counted = port[i].each && !clock_equal(&port[i].clock, &always);
        Shape slice = port[i].each ? shape_tail(&t->shape) : t->shape;
        lua_newtable(L);
        lua_set_string(L, "type", c_type(p, t));
        lua_set_string(L, "ident", port[i].ident);
        lua_set_bool(L, "each", port[i].each);
        lua_set_integer(L, "slice", port[i].slice);
        lua_set_integer(L, "size", shape_size(&t->shape));
        lua_set_integer(L, "stride", port[i].clock.stride);
        lua_set_integer(L, "delay", port[i].clock.delay);
        lua_set_string(L, "held",
                       port[i].held < 0 ? "" : p->state[port[i].held].ident);
        lua_set_string(L, "shape",
                       brackets(a, &t->shape, counted ? "rows" : "timesteps"));
        lua_set_string(L, "rows", rows_text(a, &port[i].clock));
        lua_set_string(L, "slice_shape", brackets(a, &slice, ""));
        lua_append(L);
    }
    lua_setfield(L, -2, key);
}

static bool has_integers(const Graph *g)
{
    for (int i = 0; i < g->inputs; i++)
        if (g->input[i]->rows)
            return true;
    return false;
}

static void set_table(lua_State *L, Arena *a, const Plan *p)
{
    lua_newtable(L);
    for (const Node *n = p->graph->first; n; n = n->next) {
        lua_newtable(L);
        lua_set_string(L, "ident", n->ident);
        lua_set_string(L, "type", node_kind(a, n));
        lua_set_string(L, "shape", shape_text(a, &n->out->shape));
        lua_set_integer(L, "params", node_params(n));
        lua_append(L);
    }
    lua_setfield(L, -2, "layers");
}

static void set_storage(lua_State *L, Arena *a, const Plan *p)
{
    lua_newtable(L);
    for (int i = 0; i < p->states; i++) {
        lua_newtable(L);
        const StateSlot *s = &p->state[i];
        lua_set_string(L, "ident", s->ident);
        lua_set_string(L, "layer", s->node ? s->node->ident : "the model");
        lua_set_bool(L, "held", s->held);
        lua_set_string(L, "what", s->what);
        lua_set_integer(L, "size", s->size);
        lua_set_integer(L, "used", s->used);
        lua_set_bool(L, "aligned", s->aligned);
        lua_set_bool(L, "position", s->position);
        set_initial(L, a, p, s->node, s->initial);
        lua_append(L);
    }
    lua_setfield(L, -2, "states");
    lua_newtable(L);
    for (int i = 0; i < p->rings; i++) {
        const Ring *r = &p->ring[i];
        lua_newtable(L);
        lua_set_string(L, "past", p->state[r->past].ident);
        lua_set_string(L, "at", r->at < 0 ? "" : p->state[r->at].ident);
        lua_set_integer(L, "slice", r->slice);
        lua_append(L);
    }
    lua_setfield(L, -2, "rings");
    lua_newtable(L);
    for (int i = 0; i < p->clocks; i++) {
        lua_newtable(L);
        lua_set_integer(L, "stride", p->clock[i].stride);
        lua_set_integer(L, "delay", p->clock[i].delay);
        lua_append(L);
    }
    lua_setfield(L, -2, "clocks");
    lua_newtable(L);
    for (int i = 0; i < p->buffers; i++) {
        lua_newtable(L);
        lua_set_string(L, "name", arena_printf(a, "b%d", i));
        lua_set_string(L, "holds", p->buffer[i].holds);
        lua_set_integer(L, "size", p->buffer[i].size);
        lua_set_integer(L, "step_size", p->buffer[i].step_size);
        lua_append(L);
    }
    lua_setfield(L, -2, "buffers");
}

/* Golden vectors as text: inputs in the model's type, outputs in double. */
static void set_values(lua_State *L, Arena *a, const Plan *p, const char *key,
                       double *const *values, const Shape *shape, int count,
                       bool is_input)
{
    lua_newtable(L);
    for (int i = 0; i < count; i++) {
        int64_t size = shape_size(&shape[i]);
        Buf text = {0};
        size_t column = 0;
        for (int64_t k = 0; k < size; k++) {
            char number[32];
            const char *spelled = number;
            if (is_input && p->graph->input[i]->rows)
                spelled = arena_printf(a, "%d", (int)values[i][k]);
            else if (is_input)
                spelled = lua_literal(a, p, values[i][k]);
            else
                number_double(number, values[i][k]);
            size_t length = strlen(spelled) + 2;
            bool wrap = column + length > 74;
            buf_printf(&text, "%s%s%s",
                       k == 0 ? ""
                       : wrap ? ",\n"
                              : ", ",
                       "", spelled);
            column = wrap ? length : column + length;
        }
        lua_newtable(L);
        lua_set_string(L, "text", text.data);
        lua_set_integer(L, "size", size);
        lua_set_bool(L, "large", size > TEXT_MOST_SELFTEST);
        buf_free(&text);
        lua_append(L);
    }
    lua_setfield(L, -2, key);
}

static void set_samples(lua_State *L, Arena *a, const Plan *p)
{
    const Graph *g = p->graph;
    char number[32];
    lua_newtable(L);
    for (int i = 0; i < g->samples; i++) {
        const Sample *s = &g->sample[i];
        lua_newtable(L);
        lua_set_integer(L, "timesteps", s->timesteps < 0 ? 0 : s->timesteps);
        for (int k = 0; k < g->inputs; k++)
            if (g->input[k]->time == TIME_EACH)
                lua_set_integer(L, "timesteps", s->input_shape[k].dim[0]);
        number_double(number, s->atol);
        lua_set_string(L, "atol", number);
        number_double(number, s->rtol);
        lua_set_string(L, "rtol", number);
        set_values(L, a, p, "inputs", s->input, s->input_shape, g->inputs,
                   true);
        set_values(L, a, p, "outputs", s->output, s->output_shape, g->outputs,
                   false);
        lua_append(L);
    }
    lua_setfield(L, -2, "samples");
    lua_set_bool(L, "own_samples", g->samples && !g->sample[0].output_at);
}

/* The options that shaped the file, as one would type them. */
static const char *options_text(Arena *a, const Plan *p)
{
    static const char *const unroll[] = {"auto", "full", "none"};
    static const char *const math[] = {"default", "fast", "accurate", "exact",
                                       "libm"};
    static const char *const bits[] = {"", " --reproducible",
                                       " --reproducible=fma"};
    const Options *o = p->options;
    const char *weights =
        o->weights == STORE_F32
            ? ""
            : arena_printf(a, " --weights %s", storage_name(o->weights));
    return arena_printf(a, "--name %s --type %s --unroll %s --math %s%s%s",
                        p->prefix, o->is_double ? "double" : "float",
                        unroll[o->unroll], math[o->math],
                        bits[o->reproducible], weights);
}

/* stored = false, or what --weights saves and costs. */
static void set_stored(lua_State *L, Arena *a, const Plan *p)
{
    if (p->options->weights == STORE_F32) {
        lua_set_bool(L, "stored", false);
        return;
    }
    lua_newtable(L);
    lua_set_string(L, "name", storage_name(p->options->weights));
    lua_set_integer(L, "wide_bytes", p->wide_bytes);
    lua_set_string(L, "error", storage_error(a, p));
    lua_setfield(L, -2, "stored");
}

/* pruned = {"m_lstm_kernel: 3 of 4 blocks...", ...}; left_out: some of them */
static void set_pruned(lua_State *L, Arena *a, const Plan *p)
{
    bool left_out = false;
    lua_newtable(L);
    for (int i = 0; i < p->arrays; i++) {
        const Array *array = &p->array[i];
        left_out |= array->pruned.left_out;
        const char *text = blocks_text(a, array);
        if (!text || array->same)
            continue;
        text = arena_printf(a, "%s_%s: %s", array->node->ident,
                            array->spec->name, text);
        lua_pushstring(L, text);
        lua_append(L);
    }
    lua_setfield(L, -2, "pruned");
    lua_set_bool(L, "left_out", left_out);
}

void push_plan(lua_State *L, Arena *a, const Plan *p)
{
    const Graph *g = p->graph;
    lua_newtable(L);
    lua_set_string(L, "version", RNNC_VERSION);
    lua_set_string(L, "prefix", p->prefix);
    lua_set_string(L, "upper", p->upper);
    lua_set_string(L, "real", c_type(p, NULL));
    lua_set_string(L, "scalar", p->options->is_double ? "double" : "float");
    lua_set_string(L, "zero", p->options->is_double ? "0.0" : "0.0f");
    lua_set_string(L, "one", p->options->is_double ? "1.0" : "1.0f");
    lua_set_string(L, "format", g->format);
    lua_set_string(L, "sha256", g->sha256);
    lua_set_string(L, "options", options_text(a, p));
    lua_set_bool(L, "libm", p->options->math == MATH_LIBM);
    lua_set_bool(L, "reproducible", p->options->reproducible);
    lua_set_bool(L, "fused", p->options->reproducible == BITS_FUSED);
    lua_set_bool(L, "lines_alike", p->lines_alike);
    lua_set_bool(L, "streams", p->streams);
    lua_set_bool(L, "unroll", p->unroll);
    lua_set_bool(L, "exp_lanes",
                 activation_in_lanes(p, activation_find("exponential")));
    lua_set_bool(L, "any_timesteps", p->any_timesteps);
    lua_set_bool(L, "string_weights", p->string_weights);
    lua_set_string(L, "why_not", g->no_stream ? g->no_stream : "");
    lua_set_string(L, "why_not_layer",
                   g->no_stream_node ? g->no_stream_node->ident : "");
    lua_set_integer(L, "timesteps", p->timesteps);
    lua_set_integer(L, "latency", p->latency);
    lua_set_integer(L, "receptive_field", p->receptive_field);
    lua_set_integer(L, "chunk", p->chunk);
    lua_set_bool(L, "processes_at_once", p->processes_at_once);
    lua_set_bool(L, "samples_in_lanes", p->samples_in_lanes);
    lua_set_bool(L, "batch_loops", p->batch_loops);
    lua_set_bool(L, "batch_apart", p->batch_apart);
    lua_set_bool(L, "batch_spelled", p->batch_spelled);
    lua_set_bool(L, "batch_whole", p->batch_whole);
    lua_set_integer(L, "batch_rows", p->batch_rows);
    lua_set_integer(L, "batch_sums", SPELLED_SUMS);
    lua_set_bool(L, "batch_turns", p->batch_turns);
    lua_set_integer(L, "batch_some", p->batch_some);
    lua_set_bool(L, "batch_fills_64", p->batch_fills_64);
    lua_set_bool(L, "batch_fills_32", p->batch_fills_32);
    lua_set_integer(L, "batch_fewest", SHARED_LEAST);
    lua_set_integer(L, "batch_multiple", p->batch_multiple);
    lua_set_bool(L, "batch_alike", p->batch_alike);
    if (p->batch_some)
        lua_set_string(L, "batch_four", p->batch_four);
    lua_set_integer(L, "batch_values", p->batch_values);
    lua_set_integer(L, "batch_bytes", p->batch_bytes);
    lua_set_integer(L, "batch_most", p->batch_most);
    lua_set_integer(L, "batch_least", p->batch_least);
    lua_set_string(L, "fewest_samples", p->fewest_samples);
    lua_set_integer(L, "params", p->params);
    lua_set_integer(L, "macs", p->macs);
    lua_set_integer(L, "macs_step", p->macs_step);
    lua_set_integer(L, "weight_bytes", p->weight_bytes);
    lua_set_integer(L, "state_bytes", p->state_bytes);
    lua_set_integer(L, "scratch_bytes", p->scratch_bytes);
    set_stored(L, a, p);
    set_pruned(L, a, p);
    set_ports(L, a, p, "inputs", p->input, g->inputs);
    lua_set_bool(L, "integers", has_integers(g));
    set_ports(L, a, p, "outputs", p->output, g->outputs);
    set_table(L, a, p);
    set_storage(L, a, p);
    set_samples(L, a, p);
    lua_newtable(L);
    for (int i = 0; i < p->steps; i++) {
        push_step(L, a, p, &p->step[i]);
        lua_append(L);
    }
    lua_setfield(L, -2, "steps");
}
