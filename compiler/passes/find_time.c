/* passes/find_time.c -- tell what changes with every timestep, and whether
 * the model can be run one timestep at a time.
 *
 * The time axis is the first dimension of every model input of rank 2 or
 * more; inputs of rank 1 stay the same during a sequence. From there:
 *
 *   all inputs NONE                     -> NONE
 *   EACH into a recurrence              -> EACH, or LAST without
 *                                          return_sequences
 *   EACH into what gathers              -> LAST
 *   EACH into anything else             -> EACH
 *   otherwise (LAST, perhaps with NONE) -> LAST
 *
 * find_clocks.c tells which timesteps bring a new slice. What needs the whole
 * sequence sets g->no_stream to the reason, and the model has no step().
 * Requires infer_shapes. */

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
        t->stream.clock.stride = 1;
        if (timesteps >= 0 && timesteps != t->shape.dim[0])
            g->no_stream = "its inputs have different numbers of timesteps";
        timesteps = t->shape.dim[0];
        g->any_timesteps |= timesteps == ANY;
    }
    if (timesteps < 0)
        g->no_stream = "it has no time axis";
}

/* What follows from last values comes when the latest of them does. */
static void pass_on(Node *n)
{
    for (int i = 0; i < n->inputs; i++) {
        const Stream *in = &n->in[i]->stream;
        if (n->in[i]->time == TIME_LAST &&
            in->clock.delay >= n->out->stream.clock.delay)
            n->out->stream = *in;
    }
}

static const char *node_time(const Graph *g, Node *n)
{
    if (!any_input(n, TIME_EACH)) {
        n->out->time = any_input(n, TIME_LAST) ? TIME_LAST : TIME_NONE;
        pass_on(n);
        return NULL;
    }
    if (any_input(n, TIME_LAST))
        return "it uses a last value at earlier timesteps";
    if (n->distributed > 0 && any_input(n, TIME_NONE))
        return "it takes a tensor that has timesteps of its own";
    n->out->time = TIME_EACH;
    bool last = n->op->recurrent && !n->distributed &&
                !attr_bool(n, "return_sequences");
    if (last || node_gathers(n) || n->out->shape.rank == 0)
        n->out->time = TIME_LAST;
    const char *why =
        n->op->no_stream && !n->distributed ? n->op->no_stream(n) : NULL;
    return why ? why : find_clock(g, n);
}

/* The padding that looks ahead stands before the layer that cannot do with
 * it. */
static const Node *blame(const Node *n)
{
    for (int i = 0; n->out->time == TIME_LAST && i < n->inputs; i++)
        if (n->in[i]->stream.ahead > 0)
            return n->in[i]->stream.padded;
    return n;
}

static void refuse(Graph *g, const char *why, const Node *n)
{
    g->no_stream = why;
    g->no_stream_node = n;
}

/* The rows of an output have all come with the last timestep. */
static void check_outputs(Graph *g)
{
    for (int i = 0; i < g->outputs && !g->no_stream; i++) {
        const Tensor *t = g->output[i];
        Clock clock;
        const char *why =
            t->time == TIME_EACH ? clock_settle(g, t, &clock) : NULL;
        if (why)
            refuse(g, why, t->stream.ahead ? t->stream.padded : t->from);
    }
}

bool find_time(const Source *src, Graph *g)
{
    (void)src;
    input_times(g);
    for (Node *n = g->first; n && !g->no_stream; n = n->next) {
        const char *why = node_time(g, n);
        if (why)
            refuse(g, why, blame(n));
    }
    check_outputs(g);
    if (g->no_stream && g->any_timesteps) {
        error_at(src, &g->input_at[0],
                 "any number of timesteps needs a model that runs one "
                 "timestep at a time, but %s%s%s%s (a number instead of "
                 "null allows it)",
                 g->no_stream_node ? "in layer " : "",
                 g->no_stream_node
                     ? printable(g->arena, g->no_stream_node->name)
                     : "",
                 g->no_stream_node ? " " : "", g->no_stream);
        return false;
    }
    return true;
}
