/* passes/insert_masks.h -- what insert_masks and live_masks share. */

#ifndef INSERT_MASKS_H
#define INSERT_MASKS_H

#include "../rnnc.h"

typedef struct Walk {
    Graph *g;
    const Source *src;
    Node **node; /* as they were before the pass */
    int nodes;
} Walk;

/* The mask that n finds at an input while the model runs, or NULL. *unsure
 * becomes true where that depends on the order in which layers run. */
Tensor *live_mask(const Walk *w, const Node *n, int input, bool *unsure);
/* Sets n->out->live, once n->out->mask is known. */
void lead_live(const Walk *w, Node *n);

#endif
