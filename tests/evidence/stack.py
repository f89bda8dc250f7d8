#!/usr/bin/env python3
"""P9: the bytes of stack arrays that the file states, against the deepest path
below predict, step and predict_batch in gcc's call graph. What a compiler
spills and saves comes on top: FRAME bytes for each call, of a few, and for each
layer whose function it has merged into the caller."""

import os
import re

from common import QUICK, finish, generate, in_parallel, models, run, \
    workspace

FRAME = 160  # registers saved, return addresses, spills of one function


def merged(text, ci, name):
    """How many of the functions that the text of `name` calls it has taken in."""
    body = re.search(r"^[^\n]*\b%s\([^;{]*\)\n\{\n(.*?)^\}" % name, text,
                     re.S | re.M)
    called = set(re.findall(r"(\w+)\(", body.group(1))) if body else set()
    own = set(re.findall(r"^static void (\w+)\(", text, re.M))
    left = set(re.findall(r'title: "(?:[^":]*:)?(\w+)[^"]*"', ci))
    return len((called & own) - left)


def depths(ci, text, roots):
    """{root: (bytes, calls)} of the deepest path."""
    own = {}
    for title, label in re.findall(
            r'node: \{ title: "([^"]*)" label: "([^"]*)"', ci):
        size = re.search(r"(\d+) bytes \((\w+)\)", label)
        own[title] = int(size.group(1)) if size else 0
    edges = re.findall(r'edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"',
                       ci)

    def below(title):
        deepest = max([below(t) for s, t in edges if s == title],
                      default=(0, 0))
        calls = 1 + merged(text, ci, title.split(":")[-1])
        return own.get(title, 0) + 8 + deepest[0], calls + deepest[1]

    return {t: below(t) for t in own if t.split(":")[-1] in roots}


def check(job):
    path, folder, level = job
    made = generate(path, folder)
    if not made:
        return "%s: does not compile" % path, 0
    c = made[0]
    with open(c) as f:
        text = f.read()
    stated = int(re.search(r"(\d+) of stack arrays", text).group(1))
    batch = re.search(r"(\d+) of stack arrays in predict_batch", text)
    status, _, err = run(["gcc", level, "-fcallgraph-info=su", "-c", c, "-o",
                          c + ".o"])
    ci = next((n for n in (c + ".ci", c[:-1] + "ci") if os.path.exists(n)), "")
    if status or not ci:
        return "%s: no call graph %s" % (path, err), 0
    with open(ci) as f:
        graph = f.read()
    if "dynamic" in graph:
        return "%s: a stack that is not static" % path, 0
    name = os.path.basename(c)[:-2]
    worst = 0
    limits = {name + "_predict": stated, name + "_step": stated,
              name + "_predict_batch":
              int(batch.group(1)) if batch else stated}
    for root, (size, calls) in depths(graph, text, limits).items():
        limit = limits[root.split(":")[-1]]
        worst = max(worst, size - limit)
        if size > limit + FRAME * calls:
            return "%s %s: %s takes %d bytes in %d calls, %d are stated" % (
                path, level, root, size, calls, limit), 0
    return None, worst


def main():
    paths = models(4 if QUICK else 100)
    with workspace() as folder:
        jobs = [(p, folder, ("-O2", "-Os")[k % 2])
                for k, p in enumerate(paths)]
        found = in_parallel(check, jobs)
    finish([f for f, _ in found if f],
           "%d models; frames add %d bytes at most"
           % (len(paths), max(w for _, w in found)))


main()
