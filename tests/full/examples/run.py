#!/usr/bin/env python3
"""The commands of examples/README.md, and those of README.md that need CMake,
run in a fresh copy whose path has a space, by somebody with an empty home."""

import json
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../.."))
from support import RNNC, ROOT, copy_tree, finish, report, rnnc, run, workspace

# What the projects for build systems print, for 1 1 1: 1 - 0.75^n.
SMOOTH = "0.25\n0.4375\n0.578125\n"


def read(name):
    with open(os.path.join(ROOT, name)) as f:
        return f.read()


def examples():
    """{folder: command}, from the table."""
    rows = re.findall(r"^\| \[(\w+)\]\((\w+)\) \| .+ \| `(.+)` \|$",
                      read("examples/README.md"), re.M)
    assert all(name == folder for name, folder, _ in rows)
    return {name: command for name, _, command in rows}


def check_index(commands):
    folders = sorted(n for n in os.listdir(os.path.join(ROOT, "examples"))
                     if os.path.isdir(os.path.join(ROOT, "examples", n)))
    report(folders == sorted(commands), "the index has every example",
           "%s %s" % (folders, sorted(commands)))


def check_examples(commands, tree, environment):
    shutil.copy(RNNC, os.path.join(tree, "build/rnnc"))
    for name, command in commands.items():
        status, out, err = run(["bash", "-e", "-c", command], cwd=tree,
                               env=environment)
        smooth = os.path.exists(os.path.join(ROOT, "examples", name,
                                             "smooth.json"))
        report(status == 0 and (not smooth or out.endswith(SMOOTH)),
               "its one command runs " + name, out[-2000:] + err[-2000:])


def check_readme(tree, environment, folder):
    """From nothing to a prediction, with README's lines alone."""
    blocks = [b for b in re.findall(r"^```sh\n(.*?)^```", read("README.md"),
                                    re.M | re.S) if "cmake" in b]
    report(len(blocks) == 1, "README has commands for CMake")
    status, out, err = run(["bash", "-e", "-c", "".join(blocks)], cwd=tree,
                           env=environment)
    path = os.path.join(folder, "x.json")
    with open(path, "w") as f:
        json.dump({"x": [[0.5, -0.14, 0.65]] + [[0, 0, 0]] * 9}, f)
    _, want, _ = rnnc(os.path.join(ROOT, "examples/notebook/model.json"),
                      "--run", path)
    got = re.findall(r"^(-?\d\.\d{6}) (-?\d\.\d{6})$", out, re.M)
    report(status == 0 and len(got) == 1 and all(
        abs(float(a) - b) < 2e-6
        for a, b in zip(got[0], json.loads(want)["y"])),
        "README's CMake project predicts", out + err + want)


def main():
    commands = examples()
    check_index(commands)
    with workspace() as folder:
        tree, home = (os.path.join(folder, n) for n in ("a b", "h o m e"))
        copy_tree(tree)
        os.makedirs(os.path.join(tree, "build"))
        os.mkdir(home)
        environment = {k: v for k, v in os.environ.items()
                       if k not in ("BUILD", "RNNC", "CFLAGS")}
        environment["HOME"] = home
        check_readme(tree, environment, folder)
        check_examples(commands, tree, environment)
    finish()


main()
