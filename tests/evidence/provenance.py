#!/usr/bin/env python3
"""P24: the head of the C names the digest of the model and the options, and
with these the same bytes come again."""

import hashlib
import os
import re
import shlex

from common import QUICK, finish, models, name_of, rnnc, workspace

CHOICES = [[], ["--type=double"], ["--unroll=none"], ["--math=libm"],
           ["--name=other"]]


def check(path, options, folder):
    c, again = (os.path.join(folder, n, name_of(path) + ".c") for n in "ab")
    if rnnc(path, "-o", c, *options)[0]:
        return "does not compile"
    with open(c) as f:
        text = f.read()
    with open(path, "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    if digest not in text:
        return "another digest"
    stated = re.search(r"^ \* Options   ([^\n]*(?:\n \*           -[^\n]*)*)",
                       text, re.M).group(1).replace("\n *", "")
    if rnnc(path, "-o", again, *shlex.split(stated))[0]:
        return "its options are refused: " + stated
    with open(again) as f:
        return None if f.read().split("\n", 1)[1] == text.split("\n", 1)[1] \
            else "other bytes with " + stated


def main():
    paths, faults = models(5 if QUICK else 60), []
    with workspace() as folder:
        for place in "ab":
            os.mkdir(os.path.join(folder, place))
        for k, path in enumerate(paths):
            fault = check(path, CHOICES[k % len(CHOICES)], folder)
            faults += ["%s: %s" % (path, fault)] if fault else []
    finish(faults, "%d files" % len(paths))


main()
