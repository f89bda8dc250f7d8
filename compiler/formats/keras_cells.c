/* formats/keras_cells.c -- RNN, Keras' layer around a cell: LSTMCell and so on,
 * or StackedRNNCells.
 *
 * At each timestep a cell of a stack takes what the one below has just made, so
 * a stack is one layer after the other. Going backwards, each of them does, and
 * what the lower ones make is put in order again: so every layer sees its mask
 * as it is. */

#include "keras.h"

#include <string.h>

enum { MAX_CELLS = KERAS_WEIGHTS / 3 };

/* What the layer itself says; the rest stands with the cells. */
static const Op rnn = {
    .name = "RNN",
    .attrs = {{"return_sequences", ATTR_BOOL, .fallback = "false"},
              {"return_state", ATTR_BOOL, .fallback = "false"},
              {"go_backwards", ATTR_BOOL, .fallback = "false"},
              {"zero_output_for_mask", ATTR_BOOL, .fallback = "false"}},
    .inner = {"cell"},
};

typedef struct Flags {
    bool sequences, state, backwards, zero;
} Flags;

static bool read_flag(const KerasLayer *l, const char *key, bool *out)
{
    At at = at_key(l->config, key);
    return !at.json || at_is_null(&at) || want_bool(l->k->b.src, &at, out);
}

static bool read_flags(const KerasLayer *l, Flags *f)
{
    *f = (Flags){false, false, false, false};
    return read_flag(l, "return_sequences", &f->sequences) &&
           read_flag(l, "return_state", &f->state) &&
           read_flag(l, "go_backwards", &f->backwards) &&
           read_flag(l, "zero_output_for_mask", &f->zero);
}

/* "LSTMCell" is what an LSTM has inside. */
static bool open_cell(KerasLayer *l, const At *at, KerasLayer *cell)
{
    Arena *a = l->k->b.g->arena;
    if (!keras_open(l->k, at, cell))
        return false;
    size_t length = strlen(cell->type);
    const Op *op = NULL;
    if (length > 4 && strcmp(cell->type + length - 4, "Cell") == 0) {
        cell->type = arena_strndup(a, cell->type, length - 4);
        op = op_find(cell->type);
    }
    if (op && op->recurrent)
        return true;
    error_at(l->k->b.src, at,
             "expected a SimpleRNNCell, LSTMCell or GRUCell inside RNN");
    return false;
}

/* Those of a stack, or the one alone; 0 after messages. */
static int open_cells(KerasLayer *l, KerasLayer *cell)
{
    KerasLayer top;
    int count = 0;
    if (!keras_open_inner(l, "cell", &top))
        return 0;
    if (strcmp(top.type, "StackedRNNCells") != 0)
        return open_cell(l, top.at, cell);
    At cells = at_key(top.config, "cells");
    if (!want_array(l->k->b.src, &cells))
        return 0;
    int size = json_size(cells.json);
    if (size < 1 || size > MAX_CELLS) {
        error_at(l->k->b.src, &cells, "expected 1 to %d cells, got %d",
                 MAX_CELLS, size);
        return 0;
    }
    const At *list = at_keep(l->k->b.g->arena, &cells);
    for (const Json *item = json_first(list->json); item;
         item = json_next(item), count++) {
        At at = at_item(list, item, count);
        if (!open_cell(l, &at, &cell[count]))
            return 0;
    }
    return count;
}

/* Weights first.. of the layer that are cell i's: those that it wants, or what
 * is left, which is an error then. One list for the whole model tells nothing
 * beforehand. */
static int count_weights(const KerasLayer *l, const KerasLayer *cell, int first,
                         bool last)
{
    bool bias = true;
    if (l->count == 0 || !read_flag(cell, "use_bias", &bias))
        return 0;
    int left = l->count - first;
    return last || left < 2 + bias ? left : 2 + bias;
}

/* Cell i of a stack, reading x. */
static Node *add_cell(KerasLayer *l, KerasLayer *cell, Tensor *x,
                      KerasInner own, const Flags *f, bool last)
{
    Build *b = &l->k->b;
    cell->mask = l->mask;
    Node *n = keras_inner(l, cell, &x, own);
    if (!n)
        return NULL;
    build_bool(n, "return_sequences", f->sequences || !last);
    build_bool(n, "zero_output_for_mask", f->zero && last);
    build_bool(n, "return_state", f->state && !l->more_unread);
    b->last = n->out;
    return n;
}

int keras_call_cells(KerasLayer *l, const char *name, Tensor *const *in,
                     Tensor **out)
{
    Build *b = &l->k->b;
    KerasLayer *cell = arena_alloc(b->g->arena, MAX_CELLS, sizeof *cell);
    Flags f;
    Tensor *x = in[0];
    Node *n = NULL;
    if (!keras_check_keys(l, &rnn) || !read_flags(l, &f) || !keras_stateful(l))
        return 0;
    int cells = open_cells(l, cell), first = 0;
    if (f.state && cells > 1) {
        error_at(b->src, l->at,
                 "return_state of several cells is not "
                 "supported");
        return 0;
    }
    bool together = l->count == 0; /* in one list for the whole model */
    for (int i = 0; i < cells; i++) {
        bool last = i == cells - 1;
        int count = together ? 0 : count_weights(l, &cell[i], first, last);
        const char *own =
            last ? name : arena_printf(b->g->arena, "%s_cell_%d", name, i + 1);
        n = add_cell(l, &cell[i], x,
                     (KerasInner){own, NULL, together ? l->count : first, count,
                                  f.backwards},
                     &f, last);
        if (!n)
            return 0;
        first += count;
        x = last ? n->out : keras_in_order(b, n, n->name, l->config);
    }
    if (!n)
        return 0;
    out[0] = n->out;
    return f.state && !l->more_unread ? keras_take_apart(l, n, out) : 1;
}
