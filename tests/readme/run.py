#!/usr/bin/env python3
"""README.md, believed: its commands are run in a fresh copy whose path has a
space, the numbers they print are compared with the interpreter's, and what it
names is there."""

import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import RNNC, ROOT, copy_tree, finish, report, rnnc, run, workspace


def read(name):
    with open(os.path.join(ROOT, name)) as f:
        return f.read()


def check_commands(text):
    blocks = [b for b in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
              if "cmake" not in b]  # tests/full/examples runs that
    report(len(blocks) >= 2, "README has commands to run")
    with workspace() as folder:
        tree = os.path.join(folder, "a b")
        copy_tree(tree)
        environment = {k: v for k, v in os.environ.items()
                       if k not in ("BUILD", "RNNC", "CFLAGS")}
        printed = []
        for k, block in enumerate(blocks):
            status, out, err = run(["bash", "-e", "-c", block], cwd=tree,
                                   env=environment)
            printed.append(out)
            report(status == 0, "README's commands, block %d" % (k + 1),
                   out + err)
        numbers = re.findall(r"^(-?\d\.\d{6}) (-?\d\.\d{6})$", printed[0],
                             re.M)
        x = [[0.5, -0.14, 0.65]] + [[0, 0, 0]] * 9
        path = os.path.join(folder, "x.json")
        with open(path, "w") as f:
            json.dump({"x": x}, f)
        _, out, err = rnnc(os.path.join(ROOT, "examples/notebook/model.json"),
                           "--run", path)
        want = json.loads(out)["y"] if out else [9, 9]
        report(len(numbers) == 1 and all(
            abs(float(a) - b) < 2e-6 for a, b in zip(numbers[0], want)),
            "the ten lines print what the interpreter computes",
            "%s, %s %s" % (numbers, want, err))


def check_names(text):
    _, listed, _ = run([RNNC, "--help"])
    used = set(re.findall(r"(?<![\w-])(--?[A-Za-z][\w-]*)", "".join(
        re.findall(r"^\| `-.*", text, re.M))))
    missing = sorted(o for o in used if not re.search(
        r"(?<![\w-])%s(?![\w-])" % re.escape(o), listed))
    report(len(used) > 10 and not missing, "options in README are rnnc's",
           str(missing))
    targets = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", text, re.M))
    rules = read("Makefile")
    missing = sorted(t for t in targets
                     if not re.search(r"^([\w -]+ )?%s( [\w -]+)?:" % t,
                                      rules, re.M))
    report(len(targets) > 2 and not missing, "make targets in README exist",
           str(missing))
    links = re.findall(r"\]\(([^)#:]+)\)", text) + \
        re.findall(r'src(?:set)?="([^":]+)"', text) + \
        re.findall(r"^\| `([\w/]+/)`", text, re.M)
    missing = [l for l in links if not os.path.exists(os.path.join(ROOT, l))]
    report(len(links) > 4 and not missing, "what README points at is there",
           str(missing))


def check_table(text, what):
    """The table between its marks says what --list-<what> says."""
    table = text.partition("<!-- %s:" % what)[2].partition("<!-- /")[0]
    rows = re.findall(r"^\| ([\w-]+) \| (.+) \|$", table, re.M)[1:]
    _, out, _ = rnnc("--list-" + what)
    listed = [tuple(line.split(None, 1)) for line in out.splitlines()
              if line[:1].strip() and not line.startswith("activations:")]
    report(len(rows) > 1 and rows == listed,
           "README's table of %s is rnnc's" % what, "%s\n%s" % (rows, listed))


def check_picture(text):
    _, out, err = run([sys.executable, os.path.join(
        ROOT, "tests/bench/picture.py")], input=text)
    report(out and out == read("examples/speed.svg"),
           "the picture of speeds shows the table (make docs)", err)


def main():
    text = read("README.md")
    check_commands(text)
    check_names(text)
    check_table(text, "formats")
    check_table(text, "layers")
    check_picture(text)
    finish()


main()
