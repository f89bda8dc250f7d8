/* report.c -- what the model costs, for people and for scripts.
 *
 * The five headline numbers carry the names that embedded tools and the
 * scripts around them use: params, macc, weights (ro), activations (rw),
 * ram (total). */

#include "rnnc.h"

#include <string.h>

static int64_t macs_of(const Plan *p, const Node *n)
{
    return node_macs(n, p->timesteps);
}

/* Code points, so that columns line up; names are printable()d before. */
static int width_of(const Plan *p)
{
    int width = 5;
    for (const Node *n = p->graph->first; n; n = n->next) {
        int length = (int)strlen(printable(p->graph->arena, n->name));
        width = length > width ? length : width;
    }
    return width;
}

static void text_layers(const Plan *p, Buf *out)
{
    Arena *a = p->graph->arena;
    int width = width_of(p), kinds = 12;
    for (const Node *n = p->graph->first; n; n = n->next) {
        int length = (int)strlen(node_kind(a, n));
        kinds = length > kinds ? length : kinds;
    }
    buf_printf(out, "%-*s  %-*s  %-16s  %10s  %12s  %10s\n", width, "layer",
               kinds, "type", "output", "params", "macc", "bytes");
    for (const Node *n = p->graph->first; n; n = n->next)
        buf_printf(out, "%-*s  %-*s  %-16s  %10lld  %12lld  %10lld\n", width,
                   printable(a, n->name), kinds, node_kind(a, n),
                   shape_text(a, &n->out->shape), (long long)node_params(n),
                   (long long)macs_of(p, n), (long long)plan_stored(p, n));
    buf_printf(out, "%-*s  %-*s  %-16s  %10lld  %12lld  %10lld\n\n", width,
               "total", kinds, "", "", (long long)p->params, (long long)p->macs,
               (long long)p->weight_bytes);
}

static void text_stream(const Plan *p, Buf *out)
{
    if (!p->streams)
        return;
    buf_printf(out, "latency           : %lld timesteps\n",
               (long long)p->latency);
    if (p->receptive_field > 0)
        buf_printf(out, "receptive field   : %lld timesteps\n",
                   (long long)p->receptive_field);
    else
        buf_puts(out, "receptive field   : all timesteps so far\n");
    for (int i = 0; i < p->graph->outputs; i++)
        if (p->output[i].clock.stride > 1)
            buf_printf(out, "%-17s : every %lld timesteps\n",
                       printable(p->graph->arena, p->graph->output[i]->name),
                       (long long)p->output[i].clock.stride);
}

/* How layers with groups of units multiply each of them. */
static void text_groups(const Plan *p, Buf *out)
{
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        if (s->node && !s->push && s->tiles.how)
            buf_printf(out, "groups            : %s: each %s\n",
                       printable(p->graph->arena, s->node->name), s->tiles.how);
    }
}

static void text_pruned(const Plan *p, Buf *out)
{
    Arena *a = p->graph->arena;
    for (int i = 0; i < p->arrays; i++) {
        const Array *array = &p->array[i];
        const char *text = blocks_text(a, array);
        if (text && !array->same)
            buf_printf(out, "pruned            : %s %s: %s\n",
                       printable(a, array->node->name), array->spec->name,
                       text);
    }
}

void report_text(const Plan *p, Buf *out)
{
    const Graph *g = p->graph;
    Arena *a = g->arena;
    buf_printf(out, "model             : %s\n", p->prefix);
    buf_printf(out, "format            : %s\n", g->format);
    buf_printf(out, "sha256            : %s\n", g->sha256);
    buf_printf(out, "type              : %s\n",
               p->options->is_double ? "double" : "float");
    for (int i = 0; i < g->inputs; i++)
        buf_printf(out, "input             : %s %s%s\n",
                   printable(a, g->input[i]->name),
                   shape_text(a, &g->input[i]->shape),
                   g->input[i]->rows ? " int32_t" : "");
    for (int i = 0; i < g->outputs; i++)
        buf_printf(out, "output            : %s %s\n",
                   printable(a, g->output[i]->name),
                   shape_text(a, &g->output[i]->shape));
    buf_printf(out, "code              : %s\n\n", p->why_unroll);
    text_layers(p, out);
    buf_printf(out, "params            : %lld\n", (long long)p->params);
    buf_printf(out, "macc              : %lld%s\n", (long long)p->macs,
               p->any_timesteps ? " per timestep" : "");
    if (p->streams && !p->any_timesteps)
        buf_printf(out, "macc per timestep : %lld\n", (long long)p->macs_step);
    text_stream(p, out);
    if (!p->streams)
        buf_printf(out, "no step()         : %s%s%s\n",
                   g->no_stream_node ? printable(a, g->no_stream_node->name)
                                     : "",
                   g->no_stream_node ? ": " : "", g->no_stream);
    buf_printf(out, "weights (ro)      : %lld bytes\n",
               (long long)p->weight_bytes);
    if (p->options->weights != STORE_F32) {
        buf_printf(out, "weights stored as : %s, %lld bytes saved\n",
                   storage_name(p->options->weights),
                   (long long)(p->wide_bytes - p->weight_bytes));
        buf_printf(out, "error by that     : %s\n", storage_error(a, p));
    }
    text_pruned(p, out);
    text_groups(p, out);
    buf_printf(out, "activations (rw)  : %lld bytes\n",
               (long long)p->activation_bytes);
    buf_printf(out, "state (rw)        : %lld bytes\n",
               (long long)p->state_bytes);
    buf_printf(out, "ram (total)       : %lld bytes\n",
               (long long)(p->activation_bytes + p->state_bytes));
    buf_printf(out, "stack arrays      : %lld bytes\n",
               (long long)p->scratch_bytes);
    if (p->batch_bytes)
        buf_printf(out, "  of predict_batch: %lld bytes, for several samples\n",
                   (long long)p->batch_bytes);
}

/* ---- JSON ---------------------------------------------------------------- */

static void json_shape(Buf *out, const Shape *s)
{
    buf_puts(out, "[");
    for (int i = 0; i < s->rank; i++)
        s->dim[i] == ANY ? buf_printf(out, "%snull", i ? ", " : "")
                         : buf_printf(out, "%s%d", i ? ", " : "", s->dim[i]);
    buf_puts(out, "]");
}

static void json_ports(Buf *out, const char *key, const Port *port, int ports,
                       bool streams)
{
    buf_printf(out, "  \"%s\": [", key);
    for (int i = 0; i < ports; i++) {
        buf_puts(out, i ? ", {\"name\": " : "{\"name\": ");
        json_string(out, port[i].tensor->name);
        buf_puts(out, ", \"shape\": ");
        json_shape(out, &port[i].tensor->shape);
        if (streams && port[i].each)
            buf_printf(out, ", \"stride\": %lld, \"delay\": %lld",
                       (long long)port[i].clock.stride,
                       (long long)port[i].clock.delay);
        buf_printf(out, "%s}",
                   port[i].tensor->rows ? ", \"type\": \"int32_t\"" : "");
    }
    buf_puts(out, "],\n");
}

static void json_pruned(const Plan *p, Buf *out)
{
    const char *comma = "";
    buf_puts(out, "  \"pruned\": [");
    for (int i = 0; i < p->arrays; i++) {
        const Array *array = &p->array[i];
        if (array->pruned.zeros == 0 || array->same)
            continue;
        buf_printf(out, "%s\n    {\"layer\": ", comma);
        json_string(out, array->node->name);
        buf_printf(out,
                   ", \"weight\": \"%s\", \"rows\": %d, \"columns\": %d, "
                   "\"blocks\": %lld, \"zero\": %lld, \"left_out\": %s}",
                   array->spec->name, array->pruned.rows, array->pruned.columns,
                   (long long)array->pruned.all,
                   (long long)array->pruned.zeros,
                   array->pruned.left_out ? "true" : "false");
        comma = ",";
    }
    buf_puts(out, *comma ? "\n  ],\n" : "],\n");
}

static const char *json_stored(const Plan *p)
{
    char error[32] = "null";
    if (p->options->weights == STORE_F32)
        return "";
    if (p->stored_error >= 0)
        snprintf(error, sizeof error, "%.2g", p->stored_error);
    return arena_printf(p->graph->arena,
                        "  \"weights_stored\": \"%s\",\n"
                        "  \"weights_saved\": %lld,\n"
                        "  \"weights_error\": %s,\n",
                        storage_name(p->options->weights),
                        (long long)(p->wide_bytes - p->weight_bytes), error);
}

void report_json(const Plan *p, Buf *out)
{
    const Graph *g = p->graph;
    buf_printf(out, "{\n  \"rnnc\": \"%s\",\n  \"model\": \"%s\",\n",
               RNNC_VERSION, p->prefix);
    buf_printf(out, "  \"format\": \"%s\",\n  \"sha256\": \"%s\",\n", g->format,
               g->sha256);
    buf_printf(out, "  \"type\": \"%s\",\n  \"unrolled\": %s,\n  \"code\": ",
               p->options->is_double ? "double" : "float",
               p->unroll ? "true" : "false");
    json_string(out, p->why_unroll);
    buf_puts(out, ",\n");
    json_ports(out, "inputs", p->input, g->inputs, false);
    json_ports(out, "outputs", p->output, g->outputs, p->streams);
    buf_puts(out, "  \"layers\": [\n");
    for (const Node *n = g->first; n; n = n->next) {
        buf_puts(out, "    {\"name\": ");
        json_string(out, n->name);
        buf_printf(out, ", \"type\": \"%s\", \"shape\": ",
                   node_kind(g->arena, n));
        json_shape(out, &n->out->shape);
        buf_printf(out, ", \"params\": %lld, \"macc\": %lld}%s\n",
                   (long long)node_params(n), (long long)macs_of(p, n),
                   n->next ? "," : "");
    }
    buf_puts(out, "  ],\n");
    json_pruned(p, out);
    buf_printf(out, "  \"streams\": %s,\n",
               p->streams ? "true" : "false");
    if (p->streams)
        buf_printf(out, "  \"latency\": %lld,\n  \"receptive_field\": ",
                   (long long)p->latency);
    if (p->streams && p->receptive_field > 0)
        buf_printf(out, "%lld,\n", (long long)p->receptive_field);
    else if (p->streams)
        buf_puts(out, "null,\n");
    buf_printf(out,
               "  \"params\": %lld,\n  \"macc\": %lld,\n"
               "  \"macc_per_timestep\": %lld,\n  \"weights_ro\": %lld,\n"
               "%s  \"activations_rw\": %lld,\n  \"state_rw\": %lld,\n"
               "  \"ram_total\": %lld,\n  \"stack_arrays\": %lld,\n"
               "  \"stack_arrays_batch\": %lld\n}\n",
               (long long)p->params, (long long)p->macs,
               (long long)(p->streams ? p->macs_step : 0),
               (long long)p->weight_bytes, json_stored(p),
               (long long)p->activation_bytes, (long long)p->state_bytes,
               (long long)(p->activation_bytes + p->state_bytes),
               (long long)p->scratch_bytes,
               (long long)(p->batch_bytes ? p->batch_bytes
                                          : p->scratch_bytes));
}
