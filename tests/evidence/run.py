#!/usr/bin/env python3
"""make evidence itself: a quick run, a promise that is broken, and README's
table, which lists the promises and nothing that is not checked."""

import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from rows import ROWS
from support import RNNC, ROOT, SANITIZED, finish, report, workspace


def evidence(folder, *arguments, compiler=RNNC):
    """(exit status, table, rows of the JSON)"""
    done = subprocess.run(
        [sys.executable, os.path.join(HERE, "evidence.py"), "--quick",
         *arguments], capture_output=True, text=True,
        env=dict(os.environ, BUILD=folder, RNNC=compiler))
    path = os.path.join(folder, "evidence/evidence.json")
    rows = []
    if os.path.exists(path):
        with open(path) as f:
            rows = json.load(f)
    return done.returncode, done.stdout + done.stderr, rows


def check_quick(folder):
    status, text, rows = evidence(folder)
    quick = ["P%d" % r.number for r in ROWS if r.quick]
    report(status == 0 and [r["id"] for r in rows if r["verdict"] == "ok"]
           == quick, "make evidence QUICK=1: all that is quick holds", text)
    left = [r for r in rows if r["id"] not in quick]
    report(len(rows) == len(ROWS) and left and all(
        r["verdict"] == "not checked" and r["result"] for r in left),
        "what was not checked is not claimed", text)
    with open(os.path.join(folder, "evidence/evidence.txt")) as f:
        report(f.read() in text, "the table is kept")


def check_broken(folder):
    """A compiler that writes what it should not."""
    wrapper = os.path.join(folder, "rnnc")
    with open(wrapper, "w") as f:
        f.write('#!/bin/sh\n"%s" "$@" || exit\ntest ! -f m.c || pwd >>m.c\n'
                % RNNC)
    os.chmod(wrapper, 0o755)
    status, text, rows = evidence(folder, "P1", compiler=wrapper)
    report(status == 1 and len(rows) == 1 and rows[0]["verdict"] == "FAILED"
           and "1 failed" in text, "a broken promise fails", text)
    status, text, _ = evidence(folder, "P99")
    report(status == 1 and "no such promise: P99" in text,
           "an unknown promise is refused", text)


def check_readme():
    with open(os.path.join(ROOT, "README.md")) as f:
        text = f.read()
    table = text.partition("<!-- evidence:")[2].partition("<!-- /")[0]
    rows = re.findall(r"^\| (P\d+) \| (.+?) \| (.+) \|$", table, re.M)
    want = [("P%d" % r.number, r.promise, r.how) for r in ROWS
            if r.script or r.suites]
    report(rows == want, "README's table of promises is what is checked",
           "%s\n%s" % (rows, want))


def main():
    with workspace() as folder:
        if SANITIZED: # which allows no library in front, as P15 and P16 put
            print("ok - make evidence QUICK=1 # SKIP under sanitizers")
        else:
            check_quick(folder)
    with workspace() as folder:
        check_broken(folder)
    check_readme()
    finish()


main()
