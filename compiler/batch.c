/* batch.c -- how predict_batch takes its samples: one after the other, or as
 * many at once as there are lanes, one in each. For that the functions of the
 * layers are spelled once more with lanes for numbers, so it is for layers
 * whose templates allow it, and for small ones: of large ones a single sample
 * fills the lanes (tiles.c). */

#include "rnnc.h"

enum { MOST_VALUES = 512 }; /* of inputs, outputs, states and buffers */

bool activation_in_lanes(const Plan *p, const ActivationRow *row)
{
    bool own = p->options->math != MATH_LIBM && p->options->math != MATH_EXACT;
    return row->lanes == LANES_ALWAYS || (row->lanes == LANES_OWN && own);
}

/* Every activation has a twin for lanes. */
static bool has_twins(const Plan *p, const Node *n)
{
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
        if (n->op->attrs[i].type != ATTR_ACTIVATION)
            continue;
        if (!activation_in_lanes(p, n->attr[i].activation.row))
            return false;
    }
    return true;
}

static bool fits(const Plan *p, const Step *s)
{
    if (!s->node)
        return true;
    bool masked = s->node->op->recurrent && attr_bool(s->node, "masked");
    return s->node->op->lanes && !s->tiles.units && !s->tiles.dots && !masked &&
           !s->push && !s->sequence && has_twins(p, s->node);
}

void plan_batch(Plan *p)
{
    int64_t values = p->any_timesteps ? MOST_VALUES + 1 : 0;
    bool all = p->rings == 0 && p->clocks == 0;
    for (int i = 0; i < p->steps; i++)
        all = all && fits(p, &p->step[i]);
    for (int i = 0; i < p->graph->inputs; i++)
        values += shape_size(&p->input[i].tensor->shape);
    for (int i = 0; i < p->graph->outputs; i++)
        values += shape_size(&p->output[i].tensor->shape);
    for (int i = 0; i < p->states; i++)
        values += p->state[i].size;
    for (int i = 0; i < p->buffers; i++)
        values += p->buffer[i].size;
    p->samples_in_lanes = all && values <= MOST_VALUES;
    if (p->samples_in_lanes) /* most, in whatever lanes: 64 bytes each */
        p->batch_bytes = 64 * values;
}
