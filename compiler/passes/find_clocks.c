/* passes/find_clocks.c -- tell when each row of each tensor comes, while a
 * model is run one timestep at a time.
 *
 * Rows of the inputs come with their timesteps. From there a clock (stride,
 * delay) follows from the windows of the layers: row j of a layer's output
 * needs rows up to j step - before + reach of its input, so
 *
 *   stride = step stride_in,  delay = delay_in + (reach - before) stride_in
 *
 * Zeros in front of the first timestep cost nothing, for the rings that keep
 * the last rows start as zeros: a delay may be less than 0, or than the first
 * true row, as long as a layer with a ring follows that makes up for it. Rows
 * of an output that need what padding puts behind the last timestep are
 * counted: a model may crop them away (as causal convolutions are often
 * written), else it looks ahead and has no step. */

#include "../rnnc.h"

static int64_t max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int timesteps_of(const Graph *g)
{
    for (int i = 0; i < g->inputs; i++)
        if (g->input[i]->time == TIME_EACH)
            return g->input[i]->shape.dim[0];
    return ANY;
}

int64_t clock_rows(const Clock *c, int64_t timesteps)
{
    return timesteps - 1 < c->delay
               ? 0
               : (timesteps - 1 - c->delay) / c->stride + 1;
}

bool clock_equal(const Clock *a, const Clock *b)
{
    return a->stride == b->stride && a->delay == b->delay;
}

const char *clock_settle(const Graph *g, const Tensor *t, Clock *out)
{
    const Stream *s = &t->stream;
    int64_t rows = t->shape.dim[0];
    *out = s->clock;
    if (s->ahead > 0)
        return "its padding looks ahead";
    if (s->first > s->clock.delay)
        return "zeros before the first timestep are left over";
    if (rows == ANY)
        return NULL;
    int64_t more = clock_rows(out, timesteps_of(g)) - rows;
    if (more > 0)
        out->delay += more * out->stride;
    return more < 0 ? "its last timesteps come after those of the input" : NULL;
}

Shape tensor_at(const Tensor *t, int timesteps)
{
    const Clock *c = &t->stream.clock;
    bool counted = t->time == TIME_EACH && c->stride > 0;
    if (counted) /* tensors without a clock have stride 0 */
        timesteps = (int)(clock_rows(c, timesteps) + t->stream.ahead);
    return shape_at(&t->shape, timesteps);
}

int64_t least_timesteps(const Graph *g)
{
    int64_t most = 0;
    for (const Node *n = g->first; n; n = n->next)
        if (n->out->time == TIME_EACH)
            most = max(most, n->out->stream.clock.delay);
    return most + 1;
}

/* Rows at the end of the output that depend on what stands behind the last
 * timestep. */
static int64_t rows_ahead(const Node *n, const Window *w, int64_t ahead)
{
    int64_t in = n->in[0]->shape.dim[0], out = n->out->shape.dim[0];
    if (in == ANY || out == ANY)
        return max(ahead + w->behind, 0);
    int64_t last = in - 1 - ahead + w->before - w->reach; /* j step <= last */
    return last < 0 ? out : max(out - (last / w->step + 1), 0);
}

/* Every row several times: where fewer rows than timesteps come. */
static const char *repeat_clock(Node *n, const Window *w)
{
    Stream s = n->in[0]->stream;
    if (s.clock.stride % w->repeat != 0)
        return "it makes several timesteps of one";
    if (s.first > s.clock.delay)
        return "zeros stand before its first timestep";
    s.clock.stride /= w->repeat;
    s.from -= (w->repeat - 1) * s.clock.stride;
    s.ahead *= w->repeat;
    n->out->stream = s;
    return NULL;
}

/* Which row is the last would depend on the number of timesteps. */
static bool cut_off(const Graph *g, const Tensor *t)
{
    Clock clock;
    return t->stream.ahead == 0 && !clock_settle(g, t, &clock) &&
           !clock_equal(&clock, &t->stream.clock);
}

static const char *window_clock(const Graph *g, Node *n)
{
    Window w = {.step = 1, .repeat = 1};
    const char *why = n->op->window(n, &w);
    if (why)
        return why;
    if (w.repeat > 1)
        return repeat_clock(n, &w);
    if (w.step > 1 && cut_off(g, n->in[0]))
        return "it strides over timesteps that are cut off at the end";
    if (g->any_timesteps && n->in[0]->stream.ahead + w.behind < 0)
        return "it cuts off timesteps, of any number";
    if (g->any_timesteps && w.step > 1 && n->in[0]->stream.ahead > 0)
        return "it strides over padding that looks ahead";
    Stream s = n->in[0]->stream;
    int64_t stride = s.clock.stride;
    s.clock.stride *= w.step;
    s.clock.delay += (w.reach - w.before) * stride;
    if (n->op->state[0].name && s.clock.delay < s.first)
        return "more zeros stand before the first timestep than it covers";
    s.first = max(s.first, s.clock.delay);
    s.from -= w.before * stride;
    s.to += (w.reach - w.before) * stride;
    s.ahead = rows_ahead(n, &w, s.ahead);
    if (s.ahead > n->in[0]->stream.ahead)
        s.padded = n;
    n->out->stream = s;
    return NULL;
}

/* A layer that takes a row of each input at a time waits for the latest. */
static const char *join_clock(const Graph *g, Node *n)
{
    Stream s = {.clock = {.stride = 0}};
    for (int i = 0; i < n->inputs; i++) {
        const Stream *in = &n->in[i]->stream;
        Clock clock = in->clock;
        if (n->in[i]->time != TIME_EACH)
            continue;
        const char *why = n->out->time == TIME_LAST
                              ? clock_settle(g, n->in[i], &clock)
                              : NULL;
        if (why)
            return why;
        if (in->first > in->clock.delay)
            return "zeros stand before its first timestep";
        if (s.clock.stride == 0)
            s = *in;
        if (s.clock.stride != clock.stride)
            return "its inputs come at different rates";
        if (g->any_timesteps &&
            (s.clock.delay != clock.delay || s.ahead != in->ahead))
            return "its inputs have different numbers of timesteps";
        s.clock.delay = max(s.clock.delay, clock.delay);
        s.from = min(s.from, in->from);
        s.to = max(s.to, in->to);
        s.endless |= in->endless;
        s.padded = in->ahead > s.ahead ? in->padded : s.padded;
        s.ahead = max(s.ahead, in->ahead);
    }
    s.first = s.clock.delay;
    s.endless |= (n->op->recurrent && !n->distributed) || node_gathers(n);
    n->out->stream = s;
    return NULL;
}

const char *find_clock(const Graph *g, Node *n)
{
    return node_slides(n) ? window_clock(g, n) : join_clock(g, n);
}
