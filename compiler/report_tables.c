/* report_tables.c -- what pictures and reports know beyond the Plan's tables.
 *
 * Here a model's own names reach a template, for people to read, and only here:
 * as text that is escaped for HTML and SVG already, so that no template can
 * forget to. Lengths and logarithms arrive as integers, numbers as text. */

#include "lua_bridge.h"

#include <math.h>
#include <string.h>

enum { SHORT_NAME = 28 };

/* ---- Text ---------------------------------------------------------------- */

/* Code points that are no XML, or that turn the direction of what follows. */
static bool unwelcome(const char *at)
{
    const unsigned char *c = (const unsigned char *)at;
    if (*c < ' ' || *c == 0x7F)
        return true;
    if (c[0] == 0xC2 && c[1] < 0xA0) /* C1 controls */
        return true;
    if (c[0] == 0xE2 && c[1] == 0x80) /* U+2028..202E */
        return c[2] >= 0xA8 && c[2] <= 0xAE;
    if (c[0] == 0xE2 && c[1] == 0x81) /* U+2066..2069 */
        return c[2] >= 0xA6 && c[2] <= 0xA9;
    return c[0] == 0xEF && c[1] == 0xBF && c[2] >= 0xBE; /* U+FFFE, FFFF */
}

static int sequence_length(const char *at)
{
    int length = 1;
    while (((unsigned char)at[length] & 0xC0) == 0x80)
        length++;
    return length;
}

/* For text and for attributes in quotes. At most `most` columns are kept. */
static const char *escaped(Arena *a, const char *text, int most)
{
    static const struct {
        char c;
        const char *entity;
    } entity[] = {{'&', "&amp;"},
                  {'<', "&lt;"},
                  {'>', "&gt;"},
                  {'"', "&quot;"},
                  {'\'', "&#39;"}};
    bool cut = text_columns(text) > most;
    Buf out = {0};
    buf_puts(&out, "");
    for (int column = 0; *text && !(cut && column >= most - 1); column++) {
        int length = sequence_length(text);
        const char *as = unwelcome(text) ? "\xEF\xBF\xBD" : NULL;
        for (size_t i = 0; !as && i < sizeof entity / sizeof *entity; i++)
            if (*text == entity[i].c)
                as = entity[i].entity;
        as ? buf_puts(&out, as) : buf_add(&out, text, (size_t)length);
        text += length;
    }
    if (cut)
        buf_puts(&out, "\xE2\x80\xA6"); /* an ellipsis */
    const char *kept = arena_strndup(a, out.data ? out.data : "", out.size);
    buf_free(&out);
    return kept;
}

static void set_name(lua_State *L, Arena *a, const char *name)
{
    lua_set_string(L, "name", escaped(a, name, INT32_MAX));
    lua_set_string(L, "short", escaped(a, name, SHORT_NAME));
}

static void set_number(lua_State *L, Arena *a, const char *key, double value)
{
    lua_set_string(L, key, arena_printf(a, "%.3g", value));
}

/* Hundredths of decades, down to `least`, which stands for 0, too. */
static int64_t decades(double value, int64_t least)
{
    if (value >= 1e18)
        return 1800;
    double log = value > 0 ? floor(100 * log10(value)) : (double)least;
    return log > (double)least ? (int64_t)log : least;
}

/* ---- The graph ----------------------------------------------------------- */

/* What layers of a kind have in common is their color. */
static const char *family(const Node *n)
{
    if (n->op->recurrent)
        return "recurrent";
    if (n->op->alias)
        return "view";
    if (node_params(n) > 0)
        return "weights";
    return n->inputs > 1 ? "merge" : "plain";
}

static void set_box(lua_State *L, Arena *a, const Box *b)
{
    static const char *const kinds[] = {"input", "layer", "output", "bend"};
    const Node *n = b->kind == BOX_LAYER ? b->tensor->from : NULL;
    lua_set_string(L, "kind", kinds[b->kind]);
    lua_set_integer(L, "x", b->x);
    lua_set_integer(L, "y", b->y);
    lua_set_integer(L, "width", b->width);
    lua_set_integer(L, "height", b->height);
    set_name(L, a, b->tensor->name);
    lua_set_string(L, "type", n ? n->op->name : kinds[b->kind]);
    lua_set_string(L, "shape", shape_text(a, &b->tensor->shape));
    lua_set_string(L, "family", n ? family(n) : "port");
    lua_set_integer(L, "params", n ? node_params(n) : 0);
}

/* model.graph: boxes with places, links between them. */
void push_graph(lua_State *L, Arena *a, const Graph *g)
{
    const Layout *l = layout_make(a, g);
    lua_newtable(L);
    lua_set_integer(L, "width", l->width);
    lua_set_integer(L, "height", l->height);
    lua_newtable(L);
    for (int i = 0; i < l->boxes; i++) {
        lua_newtable(L);
        set_box(L, a, &l->box[i]);
        lua_append(L);
    }
    lua_setfield(L, -2, "boxes");
    lua_newtable(L);
    for (int i = 0; i < l->links; i++) {
        lua_newtable(L);
        lua_set_integer(L, "from", l->link[i].from + 1);
        lua_set_integer(L, "to", l->link[i].to + 1);
        lua_append(L);
    }
    lua_setfield(L, -2, "links");
}

/* ---- The report ---------------------------------------------------------- */

static void set_histogram(lua_State *L, Arena *a, const Node *n)
{
    Histogram h;
    if (!weight_histogram(n, &h)) {
        lua_set_bool(L, "weights", false);
        return;
    }
    int64_t most = 1;
    for (int i = 0; i < BINS; i++)
        most = h.count[i] > most ? h.count[i] : most;
    lua_newtable(L);
    lua_set_integer(L, "values", h.values);
    lua_set_integer(L, "zeros", h.zeros);
    set_number(L, a, "min", h.min);
    set_number(L, a, "max", h.max);
    set_number(L, a, "mean", h.mean);
    set_number(L, a, "deviation", h.deviation);
    lua_newtable(L); /* per mille of the highest, rounded up */
    for (int i = 0; i < BINS; i++) {
        lua_pushinteger(L, (h.count[i] * 1000 + most - 1) / most);
        lua_seti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "bins");
    lua_setfield(L, -2, "weights");
}

static void set_layers(lua_State *L, Arena *a, const Plan *p)
{
    lua_newtable(L);
    for (const Node *n = p->graph->first; n; n = n->next) {
        lua_newtable(L);
        set_name(L, a, n->name);
        lua_set_string(L, "type", n->op->name);
        lua_set_string(L, "family", family(n));
        lua_set_string(L, "shape", shape_text(a, &n->out->shape));
        lua_set_integer(L, "params", node_params(n));
        lua_set_integer(L, "macs", node_macs(n, p->timesteps));
        lua_set_integer(L, "bytes", plan_stored(p, n));
        set_histogram(L, a, n);
        lua_append(L);
    }
    lua_setfield(L, -2, "layers");
}

static void set_memory(lua_State *L, Arena *a, const Plan *p)
{
    static const char *const kinds[] = {"state", "buffer", "local"};
    int lives;
    const Life *life = plan_lives(a, p, &lives);
    lua_newtable(L);
    for (int i = 0; i < lives; i++) {
        lua_newtable(L);
        set_name(L, a, life[i].name);
        lua_set_string(L, "kind", kinds[life[i].kind]);
        lua_set_integer(L, "from", life[i].from);
        lua_set_integer(L, "to", life[i].to);
        lua_set_integer(L, "offset", life[i].offset);
        lua_set_integer(L, "size", life[i].size);
        lua_append(L);
    }
    lua_setfield(L, -2, "lives");
    lua_newtable(L);
    for (int i = 0; i < p->steps; i++) {
        static const char *const phases[] = {"once", "each", "last"};
        const Node *n = p->step[i].node;
        lua_newtable(L);
        set_name(L, a, n ? n->name : "copy");
        lua_set_string(L, "phase", phases[p->step[i].phase]);
        lua_append(L);
    }
    lua_setfield(L, -2, "calls");
    lua_set_integer(L, "budget_flash", p->options->budget_flash);
    lua_set_integer(L, "budget_ram", p->options->budget_ram);
    lua_set_integer(L, "budget_stack", p->options->budget_stack);
    lua_set_integer(L, "activation_bytes", p->activation_bytes);
}

enum {
    LEAST_DECADE = -1700
}; /* 1e-17: below any rounding of a double near 1 */

static void set_misses(lua_State *L, Arena *a, const Graph *g)
{
    Miss miss[MISSES];
    int misses = sample_misses(g, miss);
    double exact = 0, rounded = 0, share = 0;
    lua_newtable(L);
    for (int i = 0; i < misses; i++) {
        exact = fmax(exact, miss[i].exact);
        rounded = fmax(rounded, miss[i].rounded);
        share = fmax(share, miss[i].rounded / miss[i].tolerance);
        lua_newtable(L);
        lua_set_integer(L, "sample", miss[i].sample + 1);
        lua_set_integer(L, "exact", decades(miss[i].exact, LEAST_DECADE));
        lua_set_integer(L, "rounded", decades(miss[i].rounded, LEAST_DECADE));
        lua_set_integer(L, "tolerance",
                        decades(miss[i].tolerance, LEAST_DECADE));
        lua_append(L);
    }
    lua_setfield(L, -2, "misses");
    lua_set_string(L, "worst_exact", arena_printf(a, "%.2g", exact));
    lua_set_string(L, "worst_rounded", arena_printf(a, "%.2g", rounded));
    lua_set_string(L, "worst_share", arena_printf(a, "%.2g", share));
    lua_newtable(L);
    for (int i = 0; i < g->samples; i++) {
        const char *note = g->sample[i].note;
        lua_newtable(L);
        lua_set_string(L, "note", note ? escaped(a, note, INT32_MAX) : "");
        lua_append(L);
    }
    lua_setfield(L, -2, "samples");
}

/* model.report: layers, memory, budgets, golden vectors. */
void push_report(lua_State *L, Arena *a, const Plan *p)
{
    const Graph *g = p->graph;
    lua_newtable(L);
    lua_set_string(L, "title",
                   escaped(a, g->name ? g->name : p->prefix, INT32_MAX));
    lua_set_string(L, "code", p->why_unroll);
    lua_set_string(L, "why_not", g->no_stream ? g->no_stream : "");
    lua_set_string(L, "why_not_layer",
                   g->no_stream_node
                       ? escaped(a, g->no_stream_node->name, INT32_MAX)
                       : "");
    set_layers(L, a, p);
    set_memory(L, a, p);
    set_misses(L, a, g);
}
