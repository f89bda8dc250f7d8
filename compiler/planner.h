/* planner.h -- what plan.c and place.c share while they make a Plan. */

#ifndef PLANNER_H
#define PLANNER_H

#include "rnnc.h"

typedef struct Planner {
    Arena *a;
    const Graph *g;
    Plan *p;
    Names *names;
    int *maker; /* [nodes] by index: the step that makes its output */
    const Node **node;
    int late[MAX_PORTS]; /* number of the ring that an output waits in, or -1 */
} Planner;

/* A layer that only counts timesteps otherwise, or sees the same in another
 * shape, has no code: its output is its input. */
bool is_alias(const Plan *p, const Node *n);
/* The tensor whose memory t is. */
const Tensor *storage(const Plan *p, const Tensor *t);
/* steps.c: calls in the order of their phases. */
void make_steps(Planner *pl);
/* Lets t wait for the clock of its reader n: adds a step that puts it into a
 * ring, whose number it returns. */
int add_late(Planner *pl, const Node *n, const Tensor *t, int64_t delay);
/* The number of a timer for the clock; -1: every timestep. */
int timer_of(Plan *p, const Clock *c);
/* The shape of a tensor at one timestep. */
Shape slice(const Tensor *t);
/* Statements of straight-line code in a step. */
int64_t count_lines(const Step *s);
/* The place of a node in pl->node. */
int node_index(const Planner *pl, const Node *n);
/* Gives every step its places; appends copies for what no step writes. */
void place_outputs(Planner *pl);

#endif
