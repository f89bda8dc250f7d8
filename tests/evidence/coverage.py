#!/usr/bin/env python3
"""P17: lines and branches of rnnc's own C that the quick suites reach."""

import os
import re
import shutil
import subprocess

from common import ROOT, finish, run, workspace

SUITES = "unit errors cli schema golden tensors"
LEAST = 85.0  # per cent of lines


def build(folder):
    """A copy of the sources, so that no other build is touched."""
    for name in ("compiler", "templates", "runtime", "tests", "examples"):
        shutil.copytree(os.path.join(ROOT, name), os.path.join(folder, name))
    for name in ("Makefile", "README.md", "LICENSE"):
        shutil.copy(os.path.join(ROOT, name), folder)
    environment = {k: v for k, v in os.environ.items()
                   if k not in ("RNNC", "BUILD", "MAKEFLAGS", "MFLAGS",
                                "MAKELEVEL", "GENERATED_CFLAGS", "QUICK")}
    return subprocess.run(
        ["make", "-j2", "CFLAGS=-O0 --coverage", "LDFLAGS=--coverage", "check",
         "T=" + SUITES], cwd=folder, env=environment, capture_output=True,
        text=True)


def count(folder):
    """{file: (lines, lines run, branches, branches taken)}"""
    sums = {}
    objects = [os.path.join(where, n)
               for where, _, names in os.walk(os.path.join(folder, "build"))
               for n in names if n.endswith(".gcda") and "/compiler" in where]
    for name in objects:
        _, out, _ = run(["gcov", "-n", "-b", "-o", name, name], cwd=folder)
        for path, text in re.findall(r"File '([^']*)'\n(.*?)(?:\n\n|\Z)", out,
                                     re.S):
            lines = re.search(r"Lines executed:([\d.]+)% of (\d+)", text)
            taken = re.search(r"Taken at least once:([\d.]+)% of (\d+)", text)
            if path.endswith(".c") and path.startswith("compiler/") and lines:
                row = []
                for found in (lines, taken):
                    total = int(found.group(2)) if found else 0
                    row += [total, round(total * float(found.group(1)) / 100)
                            if found else 0]
                sums[path] = row
    return sums


def main():
    with workspace() as folder:
        done = build(folder)
        sums = count(folder)
    faults = []
    if not sums:
        faults.append("nothing was counted: " + done.stdout[-500:]
                      + done.stderr[-500:])
    lines, ran, branches, taken = (sum(r[k] for r in sums.values())
                                   for k in range(4))
    for path, row in sorted(sums.items(), key=lambda i: i[1][1] - i[1][0]):
        if row[1] < row[0]:
            print("%-40s %4d of %4d lines" % (path, row[1], row[0]))
    share = 100.0 * ran / max(lines, 1)
    if share < LEAST:
        faults.append("%.1f %% of %d lines" % (share, lines))
    finish(faults, "%.1f %% of %d lines, %.1f %% of %d branches"
           % (share, lines, 100.0 * taken / max(branches, 1), branches))


main()
