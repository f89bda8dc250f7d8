"""Naive C of a stack of convolutions, one sample per call: a ring of its last
inputs for each, plain loops, tanhf."""

import naive

CONV = """const float *%(name)s_row[%(taps)d];
%(ring)sfor (int j = 0; j < %(units)d; j++) {
    float sum = %(start)s;
    for (int k = 0; k < %(taps)d; k++)
        for (int f = 0; f < %(features)d; f++)
            sum += %(name)s_w[(j * %(taps)d + k) * %(features)d + f] * %(name)s_row[k][f];
    %(name)s[j] = sum;
}
"""
RING = """memcpy(s->%(name)s_past[s->%(name)s_at], %(x)s, sizeof s->%(name)s_past[0]);
s->%(name)s_at = (s->%(name)s_at + 1) %% %(rows)d;
for (int k = 0; k < %(taps)d; k++)
    %(name)s_row[k] = s->%(name)s_past[(s->%(name)s_at + k * %(dilation)d) %% %(rows)d];
"""
OTHER = """for (int j = 0; j < %d; j++)
    %s[j] = %s;
"""
SOURCE = """
typedef struct %(p)s_state {
%(members)s} %(p)s_state;

void %(p)s_reset(%(p)s_state *s)
{
    memset(s, 0, sizeof *s);
}

void %(p)s_step(%(p)s_state *s, const float *x, float *y)
{
%(body)s}

void %(p)s_predict(const float *x, float *y)
{
    static %(p)s_state s;
    %(p)s_reset(&s);
    for (int t = 0; t < %(steps)d; t++)
        %(p)s_step(&s, x + t * %(features)d, y + t * %(units)d);
}
"""


def conv(n):
    taps, features, _ = n.kernel.shape
    values = dict(name=n.name, x=n.inputs[0], taps=taps, features=features,
                  units=n.units, dilation=n.dilation, rows=n.rows(),
                  start="0.0f" if n.bias is None else n.name + "_b[j]")
    values["ring"] = RING % values if taps > 1 else \
        "%s_row[0] = %s;\n" % (n.name, n.inputs[0])
    return CONV % values


def node(n):
    body = conv(n) if n.kind == "conv" else OTHER % (
        n.units, n.name, "tanhf(%s[j])" % n.inputs[0] if n.kind == "tanh" else
        "%s[j] + %s[j]" % tuple(n.inputs))
    return "float %s[%d];\n%s" % (n.name, n.units, body)


def source(stack):
    text, members = naive.HEAD, ""
    for n in stack.nodes:
        if n.kind != "conv":
            continue
        text += naive.array(n.name + "_w", n.kernel.transpose(2, 0, 1))
        if n.bias is not None:
            text += naive.array(n.name + "_b", n.bias)
        if n.rows() > 1:
            members += "    float %s_past[%d][%d];\n    int %s_at;\n" % (
                n.name, n.rows(), n.kernel.shape[1], n.name)
    body = "".join(node(n) for n in stack.nodes)
    body += OTHER % (stack.units, "y", stack.nodes[-1].name + "[j]")
    return text + SOURCE % dict(
        p=stack.prefix(), members=members, body=naive.indent(body),
        steps=stack.steps, features=stack.features, units=stack.units)
