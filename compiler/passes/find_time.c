/* passes/find_time.c -- tell what changes with every timestep, and whether
 * the model can be run one timestep at a time.
 *
 * The time axis is the first dimension of every model input of rank 2 or
 * more; inputs of rank 1 stay the same during a sequence. From there:
 *
 *   all inputs NONE                     -> NONE
 *   EACH into a recurrence              -> EACH, or LAST without
 *                                          return_sequences
 *   EACH into anything else             -> EACH
 *   otherwise (LAST, perhaps with NONE) -> LAST
 *
 * What needs the whole sequence sets g->no_stream to the reason, and the
 * model has no step(). Requires infer_shapes. */

#include "../rnnc.h"

#include <string.h>

static bool any_input(const Node *n, Time time)
{
    for (int i = 0; i < n->inputs; i++)
        if (n->in[i]->time == time)
            return true;
    return false;
}

static void input_times(Graph *g)
{
    int timesteps = -1;
    for (int i = 0; i < g->inputs; i++) {
        Tensor *t = g->input[i];
        if (t->shape.rank < 2)
            continue;
        t->time = TIME_EACH;
        if (timesteps >= 0 && timesteps != t->shape.dim[0])
            g->no_stream = "its inputs have different numbers of timesteps";
        timesteps = t->shape.dim[0];
        g->any_timesteps |= timesteps == ANY;
    }
    if (timesteps < 0)
        g->no_stream = "it has no time axis";
}

static const char *node_time(Node *n)
{
    if (!any_input(n, TIME_EACH)) {
        n->out->time = any_input(n, TIME_LAST) ? TIME_LAST : TIME_NONE;
        return NULL;
    }
    if (any_input(n, TIME_LAST))
        return "it uses a last value at earlier timesteps";
    n->out->time = TIME_EACH;
    if (n->op->recurrent && !attr_bool(n, "return_sequences"))
        n->out->time = TIME_LAST;
    return n->op->no_stream ? n->op->no_stream(n) : NULL;
}

bool find_time(const Source *src, Graph *g)
{
    (void)src;
    input_times(g);
    for (Node *n = g->first; n && !g->no_stream; n = n->next) {
        const char *why = node_time(n);
        if (why) {
            g->no_stream = why;
            g->no_stream_node = n;
        }
    }
    if (g->no_stream && g->any_timesteps) {
        error_at(src, &g->input_at[0],
                 "any number of timesteps needs a model that runs one "
                 "timestep at a time, but %s%s%s%s",
                 g->no_stream_node ? "in layer " : "",
                 g->no_stream_node
                     ? printable(g->arena, g->no_stream_node->name)
                     : "",
                 g->no_stream_node ? " " : "", g->no_stream);
        return false;
    }
    return true;
}
