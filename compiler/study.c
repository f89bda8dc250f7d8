/* study.c -- a plan and its model looked at from all sides, for the report's
 * pictures: how long values live, how weights are distributed, by how much
 * the samples are missed. */

#include "rnnc.h"

#include <math.h>

/* ---- Memory -------------------------------------------------------------- */

static bool reads(const Step *s, int buffer)
{
    for (int i = 0; i < s->inputs; i++)
        if (s->in[i].kind == PLACE_BUFFER && s->in[i].index == buffer)
            return true;
    return false;
}

static bool writes(const Step *s, int buffer)
{
    return s->out.kind == PLACE_BUFFER && s->out.index == buffer;
}

/* The last step that reads what step `from` leaves in a buffer. What is
 * computed once stays for all timesteps: to the last step of their phase. */
static int last_use(const Plan *p, int from, int buffer)
{
    int last = from;
    for (int i = from + 1; i < p->steps; i++) {
        if (reads(&p->step[i], buffer))
            last = i;
        if (writes(&p->step[i], buffer))
            break;
    }
    Phase made = p->step[from].phase, read = p->step[last].phase;
    while (made < read && read == PHASE_EACH && last + 1 < p->steps &&
           p->step[last + 1].phase == PHASE_EACH)
        last++;
    return last;
}

/* States at the bottom, then buffers side by side, then what functions keep
 * to themselves while they run. */
Life *plan_lives(Arena *a, const Plan *p, int *count)
{
    int64_t size = p->options->is_double ? 8 : 4, top = 0;
    Life *life =
        arena_alloc(a, (size_t)(p->states + 2 * p->steps + 2), sizeof *life);
    *count = 0;
    if (p->clocks > 0) { /* which timesteps a layer computes at */
        life[(*count)++] =
            (Life){LIFE_STATE, "clocks", 0, p->steps - 1, 0, 8 * p->clocks};
        top += 8 * p->clocks;
    }
    for (int i = 0; i < p->states; i++) {
        const StateSlot *s = &p->state[i]; /* an output's has no layer */
        int64_t bytes = (s->position ? 8 : size) * s->size;
        life[(*count)++] =
            (Life){LIFE_STATE, s->node ? s->node->name : s->ident,
                   0,          p->steps - 1,
                   top,        bytes};
        top += bytes;
    }
    for (int b = 0; b < p->buffers; b++) {
        for (int i = 0; i < p->steps; i++) {
            const Step *s = &p->step[i];
            if (writes(s, b))
                life[(*count)++] =
                    (Life){LIFE_BUFFER, s->node->name,
                           i,           last_use(p, i, b),
                           top,         size * shape_size(&s->out_shape)};
        }
        top += size * p->buffer[b].size;
    }
    for (int i = 0; i < p->steps; i++)
        if (p->step[i].locals > 0)
            life[(*count)++] = (Life){LIFE_LOCAL, p->step[i].node->name,   i, i,
                                      top,        size * p->step[i].locals};
    return life;
}

/* ---- Weights ------------------------------------------------------------- */

static const Weight *weight_at(const Node *n, int i)
{
    bool there = n->op->weights[i].name && n->weight[i].data &&
                 n->op->weights[i].role != WEIGHT_DERIVED;
    return there ? &n->weight[i] : NULL;
}

static void measure(const Node *n, Histogram *h)
{
    double sum = 0, squares = 0;
    for (int i = 0; i < MAX_WEIGHTS; i++) {
        const Weight *w = weight_at(n, i);
        int64_t size = w ? shape_size(&w->shape) : 0;
        for (int64_t k = 0; k < size; k++) {
            h->min = h->values ? fmin(h->min, w->data[k]) : w->data[k];
            h->max = h->values ? fmax(h->max, w->data[k]) : w->data[k];
            h->zeros += w->data[k] == 0;
            h->values++;
            sum += w->data[k];
            squares += w->data[k] * w->data[k];
        }
    }
    h->mean = h->values ? sum / (double)h->values : 0;
    double variance =
        h->values ? squares / (double)h->values - h->mean * h->mean : 0;
    h->deviation = sqrt(fmax(variance, 0));
}

bool weight_histogram(const Node *n, Histogram *h)
{
    *h = (Histogram){.values = 0};
    measure(n, h);
    double width = (h->max - h->min) / BINS;
    for (int i = 0; i < MAX_WEIGHTS; i++) {
        const Weight *w = weight_at(n, i);
        int64_t size = w ? shape_size(&w->shape) : 0;
        for (int64_t k = 0; k < size; k++) {
            double bin = width > 0 ? (w->data[k] - h->min) / width : BINS / 2;
            h->count[bin < BINS - 1 ? (int)bin : BINS - 1]++;
        }
    }
    return h->values > 0;
}

/* ---- Samples ------------------------------------------------------------- */

static int64_t sample_elements(const Graph *g, const Sample *s)
{
    int64_t elements = 0;
    for (int k = 0; k < g->outputs; k++)
        elements += shape_size(&s->output_shape[k]);
    return elements;
}

/* Keeps the worst of what shares a column; NaN is the worst of all. */
static void add_miss(Miss *m, int sample, double exact, double rounded,
                     double tolerance)
{
    bool fresh = m->tolerance == 0;
    exact = isnan(exact) ? INFINITY : exact;
    rounded = isnan(rounded) ? INFINITY : rounded;
    m->sample = fresh ? sample : m->sample;
    m->exact = fmax(m->exact, exact);
    m->rounded = fmax(m->rounded, rounded);
    m->tolerance = fresh ? tolerance : fmin(m->tolerance, tolerance);
}

int sample_misses(const Graph *g, Miss *missed)
{
    int64_t total = 0, seen = 0;
    for (int i = 0; i < g->samples; i++)
        total += sample_elements(g, &g->sample[i]);
    int64_t columns = total < MISSES ? total : MISSES;
    for (int i = 0; i < MISSES; i++)
        missed[i] = (Miss){.sample = 0};
    for (int i = 0; i < g->samples; i++) {
        const Sample *s = &g->sample[i];
        Arena *scratch = arena_new();
        double **exact = reference_run(scratch, g, s->input, s->timesteps);
        double **rounded =
            reference_rounded(scratch, g, s->input, s->timesteps);
        for (int k = 0; k < g->outputs; k++)
            for (int64_t e = 0; e < shape_size(&s->output_shape[k]); e++) {
                double want = s->output[k][e];
                add_miss(&missed[seen++ * columns / total], i,
                         fabs(exact[k][e] - want), fabs(rounded[k][e] - want),
                         s->atol + s->rtol * fabs(want));
            }
        arena_free(scratch);
    }
    return (int)columns;
}
