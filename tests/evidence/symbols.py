#!/usr/bin/env python3
"""P8: nm -u shows memcpy and memset at most."""

import os

from common import QUICK, finish, generate, in_parallel, models, run, \
    workspace

FLAGS = [["gcc", "-O2"], ["clang", "-O2"], ["gcc", "-Os"]]


def foreign(job):
    path, folder, compiler = job
    made = generate(path, folder, "--type",
                    "double" if compiler[1] == "-Os" else "float")
    if not made:
        return "%s: does not compile" % path
    status, _, err = run([*compiler, "-c", made[0], "-o", made[0] + ".o"])
    _, out, _ = run(["nm", "-u", made[0] + ".o"])
    names = {w for w in out.split() if w != "U"} - {"memcpy", "memset"}
    return "%s %s: %s" % (path, compiler[0], err or names) \
        if status or names else None


def main():
    paths = models(4 if QUICK else 120)
    with workspace() as folder:
        jobs = [(p, folder, FLAGS[k % 3]) for k, p in enumerate(paths)]
        found = in_parallel(foreign, jobs)
    finish([f for f in found if f],
           "%d models, gcc and clang, nothing else" % len(jobs))


if __name__ == "__main__":
    main()
