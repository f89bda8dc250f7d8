/* formats/torch.c -- see torch.h. */

#include "torch.h"

#include <string.h>

static const TorchCell cells[] = {
    {"LSTM", "LSTM", 4, {0, 1, 2, 3}},
    {"GRU", "GRU", 3, {1, 0, 2}},
    {"RNN", "SimpleRNN", 1, {0}},
};

const TorchCell *torch_cell(const char *kind)
{
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        if (strcmp(cells[i].kind, kind) == 0)
            return &cells[i];
    return NULL;
}

static bool read(Build *b, const TorchKeys *keys, const char *name, Shape shape,
                 Values *out)
{
    const char *key =
        arena_printf(b->g->arena, "%s%s%s", keys->prefix, name, keys->suffix);
    At at = at_key(keys->dict, key);
    return build_read(b, &at, key, shape, out);
}

/* [gates units, n] -> [n, gates units], gates in the row's order. */
static Values turn(Build *b, Values v, const TorchCell *cell)
{
    int units = v.shape.dim[0] / cell->gates;
    return values_gates(b->g->arena, values_transpose(b->g->arena, v), units,
                        cell->order, cell->gates);
}

/* A GRU's biases act on both sides of the reset gate, others' on the sum. */
static Values join_biases(Build *b, const Values bias[2], const TorchCell *cell)
{
    Arena *a = b->g->arena;
    int units = bias[0].shape.dim[0] / cell->gates;
    Values first = values_gates(a, bias[0], units, cell->order, cell->gates);
    Values second = values_gates(a, bias[1], units, cell->order, cell->gates);
    return strcmp(cell->op, "GRU") == 0 ? values_stack(a, first, second)
                                        : values_add(a, first, second);
}

void torch_weigh(Build *b, Node *n, const TorchCell *cell, const At *at,
                 Values kernel, Values recurrent, const Values bias[2])
{
    build_weight(b, n, "kernel", at, turn(b, kernel, cell));
    build_weight(b, n, "recurrent_kernel", at, turn(b, recurrent, cell));
    if (bias)
        build_weight(b, n, "bias", at, join_biases(b, bias, cell));
}

/* "rec.l0" of "rec." and "_l0", "lin" of "lin." and "". */
static const char *layer_name(Build *b, const TorchKeys *keys)
{
    size_t length = strlen(keys->prefix);
    if (*keys->suffix)
        return arena_printf(b->g->arena, "%s%s", keys->prefix,
                            keys->suffix + (*keys->suffix == '_'));
    return arena_strndup(b->g->arena, keys->prefix, length - (length > 0));
}

/* weight_hh [rows, h], where projected times weight_hr [h, units]. */
static bool read_recurrent(Build *b, const TorchKeys *keys, int rows, int units,
                           int h, Values *out)
{
    Values projection;
    bool ok = read(b, keys, "weight_hh", shape2(rows, h), out);
    if (h == units)
        return ok;
    ok &= read(b, keys, "weight_hr", shape2(h, units), &projection);
    if (ok)
        *out = values_product(b->g->arena, *out, projection);
    return ok;
}

Node *torch_rnn(Build *b, const TorchKeys *keys, const TorchCell *cell,
                int features, int units, int h, bool bias)
{
    int rows = cell->gates * units;
    Values kernel, recurrent, biases[2];
    bool ok = read(b, keys, "weight_ih", shape2(rows, features), &kernel);
    ok &= read_recurrent(b, keys, rows, units, h, &recurrent);
    if (bias) {
        ok &= read(b, keys, "bias_ih", shape1(rows), &biases[0]);
        ok &= read(b, keys, "bias_hh", shape1(rows), &biases[1]);
    }
    if (!ok)
        return NULL;
    Node *n = build_layer(b, cell->op, layer_name(b, keys), keys->dict);
    build_int(n, "units", units);
    build_bool(n, "return_sequences", true);
    build_bool(n, "use_bias", bias);
    if (strcmp(cell->op, "GRU") == 0)
        build_bool(n, "reset_after", true);
    torch_weigh(b, n, cell, keys->dict, kernel, recurrent,
                bias ? biases : NULL);
    convention(b->g, "%s: %s, gates %s, transposed matrices", n->name,
               cell->kind,
               cell->gates == 4   ? "i f g o, biases summed"
               : cell->gates == 3 ? "r z n, reset after the product"
                                  : "none, biases summed");
    return n;
}

Node *torch_projection(Build *b, const TorchKeys *keys, int units, int h)
{
    Values weight;
    if (!read(b, keys, "weight_hr", shape2(h, units), &weight))
        return NULL;
    const char *name =
        arena_printf(b->g->arena, "%s.projection", layer_name(b, keys));
    Node *n = build_layer(b, "Dense", name, keys->dict);
    build_int(n, "units", h);
    build_bool(n, "use_bias", false);
    build_weight(b, n, "kernel", keys->dict,
                 values_transpose(b->g->arena, weight));
    convention(b->g, "%s: %s of the outputs, which are also read through it",
               name, "weight_hr");
    return n;
}

Node *torch_linear(Build *b, const TorchKeys *keys, int features, int units,
                   bool bias)
{
    Values weight, shift;
    bool ok = read(b, keys, "weight", shape2(units, features), &weight);
    if (bias)
        ok &= read(b, keys, "bias", shape1(units), &shift);
    if (!ok)
        return NULL;
    Node *n = build_layer(b, "Dense", layer_name(b, keys), keys->dict);
    build_int(n, "units", units);
    build_bool(n, "use_bias", bias);
    build_weight(b, n, "kernel", keys->dict,
                 values_transpose(b->g->arena, weight));
    if (bias)
        build_weight(b, n, "bias", keys->dict, shift);
    return n;
}
