/* formats/state_dict_hint.c -- the "architecture" that the names and shapes of
 * the tensors suggest, for those who have not written one. */

#include "state_dict.h"

#include <cjson/cJSON.h>
#include <string.h>

/* The shape that the first elements of nested arrays show; of others, that
 * which they state. Rank 0: none. */
static Shape peek(const At *at)
{
    Shape shape = {0};
    At stated = at_key(at, "shape");
    const Json *json = json_first(stated.json);
    for (; cJSON_IsNumber(json) && shape.rank < MAX_RANK; json = json->next)
        shape.dim[shape.rank++] = json->valueint;
    for (json = at->json; cJSON_IsArray(json) && shape.rank < MAX_RANK;
         json = json_first(json))
        shape.dim[shape.rank++] = json_size(json);
    return shape;
}

static Shape tensor_shape(const TorchLayer *l, const char *tensor)
{
    At at = at_key(l->s->dict, torch_key(l, tensor));
    return peek(&at);
}

/* The class whose tensors these are, NULL for none that is known. planes: a
 * convolution of such has come before. */
static const char *guess_type(const TorchLayer *l, bool planes)
{
    static const char *const cells[] = {"RNN", "RNN", "GRU", "LSTM"};
    bool plain = torch_has(l, "weight_hh");
    Shape h = tensor_shape(l, plain ? "weight_hh" : "weight_hh_l0");
    Shape w = tensor_shape(l, "weight");
    if (torch_has(l, "weight_hr_l0"))
        return "LSTM"; /* with proj_size: weight_hh tells no gates */
    int gates = h.rank == 2 && h.dim[1] ? h.dim[0] / h.dim[1] : 0;
    if (plain || torch_has(l, "weight_hh_l0"))
        return gates < 1 || gates > 4
                   ? NULL
                   : arena_printf(l->b->g->arena, "%s%s", cells[gates - 1],
                                  plain ? "Cell" : "");
    if (torch_has(l, "running_mean"))
        return planes ? "BatchNorm2d" : "BatchNorm1d";
    if (w.rank == 4)
        return "Conv2d";
    if (w.rank == 2 || w.rank == 3)
        return w.rank == 2 ? "Linear" : "Conv1d";
    if (w.rank == 1)
        return torch_has(l, "bias") ? "LayerNorm" : "PReLU";
    return NULL;
}

static const char *features(const TorchLayer *l, const char *type)
{
    Arena *a = l->b->g->arena;
    bool cell = torch_has(l, "weight_ih");
    Shape shape =
        tensor_shape(l, cell                           ? "weight_ih"
                        : torch_has(l, "weight_ih_l0") ? "weight_ih_l0"
                                                       : "weight");
    bool flat = strcmp(type, "Linear") == 0;
    if (shape.rank < 2 || shape.dim[1] < 1)
        return "[null, 1]";
    if (shape.rank == 4)
        return arena_printf(a, "[ROWS, COLUMNS, %d]", shape.dim[1]);
    return arena_printf(a, flat ? "[%d]" : "[null, %d]", shape.dim[1]);
}

enum { SHOWN = 100 }; /* modules */

void torch_suggest(StateDict *s)
{
    Arena *a = s->b.g->arena;
    const char *list = "", *input = "[null, 1]", *module[SHOWN];
    int count = 0;
    bool planes = false;
    for (const Json *j = json_first(s->dict->json); j; j = json_next(j)) {
        int k = 0;
        while (k < count && !torch_in_module(j->string, module[k]))
            k++;
        if (k < count || count == SHOWN)
            continue;
        module[count++] = torch_module(a, j->string);
        TorchLayer l = {.s = s, .b = &s->b, .module = module[k]};
        const char *type = guess_type(&l, planes);
        planes |= type && strcmp(type, "Conv2d") == 0;
        bool states =
            torch_has(&l, "weight_hh_l0") || torch_has(&l, "weight_hh");
        if (count == 1 && type)
            input = features(&l, type);
        list = arena_printf(a, "%s%s{\"type\": \"%s\", \"module\": \"%s\"%s}",
                            list, *list ? ", " : "", type ? type : "?",
                            printable(a, l.module),
                            states ? ", \"return_sequences\": true|false" : "");
    }
    error_at(s->b.src, s->dict,
             "\"architecture\" is missing: a state_dict knows neither "
             "activations nor the order of calls. Check and complete this: "
             "{\"architecture\": [%s], \"input_shape\": %s, "
             "\"state_dict\": {...}}",
             list, input);
}
