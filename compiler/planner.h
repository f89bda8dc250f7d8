/* planner.h -- what plan.c and place.c share while they make a Plan. */

#ifndef PLANNER_H
#define PLANNER_H

#include "rnnc.h"

typedef struct Planner {
    Arena *a;
    const Graph *g;
    Plan *p;
    Names *names;
    Step **maker; /* [nodes] by index: the step of a node, NULL for an alias */
    const Node **node;
} Planner;

/* The shape of a tensor at one timestep. */
Shape slice(const Tensor *t);
/* Statements of straight-line code in a step. */
int64_t count_lines(const Step *s);
/* The place of a node in pl->node. */
int node_index(const Planner *pl, const Node *n);
/* Gives every step its places; appends copies for what no step writes. */
void place_outputs(Planner *pl);

#endif
