/* ops/bidirectional.c -- a sequence read from both ends (Schuster and Paliwal
 * 1997): two recurrent layers, one with go_backwards, and a merge. Sequences
 * from the backward layer are turned round first, so that rows belong to the
 * same timestep. */

#include "../rnnc.h"

enum { CONCAT, SUM, MUL, AVE };
static const char *const modes[] = {"concat", "sum", "mul", "ave", NULL};
static const char *const merges[] = {"Concatenate", "Add", "Multiply",
                                     "Average"};

static bool check_pair(const Source *src, const Node *w, Node *const *inner)
{
    for (int i = 0; i < 2; i++)
        if (!inner[i]->op->recurrent) {
            error_at(src, &inner[i]->at,
                     "Bidirectional holds recurrent layers, got %s",
                     inner[i]->op->name);
            return false;
        }
    if (attr_bool(inner[0], "go_backwards") ==
        attr_bool(inner[1], "go_backwards")) {
        error_at(src, &w->at,
                 "expected \"go_backwards\": true in one of the two layers");
        return false;
    }
    if (attr_bool(inner[0], "return_sequences") !=
        attr_bool(inner[1], "return_sequences")) {
        error_at(src, &w->at,
                 "\"return_sequences\" differs between the two layers");
        return false;
    }
    for (int i = 0; i < 2; i++)
        if (attr_bool(inner[i], "return_state")) {
            error_at(src, &inner[i]->at,
                     "return_state inside Bidirectional is not supported");
            return false;
        }
    return true;
}

static Tensor *lower(const Source *src, Graph *g, const Node *w,
                     Node *const *inner)
{
    if (!check_pair(src, w, inner))
        return NULL;
    Tensor *both[2];
    for (int i = 0; i < 2; i++) {
        both[i] = inner[i]->out;
        /* as Keras has it, whatever the layers say; TensorFlow.js has not */
        ((Attr *)attr_of(inner[i], "zero_output_for_mask"))->number =
            attr_bool(inner[i], "return_sequences") && !g->masks_leak;
        if (attr_bool(inner[i], "go_backwards") &&
            attr_bool(inner[i], "return_sequences"))
            both[i] = graph_add(g, "Reverse",
                                arena_printf(g->arena, "%s/reverse", w->name),
                                &w->at, &both[i], 1)
                          ->out;
    }
    Node *merge = graph_add(g, merges[attr_int(w, "merge_mode")], w->name,
                            &w->at, both, 2);
    ((Attr *)attr_of(merge, "masks"))->number = MASKS_ANY; /* both are one */
    return merge->out;
}

const Op op_bidirectional = {
    .name = "Bidirectional",
    .doc = "two recurrent layers, from both ends of the sequence",
    .attrs = {{"merge_mode", ATTR_CHOICE, .choices = modes,
               .fallback = "\"concat\""}},
    .min_inputs = 1,
    .max_inputs = 1,
    .inner = {"layer", "backward_layer"},
    .lower = lower,
};
