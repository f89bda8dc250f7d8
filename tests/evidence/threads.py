#!/usr/bin/env python3
"""P21: four threads with a state each against one after the other: the same
bits, and no race for TSan."""

import os

from common import Interface, QUICK, finish, generate, models, name_of, run, \
    workspace

MAIN = r"""
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 4, STEPS = 300 };
static %(type)s result[2][THREADS][STEPS][%(out)d];

static void stream(int k, int pass)
{
    %(name)s_state s;
    unsigned seed = (unsigned)k;
    %(name)s_reset(&s);
    for (int t = 0; t < STEPS; t++) {
        %(in_type)s x[%(in)d];
        for (int i = 0; i < %(in)d; i++) {
            seed = seed * 1103515245u + 12345u;
            x[i] = (%(in_type)s)((int)(seed >> 16 & 255) - 128) / 64;
        }
        memset(result[pass][k][t], 0, sizeof result[pass][k][t]);
        %(name)s_step(&s, x, result[pass][k][t]);
    }
}

static void *thread(void *k)
{
    stream((int)(size_t)k, 1);
    return NULL;
}

int main(void)
{
    pthread_t id[THREADS];
    for (int k = 0; k < THREADS; k++)
        stream(k, 0);
    for (size_t k = 0; k < THREADS; k++)
        pthread_create(&id[k], NULL, thread, (void *)k);
    for (int k = 0; k < THREADS; k++)
        pthread_join(id[k], NULL);
    return memcmp(result[0], result[1], sizeof result[0]) != 0;
}
"""


def check(path, folder):
    """None: not a stream of one input and output. Else what is wrong, or ""."""
    made = generate(path, folder)
    face = Interface(made[1]) if made else None
    if not face or not face.streams or len(face.inputs) != 1 or \
            len(face.outputs) != 1:
        return None
    (in_type, _, n), (out_type, _, m) = face.inputs[0], face.outputs[0]
    c = os.path.join(folder, "main.c")
    with open(c, "w") as f:
        f.write('#include "%s"\n' % made[0] + MAIN % {
            "name": name_of(path), "in_type": in_type, "in": n,
            "type": out_type, "out": m})
    status, _, err = run(["gcc", "-g", "-O1", "-fsanitize=thread", "-pthread",
                          "-o", c[:-2], c])
    if not status:
        status, _, err = run(["setarch", "-R", c[:-2]])
    return "%s: %s" % (path, err or "other bits") if status else ""


def main():
    faults, count = [], 0
    with workspace() as folder:
        for path in models(3 if QUICK else 40):
            found = check(path, folder)
            count += found is not None
            faults += [found] if found else []
    if not count:
        faults.append("no model was tried")
    finish(faults, "%d models, 4 threads of 300 steps" % count)


main()
