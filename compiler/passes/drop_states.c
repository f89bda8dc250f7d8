/* passes/drop_states.c -- remove what nobody reads of a recurrence's output.
 *
 * With return_state it is one vector: the output, then the last states. Layers
 * behind it take it apart: Slices, and for a sequence a Reshape. Where the cell
 * state is not read, the rest is what the layer returns by itself:
 *
 *   output, or hidden state        the last output, with neither flag
 *   all outputs, no state          return_sequences alone
 *   no output, only the hidden     neither flag: a sequence whose last
 *   state of a sequence            output it is
 *
 * So an encoder of which only the last hidden state is used streams. Comes
 * after insert_masks (what masks do to the first output and to a state differs)
 * and drop_unused. */

#include "../rnnc.h"

#include <string.h>

/* What a reader takes. */
typedef enum { TAKES_OUTPUT, TAKES_HIDDEN, TAKES_OTHER } Taken;

static int64_t units_of(const Node *n)
{
    return attr_int(n, "units");
}

/* Elements in front of the states. */
static int64_t outputs_of(const Node *n)
{
    int64_t rows = n->seen[0].dim[0];
    return (attr_bool(n, "return_sequences") ? rows : 1) * units_of(n);
}

static Taken taken(const Node *n, const Node *slice)
{
    int64_t from, to, outputs = outputs_of(n), size = n->out->shape.dim[0];
    if (strcmp(slice->op->name, "Slice") != 0 || slice->distributed)
        return TAKES_OTHER;
    from = attr_int(slice, "from");
    to = attr_int(slice, "to");
    from += from < 0 ? size : 0;
    to += to <= 0 ? size : 0;
    return from == 0 && to == outputs ? TAKES_OUTPUT
           : from == outputs && to == outputs + units_of(n) ? TAKES_HIDDEN
                                                            : TAKES_OTHER;
}

static bool is_output(const Graph *g, const Tensor *t)
{
    for (int i = 0; i < g->outputs; i++)
        if (g->output[i] == t)
            return true;
    return false;
}

/* The next reader of t behind n, or NULL. */
static Node *next_reader(Node *n, const Tensor *t)
{
    while ((n = n->next))
        for (int i = 0; i < n->inputs; i++)
            if (n->in[i] == t)
                return n;
    return NULL;
}

/* All outputs as rows: the only reader of a Slice is a Reshape into them. */
static Node *rows_of(const Graph *g, const Node *n, Node *slice)
{
    Node *rows = next_reader(slice, slice->out);
    if (!rows || is_output(g, slice->out) || next_reader(rows, slice->out))
        return NULL;
    const Shape *s = &rows->out->shape;
    bool fits = strcmp(rows->op->name, "Reshape") == 0 && !rows->distributed &&
                s->rank == 2 && s->dim[0] == n->seen[0].dim[0] &&
                s->dim[1] == units_of(n);
    return fits ? rows : NULL;
}

/* Every reader of `from` reads `to`. */
static void rewire(Graph *g, const Tensor *from, Tensor *to)
{
    for (Node *n = g->first; n; n = n->next)
        for (int i = 0; i < n->inputs; i++)
            if (n->in[i] == from)
                n->in[i] = to;
}

/* n makes the tensor of a part, under one name: the part's if it is an output
 * of the model. */
static void take_over(Graph *g, Node *n, Node *part)
{
    Tensor *out = part->out, *old = n->out;
    part->out = old;
    old->from = part;
    n->out = out;
    out->from = n;
    rewire(g, old, out);
    part->in[0] = out;
    if (is_output(g, out))
        n->name = out->name;
    else
        out->name = n->name;
}

/* The parts that stay, or 0: it is not for us. Several are the same tensor, of
 * which one alone can be an output. */
static int find_parts(const Graph *g, Node *n, Node *part[MAX_PORTS])
{
    bool sequences = attr_bool(n, "return_sequences"), named = false;
    int count = 0;
    Taken first = TAKES_OTHER;
    for (Node *r = n; (r = next_reader(r, n->out));) {
        Taken t = taken(n, r);
        first = count == 0 ? t : first;
        if (t == TAKES_OTHER || count == MAX_PORTS || (sequences && t != first))
            return 0;
        part[count] = sequences && t == TAKES_OUTPUT ? rows_of(g, n, r) : r;
        if (!part[count] || (named && is_output(g, part[count]->out)))
            return 0;
        named |= is_output(g, part[count++]->out);
    }
    return count;
}

static bool drop(const Source *src, Graph *g, Node *n)
{
    Node *part[MAX_PORTS];
    int count = find_parts(g, n, part), keep = 0;
    if (count == 0)
        return true;
    Node *slice = next_reader(n, n->out);
    bool hidden = taken(n, slice) == TAKES_HIDDEN;
    for (int i = 0; i < count; i++)
        keep = is_output(g, part[i]->out) ? i : keep;
    for (int i = 0; i < count; i++)
        if (i != keep)
            rewire(g, part[i]->out, part[keep]->out);
    ((Attr *)attr_of(n, "return_state"))->number = 0;
    if (hidden)
        ((Attr *)attr_of(n, "return_sequences"))->number = 0;
    take_over(g, n, part[keep]);
    n->scope.count = 0;
    return infer_node(src, n);
}

static bool returns_states(const Graph *g, const Node *n)
{
    return n->op->recurrent && attr_bool(n, "return_state") &&
           !attr_bool(n, "masked") && !n->distributed && !is_output(g, n->out);
}

bool drop_states(const Source *src, Graph *g)
{
    for (Node *n = g->first; n; n = n->next)
        if (returns_states(g, n) && !drop(src, g, n))
            return false;
    return drop_unused(src, g);
}
