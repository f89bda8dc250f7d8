/* schema.c -- the JSON Schema of the model format, for --schema.
 *
 * What is the same for all layers stands in templates/schema.json; lines of
 * it that read @like this@ are filled in from the op rows and the activation
 * rows. compiler/rnnc-model.schema.json is this output. */

#include "rnnc.h"

#include <math.h>
#include <string.h>

/* ---- Layers -------------------------------------------------------------- */

static void write_choices(Buf *out, const AttrSpec *spec)
{
    for (int i = 0; spec->choices[i]; i++)
        buf_printf(out, "%s\"%s\"", i ? ", " : "{\"enum\": [",
                   spec->choices[i]);
    buf_puts(out, "]");
}

static void write_attr(Buf *out, const AttrSpec *spec)
{
    if (spec->derived)
        return;
    buf_printf(out, ",\n        \"%s\": ", spec->name);
    switch (spec->type) {
    case ATTR_INT:
        buf_printf(out,
                   "{\"type\": %s, \"minimum\": %d, "
                   "\"maximum\": %d",
                   spec->list ? "[\"integer\", \"array\"]" : "\"integer\"",
                   spec->min, spec->max);
        if (spec->list) /* [3] means 3 */
            buf_printf(out,
                       ", \"minItems\": 1, \"maxItems\": 1, \"items\": "
                       "{\"type\": \"integer\", \"minimum\": %d, "
                       "\"maximum\": %d}",
                       spec->min, spec->max);
        break;
    case ATTR_BOOL:
        buf_puts(out, "{\"type\": \"boolean\"");
        break;
    case ATTR_ACTIVATION:
        buf_puts(out, "{\"$ref\": \"#/$defs/activation\"");
        break;
    case ATTR_LIST:
        buf_printf(out, "{\"$ref\": \"#/$defs/%s\"",
                   spec->min < 0 ? "axes" : "list");
        break;
    case ATTR_SHAPE:
        buf_puts(out, "{\"$ref\": \"#/$defs/target_shape\"");
        break;
    case ATTR_NUMBER:
        buf_puts(out, spec->fallback && strcmp(spec->fallback, "null") == 0
                          ? "{\"type\": [\"number\", \"null\"]"
                          : "{\"type\": \"number\"");
        break;
    case ATTR_CHOICE:
        break; /* below */
    case ATTR_RATE:
        buf_puts(out, "{\"type\": \"number\", \"minimum\": 0, \"maximum\": 1");
        break;
    }
    if (spec->type == ATTR_CHOICE)
        write_choices(out, spec);
    if (spec->fallback)
        buf_printf(out, ", \"default\": %s", spec->fallback);
    else if (spec->settle)
        buf_puts(out, ", \"description\": \"absent: as the weights tell\"");
    buf_puts(out, "}");
}

static bool always(const WeightSpec *spec)
{
    return !spec->optional && !spec->when && spec->role != WEIGHT_DERIVED;
}

static const AttrSpec *find_attr(const Op *op, const char *name)
{
    const AttrSpec *spec = op->attrs;
    while (strcmp(spec->name, name) != 0)
        spec++;
    return spec;
}

static void write_weights(Buf *out, const Op *op)
{
    const char *comma = "";
    buf_puts(out,
             ",\n        \"weights\": {\n          \"type\": \"object\", "
             "\"additionalProperties\": false,\n          \"required\": [");
    for (int i = 0; i < MAX_WEIGHTS && op->weights[i].name; i++)
        if (always(&op->weights[i])) {
            buf_printf(out, "%s\"%s\"", comma, op->weights[i].name);
            comma = ", ";
        }
    buf_puts(out, "],\n          \"properties\": {");
    for (int i = 0; i < MAX_WEIGHTS && op->weights[i].name; i++) {
        const WeightSpec *spec = &op->weights[i];
        if (spec->role == WEIGHT_DERIVED)
            continue;
        buf_printf(out,
                   "%s\n            \"%s\": {\"$ref\": \"#/$defs/tensor\", "
                   "\"description\": \"[%s]",
                   i ? "," : "", spec->name, spec->shape ? spec->shape : "...");
        if (spec->when && find_attr(op, spec->when)->choices)
            buf_printf(out, "; exactly where %s is %s", spec->when,
                       find_attr(op, spec->when)->choices[1]);
        else if (spec->when)
            buf_printf(out, "; exactly where %s is true", spec->when);
        buf_puts(out, "\"}");
    }
    buf_puts(out, "\n          }\n        }");
}

/* "required" of a layer: attributes without a default, weights. */
static void write_required(Buf *out, const Op *op)
{
    bool weights = false;
    buf_puts(out, "      \"required\": [\"type\"");
    for (int i = 0; i < MAX_ATTRS && op->attrs[i].name; i++)
        if (!op->attrs[i].fallback && !op->attrs[i].settle &&
            !op->attrs[i].derived)
            buf_printf(out, ", \"%s\"", op->attrs[i].name);
    for (int i = 0; i < MAX_INNER && op->inner[i]; i++)
        buf_printf(out, ", \"%s\"", op->inner[i]);
    for (int i = 0; i < MAX_WEIGHTS && op->weights[i].name; i++)
        weights |= always(&op->weights[i]);
    buf_puts(out, weights ? ", \"weights\"],\n" : "],\n");
}

/* A weight with a condition: {"if": the attribute says what it does not by
 * default, "then": ..., "else": ...}. */
static void write_condition(Buf *out, const AttrSpec *attr, const char *weight)
{
    const char *const *choices = attr->choices;
    bool on = strcmp(attr->fallback, "true") == 0;
    buf_printf(out,
               "        {\"if\": {\"properties\": {\"%s\": {\"const\": "
               "%s%s%s}}, \"required\": [\"%s\"]},\n",
               attr->name, choices ? "\"" : "",
               choices ? choices[1]
               : on    ? "false"
                       : "true",
               choices ? "\"" : "", attr->name);
    for (int i = 0; i < 2; i++) {
        buf_puts(out, i ? "         \"else\": {" : "         \"then\": {");
        if (on != i)
            buf_printf(out,
                       "\"properties\": {\"weights\": {\"properties\": "
                       "{\"%s\": false}}}}",
                       weight);
        else
            buf_printf(out,
                       "\"required\": [\"weights\"], \"properties\": "
                       "{\"weights\": {\"required\": [\"%s\"]}}}",
                       weight);
        buf_puts(out, i ? "}" : ",\n");
    }
}

/* "allOf": a weight with a condition is there exactly where that is true. */
static void write_conditions(Buf *out, const Op *op)
{
    const char *start = "      \"allOf\": [\n";
    for (int i = 0; i < MAX_WEIGHTS && op->weights[i].name; i++) {
        if (!op->weights[i].when)
            continue;
        buf_puts(out, start);
        write_condition(out, find_attr(op, op->weights[i].when),
                        op->weights[i].name);
        start = ",\n";
    }
    buf_puts(out, *start == ',' ? "\n      ],\n" : "");
}

static void write_layer(Buf *out, const Op *op)
{
    buf_printf(out, "    \"%s\": {\n      \"description\": \"%s\",\n", op->name,
               op->doc);
    write_required(out, op);
    buf_printf(out,
               "      \"properties\": {\n        \"type\": {\"const\": "
               "\"%s\"}, \"name\": true, \"inputs\": {",
               op->name);
    if (op->min_inputs > 0)
        buf_printf(out, "\"minItems\": %d%s", op->min_inputs,
                   op->max_inputs < MAX_PORTS ? ", " : "");
    if (op->max_inputs < MAX_PORTS)
        buf_printf(out, "\"maxItems\": %d", op->max_inputs);
    buf_puts(out, "}");
    for (int i = 0; i < MAX_ATTRS && op->attrs[i].name; i++)
        write_attr(out, &op->attrs[i]);
    for (int i = 0; i < MAX_INNER && op->inner[i]; i++)
        buf_printf(out,
                   ",\n        \"%s\": {\"$ref\": \"#/$defs/inner_layer\"}",
                   op->inner[i]);
    if (op->weights[0].name && op->weights[0].role != WEIGHT_DERIVED)
        write_weights(out, op);
    buf_puts(out, "\n      },\n");
    write_conditions(out, op);
    buf_puts(out, "      \"additionalProperties\": false\n    },\n");
}

/* ---- Activations --------------------------------------------------------- */

static bool first_of_name(const ActivationRow *row)
{
    return row == activation_rows || strcmp(row->name, row[-1].name) != 0;
}

/* Whether the bare name says it all. */
static bool plain(const ActivationRow *row)
{
    const char *name = row->name;
    for (; row->name && strcmp(row->name, name) == 0; row++)
        if (row->key ? row->fallback : !isnan(row->param_default))
            return true;
    return false;
}

static void write_names(Buf *out, bool objects)
{
    const char *comma = "";
    for (const ActivationRow *row = activation_rows; row->name; row++)
        if (first_of_name(row) && plain(row) &&
            !(objects && (row->key || row->param))) {
            buf_printf(out, "%s\"%s\"", comma, row->name);
            comma = ", ";
        }
}

/* The object of a name with a key that tells its rows apart, or a number. */
static void write_object(Buf *out, const ActivationRow *row)
{
    const char *name = row->name, *key = row->key ? row->key : row->param;
    buf_printf(out,
               ",\n        {\n          \"type\": \"object\", \"required\": "
               "[\"type\"%s%s%s%s%s%s], \"additionalProperties\": false,\n"
               "          \"properties\": {\"type\": {\"const\": \"%s\"}, "
               "\"%s\": ",
               plain(row) ? "" : ", \"", plain(row) ? "" : key,
               plain(row) ? "" : "\"", row->param2 ? ", \"" : "",
               row->param2 ? row->param2 : "", row->param2 ? "\"" : "", name,
               key);
    if (row->param2) {
        buf_printf(out,
                   "{\"type\": \"number\"}, \"%s\": {\"type\": "
                   "\"number\"}}\n        }",
                   row->param2);
        return;
    }
    if (!row->key) {
        char number[32];
        number_double(number, row->param_default);
        buf_printf(out, "{\"type\": \"number\", \"default\": %s}}\n        }",
                   number);
        return;
    }
    bool boolean =
        strcmp(row->value, "true") == 0 || strcmp(row->value, "false") == 0;
    buf_puts(out, "{\"enum\": [");
    for (int i = 0; row[i].name && strcmp(row[i].name, name) == 0; i++)
        buf_printf(out, "%s%s%s%s", i ? ", " : "", boolean ? "" : "\"",
                   row[i].value, boolean ? "" : "\"");
    buf_puts(out, "]}}\n        }");
}

static void write_activations(Buf *out)
{
    buf_puts(out, "        {\"enum\": [");
    write_names(out, false);
    buf_puts(out, "]},\n        {\n          \"type\": \"object\", "
                  "\"required\": [\"type\"], \"additionalProperties\": false,\n"
                  "          \"properties\": {\"type\": {\"enum\": [");
    write_names(out, true);
    buf_puts(out, "]}}\n        }");
    for (const ActivationRow *row = activation_rows; row->name; row++)
        if (first_of_name(row) && (row->key || row->param))
            write_object(out, row);
    buf_puts(out, "\n");
}

/* Those of several inputs, which they name unless a wrapper does. */
static void write_joining(Buf *out)
{
    const char *comma = "        ";
    for (int i = 0; op_table[i]; i++)
        if (op_table[i]->min_inputs > 1) {
            buf_printf(out, "%s\"%s\"", comma, op_table[i]->name);
            comma = ", ";
        }
    buf_puts(out, "\n");
}

/* ---- The schema ---------------------------------------------------------- */

static void fill_in(Buf *out, const char *what)
{
    if (strncmp(what, "@activations@", 13) == 0)
        write_activations(out);
    if (strncmp(what, "@joining layers@", 16) == 0)
        write_joining(out);
    for (int i = 0; strncmp(what, "@layer names@", 13) == 0 && op_table[i]; i++)
        buf_printf(out, "        {\"$ref\": \"#/$defs/%s\"}%s\n",
                   op_table[i]->name, op_table[i + 1] ? "," : "");
    for (int i = 0; strncmp(what, "@layers@", 8) == 0 && op_table[i]; i++)
        write_layer(out, op_table[i]);
}

bool schema_write(Arena *a, Buf *out)
{
    const char *text = asset_read(a, NULL, "templates/schema.json", NULL);
    for (const char *line = text; line && *line;) {
        const char *end = strchr(line, '\n');
        size_t length = end ? (size_t)(end + 1 - line) : strlen(line);
        if (*line == '@')
            fill_in(out, line);
        else
            buf_add(out, line, length);
        line += length;
    }
    return text != NULL;
}
