/* formats/keras_activation.c -- activations as Keras' configs have them: a
 * name, null, a layer used as one, or a function that only Python knows. */

#include "keras.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <math.h>
#include <string.h>

/* Names of TensorFlow.js and of layers, and ours. */
static const struct {
    const char *name, *ours, *keys[2]; /* of the number, Keras 3's first */
    double fallback;
} aliases[] = {
    {"hardSigmoid", "hard_sigmoid", {0}, NAN},
    {"softMax", "softmax", {0}, NAN},
    {"LeakyReLU", "leaky_relu", {"negative_slope", "alpha"}, 0.3},
    {"ELU", "elu", {"alpha", NULL}, 1},
    {"Softmax", "softmax", {0}, NAN},
};
enum { ALIASES = sizeof aliases / sizeof *aliases };

static int find_alias(const char *name)
{
    int i = 0;
    while (i < ALIASES && strcmp(aliases[i].name, name) != 0)
        i++;
    return i;
}

/* What different versions compute under one name. */
static const struct {
    const char *name, *keras2, *keras3, *open; /* NULL: does not know it */
    int first, last;                           /* of Keras 3: so far */
} changed[] = {
    {"hard_sigmoid", "keras2", "keras3",
     "hard_sigmoid changed between Keras 2 and 3: write \"keras_version\": "
     "\"2\" (0.2 x + 0.5) or \"3\" (x / 6 + 0.5) at the top of the file",
     -1, INT_MAX},
    {"sparsemax", NULL, "keras3.15",
     "sparsemax is not the same in all of Keras 3: write \"keras_version\": "
     "\"3.8\" to \"3.15\" at the top of the file for what those compute, or "
     "{\"class_name\": \"sparsemax\", \"config\": {\"tau\": \"paper\"}} here "
     "for outputs that sum to 1",
     8, 15},
};
enum { CHANGED = sizeof changed / sizeof *changed };

/* The row that this file's Keras means; NULL after a message. */
static const ActivationRow *by_version(const Keras *k, const At *at,
                                       const ActivationRow *row, int i)
{
    bool known = k->minor >= changed[i].first && k->minor <= changed[i].last;
    const char *value = k->version == 2            ? changed[i].keras2
                        : k->version == 3 && known ? changed[i].keras3
                                                   : NULL;
    if (!value) {
        error_at(k->b.src, at, "%s", changed[i].open);
        return NULL;
    }
    while (strcmp(row->value, value) != 0)
        row++;
    convention(k->b.g, "%s is Keras %d's: %s", row->name, k->version,
               row->formula);
    return row;
}

static bool choose_row(const Keras *k, const At *at, const ActivationRow *row,
                       Activation *out)
{
    const char *name = row->name;
    int i = 0;
    while (i < CHANGED && strcmp(changed[i].name, name) != 0)
        i++;
    if (i < CHANGED && !(row = by_version(k, at, row, i)))
        return false;
    while (i == CHANGED && row->key && !row->fallback)
        row++;
    if (row->param && isnan(row->param_default)) {
        error_at(k->b.src, at, "%s needs numbers, and a name has none", name);
        return false;
    }
    *out = (Activation){.row = row, .param = row->param_default};
    return true;
}

static bool unknown(const Keras *k, const At *at)
{
    const char *name = at_is_string(at) ? at->json->valuestring : "";
    if (strcmp(name, "glu") == 0) {
        error_at(k->b.src, at,
                 "glu halves what it is given, which no layer expects of its "
                 "activation, in Keras neither: put Activation(\"glu\") behind "
                 "it, or keras.ops.glu(x)");
        return false;
    }
    const char *guess = nearest(name, activation_names());
    error_at(k->b.src, at, "unknown activation %s%s%s%s",
             at_describe(k->b.src->arena, at), guess ? " (did you mean \"" : "",
             guess ? guess : "", guess ? "\"?)" : "");
    return false;
}

/* {"class_name": "sparsemax", "config": {"tau": "paper"}}: no Keras writes it,
 * people do who were asked to. */
static bool read_stated(const Keras *k, const At *config,
                        const ActivationRow *row, Activation *out)
{
    const char *name = row->name, *value;
    At at = at_key(config, row->key);
    if (!want_string(k->b.src, &at, &value))
        return false;
    for (; row->name && strcmp(row->name, name) == 0; row++)
        if (strcmp(row->value, value) == 0) {
            *out = (Activation){.row = row};
            return true;
        }
    error_at(k->b.src, &at, "%s has no \"%s\" %s", name, at.key,
             at_describe(k->b.src->arena, &at));
    return false;
}

/* A layer as an activation: {"class_name": "LeakyReLU", "config": {...}}. */
static bool read_object(const Keras *k, const At *at, Activation *out)
{
    At type = at_key(at, "class_name"), config = at_key(at, "config");
    const char *name;
    if (!want_string(k->b.src, &type, &name))
        return false;
    const ActivationRow *row = activation_find(name);
    if (row && row->open && at_is_object(&config))
        return read_stated(k, &config, row, out);
    int i = find_alias(name);
    if (i == ALIASES || !at_is_object(&config)) {
        error_at(k->b.src, at,
                 "the activation is code of its own (%s %s), which is not in "
                 "the file",
                 at_describe(k->b.src->arena, &type),
                 at_describe(k->b.src->arena, &config));
        return false;
    }
    if (!choose_row(k, at, activation_find(aliases[i].ours), out))
        return false;
    if (!aliases[i].keys[0])
        return true;
    out->param = aliases[i].fallback;
    for (int key = 0; key < 2 && aliases[i].keys[key]; key++) {
        At number = at_key(&config, aliases[i].keys[key]);
        if (number.json && !want_number(k->b.src, &number, &out->param))
            return false;
    }
    return true;
}

bool keras_activation_named(const Keras *k, const At *at, const char *name,
                            Activation *out)
{
    return choose_row(k, at, activation_find(name), out);
}

bool keras_activation(const Keras *k, const At *at, Activation *out)
{
    if (at_is_object(at))
        return read_object(k, at, out);
    const char *name = "linear";
    if (!at_is_null(at) && !want_string(k->b.src, at, &name))
        return false;
    int i = find_alias(name);
    if (i < ALIASES && !aliases[i].keys[0])
        name = aliases[i].ours;
    const ActivationRow *row = activation_find(name);
    return row ? choose_row(k, at, row, out) : unknown(k, at);
}
