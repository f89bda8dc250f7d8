#!/usr/bin/env python3
"""P6: every string of models of all formats replaced by what could break out
of a comment, a string or a line. Either rnnc refuses, or the C is that of the
original but for identifiers: the same punctuation, in printable ASCII."""

import copy
import glob
import json
import os
import re

from common import QUICK, ROOT, finish, in_parallel, rnnc, workspace

ATTACKS = ["*/ int evil; /*", "a\nint evil;", "\"; evil(); \"", "a\\", "??/\n",
           "#include </etc/passwd>", "%s%n", "${evil}", "]]..evil..[[",
           "% evil()", "\u202eevil", "\u2028", "**//", "<%evil%>"]
PATTERNS = ["examples/notebook/model.json", "tests/layers/LSTM/*.json",
            "tests/formats/rtneural/*.json", "tests/formats/aida-x/*.json",
            "tests/formats/guitarml/*.json", "tests/formats/nam/*.nam",
            "tests/formats/keras/keras3_*.json",
            "tests/formats/pytorch/*.json", "tests/formats/lwtnn/*.json",
            "tests/formats/frugally-deep/*.json"]


def places(value, path=()):
    """Of every string and of every key."""
    items = value.items() if isinstance(value, dict) else \
        enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if isinstance(key, str) and path:
            yield path + (key,), True
        if isinstance(inner, str) and len(inner) < 256:
            yield path + (key,), False
        yield from places(inner, path + (key,))


def replaced(model, path, is_key, text):
    model = copy.deepcopy(model)
    parent = model
    for key in path[:-1]:
        parent = parent[key]
    if is_key:
        parent[text] = parent.pop(path[-1])
    else:
        old, parent[path[-1]] = parent[path[-1]], text
        rename(model, old, text)
    return model


def rename(value, old, new):
    """A name that others refer to is replaced there, too."""
    for key, inner in list(value.items() if isinstance(value, dict)
                           else enumerate(value)):
        if isinstance(inner, str) and inner == old:
            value[key] = new
        elif isinstance(inner, (dict, list)):
            rename(inner, old, new)


def skeleton(text):
    """Without identifiers, numbers, white space, and what depends on their
    length: where lines of prototypes and tables break."""
    text = text[text.index(" * Options"):]
    return re.sub(r"[A-Za-z0-9_\s]+", "", text)


def compile_text(model, ending, folder, name):
    path, c = (os.path.join(folder, name + e) for e in (ending, ".c"))
    with open(path, "w") as f:
        json.dump(model, f)
    status, _, err = rnnc(path, "-n", "m", "-o", c)
    text = None
    if os.path.exists(c):
        with open(c, "rb") as f:
            text = f.read().decode("latin-1")
        os.unlink(c)
    return status, text, err


def judge(good, status, text):
    if status not in (0, 1, 4):
        return "exit status %d" % status
    if status:
        return "a file all the same" if text else None
    if any(ord(c) != 10 and not 32 <= ord(c) < 127 for c in text):
        return "a byte that is not ASCII"
    return None if skeleton(text) == good else "other C"


def check(job):
    path, folder = job
    ending = os.path.splitext(path)[1]
    with open(path) as f:
        model = json.load(f)
    status, text, err = compile_text(model, ending, folder, "good")
    if status:
        return 0, ["%s: %s" % (path, err)]
    good, faults, count = skeleton(text), [], 0
    for number, (where, is_key) in enumerate(places(model)):
        for k, attack in enumerate(ATTACKS):
            if k % (7 if QUICK else 3) != number % (7 if QUICK else 3):
                continue
            other = replaced(model, where, is_key, attack)
            fault = judge(good, *compile_text(other, ending, folder, "bad")[:2])
            count += 1
            if fault:
                faults.append("%s /%s = %r: %s" % (
                    path, "/".join(map(str, where)), attack, fault))
    return count, faults


def main():
    paths = [p for pattern in PATTERNS[:3 if QUICK else None]
             for p in sorted(glob.glob(os.path.join(ROOT, pattern)))[:1]]

    def alone(path):
        with workspace() as folder:
            return check((path, folder))

    results = in_parallel(alone, paths)
    finish([f for _, faults in results for f in faults],
           "%d texts in %d models: refused, or the same C"
           % (sum(c for c, _ in results), len(paths)))


main()
