#!/usr/bin/env python3
"""What rnnc promises, checked here and now: a table of promise, check, result.

    evidence.py [--quick] [P1 P8 ...]

A row is proved by a script of this folder, or by the tests of a suite whose
names match. Both end up in build/evidence: the table as evidence.txt and
evidence.json, and all that was printed. What nothing checks is listed as "not
checked". Exits with 1 if a check fails. --quick takes seconds instead of
minutes: smaller samples, and fewer rows."""

import json
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
os.environ["RNNC"] = os.path.abspath(os.environ.get(
    "RNNC", os.path.join(BUILD, "rnnc")))
from rows import ROWS
from support import ROOT

OUT = os.path.join(BUILD, "evidence")
_suites = {}


def run_logged(name, command, quick):
    """(exit status, what it printed), which build/evidence keeps."""
    environment = dict(os.environ, QUICK="1" if quick else "",
                       PYTHON=sys.executable)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          cwd=ROOT, env=environment)
    with open(os.path.join(OUT, name + ".log"), "w") as f:
        f.write(done.stdout)
    return done.returncode, done.stdout


def suite_output(name):
    """What a suite printed; it is run once, whoever asks."""
    if name not in _suites:
        for ending, command in ((".bats", ["bats", "--tap"]),
                                ("/run.py", [sys.executable]),
                                ("/run.sh", [])):
            path = os.path.join(ROOT, "tests", name + ending)
            if os.path.exists(path):
                _suites[name] = run_logged(name.replace("/", "-"),
                                           [*command, path], False)
    return _suites[name]


def check_suite(row):
    """Counts the tests whose names match; none, or a crash, is a failure."""
    passed, failed = 0, []
    for name in row.suites:
        status, text = suite_output(name)
        lines = [l for l in text.splitlines()
                 if re.match(r"(not )?ok\b", l) and re.search(row.match, l)
                 and "# skip" not in l]
        bad = [l for l in lines if l.startswith("not")]
        if not lines or (status and not re.search(r"^not ok", text, re.M)):
            bad.append("not ok - suite %s, exit status %d" % (name, status))
        passed += len(lines) - len(bad)
        failed += bad
    if failed:
        return False, "%d of %d tests failed: %s" % (
            len(failed), passed + len(failed), failed[0][9:])
    return True, "%d tests" % passed


def check_script(row, quick):
    """Its last line is the result."""
    status, text = run_logged(row.script[:-3], [
        sys.executable, os.path.join(HERE, row.script)], quick)
    lines = text.strip().splitlines() or ["nothing printed"]
    return status == 0, lines[-1]


def check(row, quick):
    if not row.script and not row.suites:
        return "not checked", row.how
    if quick and not row.quick:
        return "not checked", "left out by --quick"
    ok, text = check_script(row, quick) if row.script else check_suite(row)
    return "ok" if ok else "FAILED", text


def table(results):
    """Columns as wide as they need; the last is free."""
    lines = [("", "promise", "how it was checked", "result")]
    for row, (verdict, text) in results:
        how = "" if not row.script and not row.suites else row.how
        lines.append(("P%d" % row.number, row.promise, how,
                      verdict + (": " + text if text else "")))
    width = [max(len(l[k]) for l in lines) for k in range(3)]
    text = ["  ".join(l[k].ljust(width[k]) for k in range(3)) + "  " + l[3]
            for l in lines]
    return "\n".join(text) + "\n"


def headline(results):
    count = {v: sum(1 for _, (verdict, _) in results if verdict == v)
             for v in ("ok", "FAILED", "not checked")}
    return "%d promises hold, %d failed, %d not checked" % (
        count["ok"], count["FAILED"], count["not checked"])


def main():
    quick = "--quick" in sys.argv
    only = [a for a in sys.argv[1:] if a != "--quick"]
    unknown = set(only) - {"P%d" % r.number for r in ROWS}
    if unknown:
        sys.exit("evidence.py: no such promise: " + ", ".join(sorted(unknown)))
    os.makedirs(OUT, exist_ok=True)
    results = []
    for row in ROWS:
        if only and "P%d" % row.number not in only:
            continue
        start = time.time()
        results.append((row, check(row, quick)))
        print("P%d %s: %s (%.0f s)" % (row.number, row.promise,
                                       results[-1][1][0],
                                       time.time() - start), file=sys.stderr)
    text = table(results) + "\n" + headline(results) + "\n"
    print(text, end="")
    with open(os.path.join(OUT, "evidence.txt"), "w") as f:
        f.write(text)
    with open(os.path.join(OUT, "evidence.json"), "w") as f:
        json.dump([{"id": "P%d" % r.number, "promise": r.promise, "how": r.how,
                    "verdict": v, "result": t} for r, (v, t) in results], f,
                  indent=1)
    sys.exit(any(v == "FAILED" for _, (v, _) in results))


main()
