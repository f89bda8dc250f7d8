/* formats/state_dict_rnn.c -- LSTM, GRU and RNN out of a state_dict: layers on
 * top of each other, both directions, and what of their outputs is meant. */

#include "state_dict.h"

#include <math.h>
#include <string.h>

#include "torch.h"

typedef struct Recurrent {
    TorchLayer *l;
    const TorchCell *cell;
    const char *function; /* RNN's nonlinearity, or NULL */
    int units, layers;
    int h; /* what a timestep gives the next: units, or a projection of them */
    bool single; /* LSTMCell and its like: no layers, no directions */
    bool bias, both, sequences;
    bool out; /* the last of both directions is out[:, -1] */
} Recurrent;

static const char *numbered(const Recurrent *r, const char *name, int k,
                            const char *suffix)
{
    Arena *a = r->l->b->g->arena;
    return r->single ? name : arena_printf(a, "%s_l%d%s", name, k, suffix);
}

static bool read_returns(Recurrent *r)
{
    const TorchLayer *l = r->l;
    At at = at_key(l->at, "return_sequences"), last = at_key(l->at, "last");
    const char *word = "";
    if (!at.json) {
        error_at(l->b->src, l->at,
                 "\"return_sequences\" is missing: true for the outputs of "
                 "all timesteps, out, false for the last one, out[:, -1]");
        return false;
    }
    if (!want_bool(l->b->src, &at, &r->sequences) ||
        (last.json && !want_string(l->b->src, &last, &word)))
        return false;
    bool open = r->both && !r->sequences;
    r->out = open && strcmp(word, "out") == 0;
    if (r->out && l->s->shape.rank && l->s->shape.dim[0] == ANY) {
        error_at(l->b->src, &last,
                 "\"out\" needs a fixed number of timesteps in "
                 "\"input_shape\"");
        return false;
    }
    if (r->out)
        return true;
    if (open && strcmp(word, "h_n") != 0)
        error_at(l->b->src, last.json ? &last : l->at,
                 "a bidirectional %s has two last outputs: \"last\": \"h_n\" "
                 "means the final states of both directions, \"out\" means "
                 "out[:, -1], where the backward one has seen one timestep",
                 l->type);
    else if (!open && last.json)
        error_at(l->b->src, &last,
                 "\"last\" belongs to a bidirectional layer with "
                 "\"return_sequences\": false");
    return open ? strcmp(word, "h_n") == 0 : !last.json;
}

static bool read_nonlinearity(Recurrent *r)
{
    At at = at_key(r->l->at, "nonlinearity");
    r->function = NULL;
    if (strcmp(r->cell->kind, "RNN") != 0)
        return true;
    r->function = "tanh";
    if (at.json && !want_string(r->l->b->src, &at, &r->function))
        return false;
    if (strcmp(r->function, "tanh") == 0 || strcmp(r->function, "relu") == 0)
        return true;
    error_at(r->l->b->src, &at, "expected \"tanh\" or \"relu\", got %s",
             at_describe(r->l->b->g->arena, &at));
    return false;
}

/* weight_hr [h, units] of an LSTM with proj_size tells its units. */
static bool read_projection(Recurrent *r)
{
    TorchLayer *l = r->l;
    const char *name = numbered(r, "weight_hr", 0, "");
    Values projection;
    if (strcmp(l->type, "LSTM") != 0 || !torch_has(l, name))
        return true;
    if (!torch_read(l, name, shape2(r->h, ANY), &projection))
        return false;
    r->units = projection.shape.dim[1];
    if (r->units > r->h)
        return true;
    At at = at_key(l->s->dict, torch_key(l, name));
    error_at(l->b->src, &at, "expected more than %d columns, got %d", r->h,
             r->units);
    return false;
}

static bool check_proj_size(const Recurrent *r)
{
    int said = r->h < r->units ? r->h : 0, given = said;
    At at = at_key(r->l->at, "proj_size");
    if (!torch_int(r->l, "proj_size", 0, &given))
        return false;
    if (given == said)
        return true;
    error_at(r->l->b->src, &at, "the tensors say %d, got %d", said, given);
    return false;
}

/* What the names of the tensors say, and the first of weight_hh. */
static bool read_extent(Recurrent *r)
{
    TorchLayer *l = r->l;
    Values hidden;
    r->single = strstr(l->type, "Cell") != NULL;
    r->layers = 1;
    while (!r->single && torch_has(l, numbered(r, "weight_hh", r->layers, "")))
        r->layers++;
    r->both =
        !r->single && torch_has(l, numbered(r, "weight_hh", 0, "_reverse"));
    r->bias = torch_has(l, numbered(r, "bias_ih", 0, "")) ||
              torch_has(l, numbered(r, "bias_hh", 0, ""));
    if (!torch_read(l, numbered(r, "weight_hh", 0, ""), shape2(ANY, ANY),
                    &hidden))
        return false;
    r->h = r->units = hidden.shape.dim[1];
    if (!read_projection(r))
        return false;
    bool ok = torch_agree(l, "hidden_size", r->units);
    ok &= check_proj_size(r);
    ok &= torch_agree(l, "input_size", torch_features(l->s));
    ok &= torch_agree_bool(l, "bias", r->bias);
    return ok & torch_agree(l, "num_layers", r->layers) &
           torch_agree_bool(l, "bidirectional", r->both);
}

static void take_direction(const Recurrent *r, int k, const char *suffix)
{
    static const char *const names[] = {"weight_ih", "weight_hh", "bias_ih",
                                        "bias_hh"};
    for (int i = 0; i < (r->bias ? 4 : 2); i++)
        torch_take(r->l, numbered(r, names[i], k, suffix));
    if (r->h < r->units)
        torch_take(r->l, numbered(r, "weight_hr", k, suffix));
}

static Node *read_direction(Recurrent *r, int k, const char *suffix,
                            int features, bool sequences)
{
    TorchLayer *l = r->l;
    Arena *a = l->b->g->arena;
    TorchKeys keys = {l->s->dict,
                      *l->module ? arena_printf(a, "%s.", l->module) : "",
                      numbered(r, "", k, suffix)};
    take_direction(r, k, suffix);
    Node *n =
        torch_rnn(l->b, &keys, r->cell, features, r->units, r->h, r->bias);
    if (!n)
        return NULL;
    n->at = *l->at;
    build_bool(n, "return_sequences", sequences);
    if (r->function)
        build_activation(n, "activation", r->function, NULL, NULL, NAN);
    if (*suffix)
        build_bool(n, "go_backwards", true);
    return r->h < r->units ? torch_projection(l->b, &keys, r->units, r->h) : n;
}

/* What the backward direction makes of the last timestep is the first of all
 * that it makes. */
static Node *first_output(const Recurrent *r, const Node *back)
{
    Build *b = r->l->b;
    const char *name = arena_printf(b->g->arena, "%s.first", back->name);
    if (r->l->s->shape.rank == 0)
        return b->last->from; /* timesteps unknown, and reported */
    build_shape(build_layer(b, "Cropping1D", NULL, r->l->at), "cropping",
                shape2(0, r->l->s->shape.dim[0] - 1));
    return build_layer(b, "Flatten", name, r->l->at);
}

/* Both directions read the same; the backward one's sequence is turned. */
static bool read_both(Recurrent *r, int k, int features, bool sequences)
{
    bool out = !sequences && r->out;
    Build *b = &r->l->s->b;
    Tensor *x = b->last;
    Node *forward = read_direction(r, k, "", features, sequences);
    b->last = x;
    Node *back = read_direction(r, k, "_reverse", features, sequences || out);
    if (!forward || !back)
        return false;
    const char *name = arena_printf(b->g->arena, "%s.both", forward->name);
    if (sequences)
        back = build_layer(b, "Reverse",
                           arena_printf(b->g->arena, "%s.turned", back->name),
                           r->l->at);
    if (out)
        back = first_output(r, back);
    Node *join = build_layer(b, "Concatenate", name, r->l->at);
    build_inputs(b, join, (Tensor *[]){forward->out, back->out}, 2);
    return true;
}

bool torch_recurrent(TorchLayer *l)
{
    Recurrent r = {.l = l};
    const char *end = strstr(l->type, "Cell");
    r.cell = torch_cell(
        end ? arena_strndup(l->b->g->arena, l->type, (size_t)(end - l->type))
            : l->type);
    if (!torch_want_sequence(l) || !read_extent(&r) ||
        !(read_returns(&r) & read_nonlinearity(&r)))
        return false;
    int features = torch_features(l->s);
    for (int k = 0; k < r.layers; k++) {
        bool sequences = r.sequences || k + 1 < r.layers;
        if (!(r.both ? read_both(&r, k, features, sequences)
                     : read_direction(&r, k, "", features, sequences) != NULL))
            return false;
        features = r.both ? 2 * r.h : r.h;
    }
    torch_set_features(l->s, features);
    if (l->s->shape.rank && !r.sequences)
        l->s->shape = shape1(features);
    convention(l->b->g, "%s: returns %s", l->module,
               r.sequences ? "the outputs of all timesteps"
               : r.out     ? "out[:, -1] of both directions"
               : r.both    ? "the final states of both directions"
                           : "the last output");
    return true;
}
