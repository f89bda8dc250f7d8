/* formats/keras_constants.c -- arguments of calls that are no tensors of the
 * model, but numbers, as Keras 3 writes them:
 *
 *   {"class_name": "__numpy__" or "__tensor__",
 *    "config": {"value": [[...]], "dtype": "float32"}}      an array
 *   2.0                                                     of an operator
 *
 * Each becomes a Constant. Arrays have a dimension for the batch, of 1; those
 * of operators have it or not, and ones in front change nothing for them. */

#include "keras_graph.h"

#include <string.h>

bool keras_is_constant(const Model *m, const At *at, At *value)
{
    Arena *a = m->k->b.g->arena;
    At type = at_key(at, "class_name"), config = at_key(at, "config"),
       numbers = at_key(&config, "value");
    if (!at_is_string(&type) || !numbers.json)
        return false;
    const char *name = at_describe(a, &type);
    *value = *at_keep(a, &numbers);
    return strcmp(name, "\"__numpy__\"") == 0 ||
           strcmp(name, "\"__tensor__\"") == 0;
}

/* Works element by element. */
static bool spreads(const KerasLayer *l)
{
    static const char *const types[] = {"Add",     "Subtract", "Multiply",
                                        "Divide",  "Average",  "Maximum",
                                        "Minimum", NULL};
    return keras_listed(types, l->type);
}

bool keras_is_operator(const KerasLayer *l)
{
    return l->function && spreads(l);
}

static bool drop_batch(const Model *m, const KerasLayer *l, const At *at,
                       Shape *s)
{
    if (spreads(l)) {
        while (s->rank > 1 && s->dim[0] == 1)
            *s = shape_tail(s);
        return true;
    }
    if (s->rank > 1 && s->dim[0] == 1) {
        *s = shape_tail(s);
        return true;
    }
    error_at(m->k->b.src, at,
             "expected an array for a batch of 1, got one of shape %s",
             shape_text(m->k->b.g->arena, s));
    return false;
}

/* x / 2 is x * 0.5. */
static bool invert(const Model *m, const At *at, Values *values)
{
    for (int64_t i = 0; i < shape_size(&values->shape); i++) {
        if (values->data[i] == 0) {
            error_at(m->k->b.src, at, "division by 0");
            return false;
        }
        values->data[i] = 1 / values->data[i];
    }
    values->wide = true;
    return true;
}

/* A division by numbers, which are known. */
static bool is_product(const KerasLayer *l)
{
    return keras_divides(l) && strcmp(l->type, "Multiply") == 0;
}

/* x ** 2: the number is no input. */
static bool take_exponent(const Model *m, KerasLayer *l, Args *args)
{
    At at = args->number_at.json && args->number_index == 1 ? args->number_at
                                                            : args->constant[1];
    bool first = args->count > 0 && !args->constant[0].json;
    if (!first || !at_is_number(&at)) {
        error_at(m->k->b.src, l->at, "a power is supported of a number only");
        return false;
    }
    args->count = 1;
    args->number_at.json = NULL;
    return want_number(m->k->b.src, &at, &l->exponent);
}

static Tensor *make(Model *m, const KerasLayer *l, const At *at,
                    const char *name)
{
    Build *b = &m->k->b;
    Values values;
    bool ok = at_is_number(at)
                  ? read_scalar(b->src, at, true, &values)
                  : read_tensor(b->src, at, m->k->b.inputs, true, &values);
    if (!ok || !drop_batch(m, l, at, &values.shape) ||
        (is_product(l) && !invert(m, at, &values)))
        return NULL;
    Node *n = build_layer(b, "Constant",
                          arena_printf(b->g->arena, "%s_constant", name), at);
    build_inputs(b, n, &b->last, 0);
    build_weight(b, n, "value", at, values);
    return n->out;
}

bool keras_make_constants(Model *m, KerasLayer *l, const char *name, Args *args)
{
    if (keras_is_function(l, "Power"))
        return take_exponent(m, l, args);
    bool number = args->number_at.json && keras_is_operator(l);
    if (number && args->count < MAX_CALL_INPUTS) {
        int at = args->number_index;
        memmove(args->in + at + 1, args->in + at,
                (size_t)(args->count - at) * sizeof *args->in);
        memmove(args->constant + at + 1, args->constant + at,
                (size_t)(args->count - at) * sizeof *args->constant);
        args->in[at] = NULL;
        args->constant[at] = args->number_at;
        args->count++;
        args->number_at.json = NULL;
    }
    if (keras_divides(l))
        l->type = args->count == 2 && !args->constant[0].json &&
                          args->constant[1].json
                      ? "Multiply"
                      : "Divide";
    for (int i = 0; i < args->count; i++)
        if (args->constant[i].json &&
            !(args->in[i] = make(m, l, &args->constant[i], name)))
            return false;
    return true;
}
