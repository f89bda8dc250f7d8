"""Naive C: what a programmer writes by hand from the formulas. Plain loops,
one dot product for each unit with its weights side by side, expf and tanhf;
the same interface as rnnc's output, with the same weights."""

import numpy as np

HEAD = """#include <math.h>
#include <stddef.h>
#include <string.h>

#define SIGMOID(x) (1.0f / (1.0f + expf(-(x))))
"""

# sum = start + sum over k of w[j][k] * x[k], of one or two products
LOOP = """for (int k = 0; k < %d; k++)
    sum += %s[j * %d + k] * %s[k];
"""

CELLS = {
    "SimpleRNN": """for (int j = 0; j < %(n)d; j++)
    %(h)s[j] = tanhf(z[j]);
""",
    "GRU": """for (int j = 0; j < %(n)d; j++) {
    float update = SIGMOID(z[j] + q[j]);
    float reset = SIGMOID(z[%(n)d + j] + q[%(n)d + j]);
    float next = tanhf(z[2 * %(n)d + j] + reset * q[2 * %(n)d + j]);
    %(h)s[j] = update * %(h)s[j] + (1.0f - update) * next;
}
""",
    "LSTM": """for (int j = 0; j < %(n)d; j++) {
    float in = SIGMOID(z[j]);
    float forget = SIGMOID(z[%(n)d + j]);
    float next = tanhf(z[2 * %(n)d + j]);
    float out = SIGMOID(z[3 * %(n)d + j]);
    %(c)s[j] = forget * %(c)s[j] + in * next;
    %(h)s[j] = out * tanhf(%(c)s[j]);
}
"""}


def octal():
    """Every byte as it may stand in a string literal."""
    return ["\\%03o" % i if i < 32 or i > 126 or chr(i) in '"\\?' else chr(i)
            for i in range(256)]


def array(name, values, table=octal()):
    """Decimals as anyone writes them; a string where those would take the C
    compiler longer than everything else."""
    values = np.ascontiguousarray(values, "<f4").ravel()
    if values.size <= 20000:
        text = ", ".join("%.9g" % v if "." in "%.9g" % v or "e" in "%.9g" % v
                         else "%.9g.0" % v for v in values.tolist())
        text = text.replace(",", "f,") + "f"
        return "static const float %s[%d] = {%s};\n" % (name, values.size, text)
    data = values.tobytes()
    lines = ['"%s"' % "".join(table[b] for b in data[i:i + 4096])
             for i in range(0, len(data), 4096)]
    return ("static const union { char bytes[%d]; float value[%d]; } %s_u = {\n"
            "%s};\n#define %s %s_u.value\n" % (
                len(data) + 1, values.size, name, "\n".join(lines), name, name))


def indent(text, by=4):
    return "".join(" " * by + line + "\n" for line in text.splitlines())


def dots(rows, start, products, store):
    """products: (w, columns, x) each, w [rows][columns]"""
    body = "float sum = %s;\n" % start
    body += "".join(LOOP % (columns, w, columns, x)
                    for w, columns, x in products)
    return "for (int j = 0; j < %d; j++) {\n%s}\n" % (
        rows, indent(body + store + ";\n"))


def arrays(name, layer):
    """Weights of a layer, [gates * units][features]."""
    text = array(name + "_w", layer.kernel.transpose(0, 2, 1))
    text += array(name + "_b", layer.bias)
    if layer.recurrent is not None:
        text += array(name + "_u", layer.recurrent.transpose(0, 2, 1))
    if layer.recurrent_bias is not None:
        text += array(name + "_rb", layer.recurrent_bias)
    return text


def dense(name, layer, x, y):
    value = "sum > 0.0f ? sum : 0.0f" if layer.relu else "sum"
    return dots(layer.units, name + "_b[j]",
                [(name + "_w", layer.features, x)],
                "%s[j] = %s" % (y, value))


def cell(name, layer, x, h, c):
    rows = len(layer.kernel) * layer.units
    products = [(name + "_w", layer.features, x), (name + "_u", layer.units, h)]
    if layer.kind == "GRU": # its reset gate needs the products apart
        text = "float z[%d], q[%d];\n" % (rows, rows)
        text += dots(rows, name + "_b[j]", products[:1], "z[j] = sum")
        text += dots(rows, name + "_rb[j]", products[1:], "q[j] = sum")
    else:
        text = "float z[%d];\n" % rows
        text += dots(rows, name + "_b[j]", products, "z[j] = sum")
    return text + CELLS[layer.kind] % dict(n=layer.units, h=h, c=c)


def head_layers(workload, source, first):
    """The Dense layers from `first` on, from source to y."""
    text, layers = "", workload.layers[first:]
    for i, layer in enumerate(layers):
        target = "y" if i + 1 == len(layers) else "v%d" % (first + i)
        if target != "y":
            text += "float %s[%d];\n" % (target, layer.units)
        text += dense("l%d" % (first + i), layer, source, target)
        source = target
    return text


def predict_recurrent(workload):
    layer, n = workload.layers[0], workload.layers[0].units
    text = "float h[%d] = {0}, c[%d] = {0};\n(void)c;\n" % (n, n)
    body = "const float *xt = x + t * %d;\n" % layer.features
    body += cell("l0", layer, "xt", "h", "c")
    if layer.seq:
        body += "memcpy(y + t * %d, h, sizeof h);\n" % n
    text += "for (int t = 0; t < %d; t++) {\n%s}\n" % (workload.steps,
                                                      indent(body))
    if len(workload.layers) > 1:
        text += head_layers(workload, "h", 1)
    elif not layer.seq:
        text += "memcpy(y, h, sizeof h);\n"
    return text


def step_functions(workload):
    n, prefix = workload.layers[0].units, workload.prefix()
    body = cell("l0", workload.layers[0], "x", "s->h", "s->c")
    if len(workload.layers) > 1:
        body += head_layers(workload, "s->h", 1)
    else:
        body += "memcpy(y, s->h, sizeof s->h);\n"
    return """
typedef struct %(p)s_state { float h[%(n)d], c[%(n)d]; } %(p)s_state;

void %(p)s_reset(%(p)s_state *s)
{
    memset(s, 0, sizeof *s);
}

void %(p)s_step(%(p)s_state *s, const float *x, float *y)
{
%(body)s}
""" % dict(p=prefix, n=n, body=indent(body))


def source(workload):
    """The whole C file."""
    if workload.nodes:
        import naive_stack
        return naive_stack.source(workload)
    recurrent = workload.layers[0].kind != "Dense"
    text = HEAD + "".join(arrays("l%d" % i, layer)
                          for i, layer in enumerate(workload.layers))
    body = predict_recurrent(workload) if recurrent else head_layers(
        workload, "x", 0)
    text += """
void %(p)s_predict(const float *x, float *y)
{
%(body)s}

void %(p)s_predict_batch(const float *x, float *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        %(p)s_predict(x + i * %(in)d, y + i * %(out)d);
}
""" % {"p": workload.prefix(), "body": indent(body),
       "in": workload.input_size(), "out": workload.output_size()}
    return text + (step_functions(workload) if recurrent else "")
