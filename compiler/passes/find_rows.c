/* passes/find_rows.c -- tell which model inputs are integers: those that choose
 * rows of tables and do nothing else.
 *
 * An input is one if an Embedding reads it and all other readers take integers
 * as well (op->rows, op->takes_rows); aliases hand it on. One that is a model
 * output, or that arithmetic reads besides, stays a floating-point number.
 * Requires drop_unused. */

#include "../rnnc.h"

static bool is_output(const Graph *g, const Tensor *t)
{
    for (int i = 0; i < g->outputs; i++)
        if (g->output[i] == t)
            return true;
    return false;
}

/* Rows of the largest table that t chooses from, 0: from none; -1: something
 * reads a number. */
static int64_t rows_of(const Graph *g, const Tensor *t)
{
    int64_t rows = is_output(g, t) ? -1 : 0;
    for (const Node *n = g->first; n && rows >= 0; n = n->next)
        for (int i = 0; i < n->inputs && rows >= 0; i++) {
            int64_t more = -1;
            if (n->in[i] != t)
                continue;
            if (n->op->rows)
                more = expr_eval(n->op->rows, &n->scope);
            else if (n->op->takes_rows)
                more = 0;
            else if (n->op->alias)
                more = rows_of(g, n->out);
            rows = more < 0 || more > rows ? more : rows;
        }
    return rows;
}

bool find_rows(const Source *src, Graph *g)
{
    (void)src;
    for (int i = 0; i < g->inputs; i++) {
        int64_t rows = rows_of(g, g->input[i]);
        g->input[i]->rows = rows > 0 ? rows : 0;
    }
    return true;
}
