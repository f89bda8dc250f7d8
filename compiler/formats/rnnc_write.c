/* formats/rnnc_write.c -- any model as rnnc v1, without loss.
 *
 * The mirror of rnnc_v1.c: generic over the op rows, defaults written out.
 * Float32 weights become nested arrays of the shortest decimals that read
 * back exactly, float64 ones base64, which is exact as well. */

#include "../rnnc.h"

#include <math.h>

#include <string.h>

static void write_shape(Buf *out, const Shape *s)
{
    buf_puts(out, "[");
    for (int i = 0; i < s->rank; i++)
        s->dim[i] == ANY ? buf_printf(out, "%snull", i ? ", " : "")
                         : buf_printf(out, "%s%d", i ? ", " : "", s->dim[i]);
    buf_puts(out, "]");
}

static void write_base64(Buf *out, const Shape *shape, const double *data)
{
    size_t count = (size_t)shape_size(shape);
    Buf bytes = {0};
    for (size_t i = 0; i < count; i++) {
        uint64_t bits;
        char little[8];
        memcpy(&bits, &data[i], sizeof bits);
        for (int k = 0; k < 8; k++)
            little[k] = (char)(bits >> 8 * k & 255);
        buf_add(&bytes, little, 8);
    }
    buf_puts(out, "{\"shape\": ");
    write_shape(out, shape);
    buf_puts(out, ", \"dtype\": \"float64\", \"base64\": \"");
    base64_encode(out, bytes.data, bytes.size);
    buf_puts(out, "\"}");
    buf_free(&bytes);
}

static void write_activation(Buf *out, const Activation *a)
{
    const ActivationRow *row = a->row;
    if (!row->key && !row->param) {
        json_string(out, row->name);
        return;
    }
    buf_puts(out, "{\"type\": ");
    json_string(out, row->name);
    if (row->param) {
        char number[32];
        number_double(number, a->param);
        buf_printf(out, ", \"%s\": %s", row->param, number);
    }
    if (row->param2) {
        char number[32];
        number_double(number, a->param2);
        buf_printf(out, ", \"%s\": %s", row->param2, number);
    }
    if (row->key) {
        bool literal =
            strcmp(row->value, "true") == 0 || strcmp(row->value, "false") == 0;
        buf_printf(out, literal ? ", \"%s\": %s" : ", \"%s\": \"%s\"", row->key,
                   row->value);
    }
    buf_puts(out, "}");
}

/* Not a shape: 0 is 0. */
static void write_list(Buf *out, const Shape *list)
{
    for (int i = 0; i < list->rank; i++)
        buf_printf(out, "%s%d", i ? ", " : "[", list->dim[i]);
    buf_puts(out, "]");
}

static void write_attr(Buf *out, const AttrSpec *spec, const Attr *attr)
{
    char number[32];
    buf_printf(out, ", \"%s\": ", spec->name);
    switch (spec->type) {
    case ATTR_INT:
        buf_printf(out, "%d", (int)attr->number);
        break;
    case ATTR_BOOL:
        buf_puts(out, attr->number != 0 ? "true" : "false");
        break;
    case ATTR_ACTIVATION:
        write_activation(out, &attr->activation);
        break;
    case ATTR_LIST:
        if (attr->shape.rank == 0) {
            buf_puts(out, "null");
            break;
        }
        write_list(out, &attr->shape);
        break;
    case ATTR_SHAPE:
        write_shape(out, &attr->shape);
        break;
    case ATTR_CHOICE:
        json_string(out, spec->choices[(int)attr->number]);
        break;
    case ATTR_RATE:
    case ATTR_NUMBER:
        if (isnan(attr->number)) {
            buf_puts(out, "null");
            break;
        }
        number_double(number, attr->number);
        buf_puts(out, number);
        break;
    }
}

static void write_weights(Buf *out, const Node *n)
{
    const char *separator = "";
    if (!n->op->weights[0].name)
        return;
    buf_puts(out, ",\n     \"weights\": {");
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++) {
        const Weight *w = &n->weight[i];
        if (!w->data || n->op->weights[i].role == WEIGHT_DERIVED)
            continue;
        buf_printf(out, "%s\"%s\": ", separator, w->name);
        if (w->wide)
            write_base64(out, &w->shape, w->data);
        else
            json_tensor(out, &w->shape, w->data, true);
        separator = ",\n                 ";
    }
    buf_puts(out, "}");
}

static void write_layer(Buf *out, const Node *n)
{
    buf_printf(out, "    {\"type\": \"%s\", \"name\": ",
               n->depth > 0 ? "TimeDistributed" : n->op->name);
    json_string(out, n->name);
    buf_puts(out, ", \"inputs\": [");
    for (int i = 0; i < n->inputs; i++) {
        buf_puts(out, i ? ", " : "");
        json_string(out, n->in[i]->name);
    }
    buf_puts(out, "]");
    for (int i = 0; i < n->depth; i++)
        buf_printf(out, ",\n     \"layer\": {\"type\": \"%s\"",
                   i + 1 < n->depth ? "TimeDistributed" : n->op->name);
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++)
        if (!n->op->attrs[i].derived)
            write_attr(out, &n->op->attrs[i], &n->attr[i]);
    write_weights(out, n);
    for (int i = 0; i < n->depth; i++)
        buf_puts(out, "}");
    buf_puts(out, n->next ? "},\n" : "}\n");
}

static void write_values(Buf *out, const char *key, Tensor *const *port,
                         int ports, double *const *values, const Shape *shape)
{
    buf_printf(out, "\"%s\": {", key);
    for (int i = 0; i < ports; i++) {
        buf_puts(out, i ? ", " : "");
        json_string(out, port[i]->name);
        buf_puts(out, ": ");
        json_tensor(out, &shape[i], values[i], false);
    }
    buf_puts(out, "}");
}

static void write_samples(const Graph *g, Buf *out)
{
    for (int i = 0; i < g->samples; i++) {
        const Sample *s = &g->sample[i];
        char atol[32], rtol[32];
        number_double(atol, s->atol);
        number_double(rtol, s->rtol);
        buf_puts(out, i ? ",\n    {" : ",\n  \"samples\": [\n    {");
        write_values(out, "inputs", g->input, g->inputs, s->input,
                     s->input_shape);
        buf_puts(out, ",\n     ");
        write_values(out, "outputs", g->output, g->outputs, s->output,
                     s->output_shape);
        buf_printf(out, ", \"atol\": %s, \"rtol\": %s", atol, rtol);
        if (s->note) {
            buf_puts(out, ", \"note\": ");
            json_string(out, s->note);
        }
        buf_puts(out, "}");
    }
    buf_puts(out, g->samples ? "\n  ]" : "");
}

void graph_write_json(const Graph *g, Buf *out)
{
    buf_puts(out, "{\"format\": \"rnnc\", \"version\": 1,");
    if (g->name) {
        buf_puts(out, " \"name\": ");
        json_string(out, g->name);
        buf_puts(out, ",");
    }
    buf_puts(out, "\n  \"inputs\": [");
    for (int i = 0; i < g->inputs; i++) {
        buf_puts(out, i ? ", {\"name\": " : "{\"name\": ");
        json_string(out, g->input[i]->name);
        buf_puts(out, ", \"shape\": ");
        write_shape(out, &g->input[i]->shape);
        buf_puts(out, "}");
    }
    buf_puts(out, "],\n  \"layers\": [\n");
    for (const Node *n = g->first; n; n = n->next)
        write_layer(out, n);
    buf_puts(out, "  ],\n  \"outputs\": [");
    for (int i = 0; i < g->outputs; i++) {
        buf_puts(out, i ? ", " : "");
        json_string(out, g->output[i]->name);
    }
    buf_puts(out, "]");
    write_samples(g, out);
    buf_puts(out, "\n}\n");
}
