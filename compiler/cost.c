/* cost.c -- what a plan costs, and what follows from that: straight-line code
 * or loops, within the budgets or not. */

#include "rnnc.h"
#include "tuning.h"

#include <string.h>

/* ---- Unrolling ----------------------------------------------------------- */

static int64_t line_bytes(const Step *s)
{
    return LINES_STATEMENT + (s->node ? (int64_t)strlen(s->node->ident) : 0);
}

/* In a prediction. */
static int64_t calls_of(const Plan *p, const Step *s)
{
    return s->phase == PHASE_EACH ? clock_rows(&s->clock, p->timesteps) : 1;
}

/* The same, and those of a cell that a function over a sequence makes. */
static int64_t turns_of(const Plan *p, const Step *s)
{
    bool walks = s->sequence && s->node->op->recurrent;
    return calls_of(p, s) * s->times + (walks ? s->in_shape[0].dim[0] : 0);
}

/* Whether most of what a prediction executes fills vectors. */
static bool mostly_wide(const Plan *p)
{
    int64_t all = 0, wide = 0;
    for (int i = 0; i < p->steps; i++) {
        int64_t lines = p->step[i].lines * turns_of(p, &p->step[i]);
        all += lines;
        wide += tiles_fill(p, &p->step[i]) ? lines : 0;
    }
    return 2 * wide > all;
}

/* Statements in functions, calls in predict, and the bytes of both. */
static void measure(const Plan *p, int64_t *lines, int64_t *calls,
                    int64_t *bytes)
{
    *lines = *calls = *bytes = 0;
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        int64_t call = turns_of(p, s);
        int64_t own = s->node ? s->lines : s->lines * (calls_of(p, s) + 1);
        *lines += own;
        *calls += call;
        *bytes += (own + call) * line_bytes(s);
    }
}

/* Bytes of text that gcc makes of a step's straight lines, without -march. */
int64_t lines_text(const Step *s)
{
    const Op *op = s->node ? s->node->op : NULL;
    if (!op || !op->tile_units)
        return 0;
    int64_t units = expr_eval(op->tile_units, &s->node->scope);
    int64_t sums = op->gates * units;
    int64_t product = units % 4 == 0              ? LINES_TEXT_FULL
                      : units < LINES_LEAST_APART ? LINES_TEXT_FEW
                                                  : LINES_TEXT_PRODUCT;
    return LINES_TEXT_LAYER + LINES_TEXT_SUM * sums * s->rows +
           product * s->macs;
}

/* Few bytes for each layer of several sums; a small net of large and small ones
 * may have more in some. */
static bool is_short(const Plan *p)
{
    int64_t text = 0, most = 0;
    for (int i = 0; i < p->steps; i++) {
        int64_t own = lines_text(&p->step[i]);
        text += own;
        most += own > 0 ? LINES_MOST_OF_LAYER : 0;
    }
    return text <= most;
}

/* Straight-line code is chosen by itself where it is short, unless most of the
 * work is in layers that fill vectors (tiles.c). False after a message: full
 * cannot be done. */
bool plan_unroll(Arena *a, Plan *p, const Source *src)
{
    int64_t lines, calls, bytes;
    measure(p, &lines, &calls, &bytes);
    bool small = lines <= LINES_MOST && calls <= LINES_MOST_CALLS;
    int wish = p->options->unroll;
    if (wish == UNROLL_FULL && p->any_timesteps) {
        error_file(src->file, "--unroll=full needs a fixed number of "
                              "timesteps, the model takes any");
        return false;
    }
    if (wish == UNROLL_FULL && bytes > LINES_MOST_TEXT) {
        error_file(src->file,
                   "--unroll=full would write about %lld KB of straight-line "
                   "code, more than the %d KB that compilers digest",
                   (long long)(bytes / 1024), LINES_MOST_TEXT / 1024);
        return false;
    }
    /* Constants in the text would be floats again. */
    bool narrow = p->options->weights != STORE_F32;
    bool could = small && !narrow && !p->any_timesteps;
    bool wide = could && mostly_wide(p), brief = is_short(p);
    p->unroll = wish == UNROLL_FULL ||
                (wish == UNROLL_AUTO && could && !wide && brief);
    p->why_unroll = arena_printf(a, "%s%s: %lld statements and %lld calls",
                                 p->unroll ? "straight-line" : "loops",
                                 wish != UNROLL_AUTO ? " (as asked)"
                                 : narrow            ? " (for --weights)"
                                 : wide              ? " (in vectors)"
                                 : could && !brief   ? " (in less text)"
                                                     : "",
                                 (long long)lines, (long long)calls);
    return true;
}

/* What comes from h waits for the timestep before, addition after addition: so
 * straight lines of one gate sum the last half of it apart. Several gates gain
 * nothing, nor do samples in lanes: there is other work meanwhile; nor does
 * --reproducible without fusing, which takes up to 12 % more. */
static void sum_apart(Plan *p)
{
    bool may = p->options->reproducible != BITS_PORTABLE;
    for (int i = 0; may && i < p->steps; i++) {
        Step *s = &p->step[i];
        if (!s->node || !s->node->op->recurrent || s->node->op->gates != 1)
            continue;
        if (!p->unroll && !(s->tiles.units && tiles_alone(p, s)))
            continue;
        int64_t units = expr_eval(s->node->op->tile_units, &s->node->scope);
        const Array *from_h = array_of(p, s->node, "recurrent_kernel");
        if (units < LINES_LEAST_APART || from_h->pruned.left_out)
            continue;
        s->apart = units / 2;
        s->locals += units;
    }
}

/* Layers of one gate, whose units differ in nothing but the numbers that are
 * multiplied: with those fused, no a b + c has a neighbour a b - c, of which
 * gcc would make one instruction that rounds once. */
static bool are_alike(const Plan *p)
{
    bool alike = p->unroll;
    for (int i = 0; i < p->steps; i++) {
        const Op *op = p->step[i].node ? p->step[i].node->op : NULL;
        alike &= !op || (op->gates == 1 && op->tile_units && !op->tile_window);
    }
    return alike;
}

/* clang copies what is short to each of its calls, which may be some bytes. */
static void call_lines(Plan *p)
{
    for (int i = 0; p->unroll && i < p->steps; i++) {
        Step *s = &p->step[i];
        int64_t own = lines_text(s);
        s->called =
            own <= LINES_MOST_COPY && own * calls_of(p, s) > LINES_MOST_COPIED;
    }
}

void plan_lines(Plan *p)
{
    sum_apart(p);
    call_lines(p);
    p->lines_alike = are_alike(p);
}

/* ---- Totals and budgets -------------------------------------------------- */

void plan_count(Plan *p)
{
    int64_t size = p->options->is_double ? 8 : 4, locals = 0;
    p->params = p->macs = p->macs_step = 0;
    p->activation_bytes = p->weight_bytes = 0;
    for (const Node *n = p->graph->first; n; n = n->next)
        p->params += node_params(n);
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        p->macs += s->macs * calls_of(p, s);
        p->macs_step += s->macs;
        locals = s->locals > locals ? s->locals : locals;
    }
    p->state_bytes = 8 * p->clocks;
    for (int i = 0; i < p->states; i++)
        p->state_bytes += (p->state[i].position ? 8 : size) * p->state[i].size;
    for (int i = 0; i < p->buffers; i++)
        p->activation_bytes += size * p->buffer[i].size;
    p->activation_bytes += size * locals;
    for (const Node *n = p->graph->first; n; n = n->next)
        p->weight_bytes += plan_stored(p, n);
    p->scratch_bytes = p->activation_bytes + p->state_bytes;
    /* predict_batch calls predict for the samples that are left over. */
    if (p->batch_bytes > 0 && p->batch_bytes < p->scratch_bytes)
        p->batch_bytes = p->scratch_bytes;
}

static bool affords(int64_t bytes, int64_t budget)
{
    return budget < 0 || bytes <= budget;
}

bool plan_affords(const Plan *p)
{
    const Options *o = p->options;
    return affords(p->weight_bytes, o->budget_flash) &&
           affords(p->state_bytes + p->activation_bytes, o->budget_ram) &&
           affords(p->scratch_bytes, o->budget_stack);
}

static bool within(const Source *src, const char *what, int64_t bytes,
                   int64_t budget, const char *option)
{
    if (affords(bytes, budget))
        return true;
    error_file(src->file,
               "%lld bytes of %s exceed the budget of %lld; "
               "--budget-%s=%lld allows them",
               (long long)bytes, what, (long long)budget, option,
               (long long)bytes);
    return false;
}

/* Long memories are most of it: only predict has them on the stack. */
static const char *what_scratch(const Plan *p)
{
    if (!p->streams || p->state_bytes < p->activation_bytes)
        return "scratch on the stack";
    return arena_printf(p->graph->arena,
                        "scratch on the stack of predict, of them %lld of "
                        "state, which step and process have from the caller,",
                        (long long)p->state_bytes);
}

bool plan_budgets(const Plan *p, const Source *src)
{
    const Options *o = p->options;
    bool ok = within(src, "weights", p->weight_bytes, o->budget_flash, "flash");
    ok &= within(src, "state and activations",
                 p->state_bytes + p->activation_bytes, o->budget_ram, "ram");
    ok &= within(src, what_scratch(p), p->scratch_bytes, o->budget_stack,
                 "stack");
    if (p->params > MAX_ELEMENTS) {
        error_file(src->file, "more than %lld weights",
                   (long long)MAX_ELEMENTS);
        return false;
    }
    return ok;
}
