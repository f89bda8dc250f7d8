"""README's table of speeds, out of the results."""

import os
import re

import picture
import tables

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                      "README.md")
PICTURE = os.path.join(os.path.dirname(README), "examples", "speed.svg")
BEGIN = "<!-- speed: from make bench README=1, held by a test -->"
END = "<!-- /speed -->"
NAIVE = "naive gcc -O3 -ffast-math -march=native"
COMPILERS = ("gcc", "clang")


def label(cc):
    return "rnnc %s %s" % (cc, tables.NATIVE)


def line(rows):
    """One workload: naive, rnnc by compiler, the best rival."""
    at = {r["label"]: r for r in rows}
    best = tables.best_rival(rows)
    cells = ["%s %s, %s" % (rows[0]["workload"], rows[0]["title"],
                            rows[0]["call"]),
             tables.number(at[NAIVE]["ns"])]
    for cc in COMPILERS:
        r = at[label(cc)]
        cells.append("%s (%.2fx)" % (tables.number(r["ns"]), r["ratio"]))
    cells.append("%s %s" % (tables.number(best["ns"]), best["label"])
                 if best else "")
    return cells


def table(results):
    main, _, _ = tables.sections(results)
    lines = [line([r for r in main if r["workload"] == name])
             for name in tables.distinct(main, "workload")]
    return tables.table(["ns per call", "naive C", *(
        "rnnc, " + cc for cc in COMPILERS), "best rival"], lines)


def section(text):
    """What stands between the markers, or None."""
    found = re.search("%s\n(.*)\n%s" % (re.escape(BEGIN), re.escape(END)),
                      text, re.S)
    return found and found.group(1)


def update(results):
    with open(README) as f:
        text = f.read()
    old = section(text)
    assert old is not None, "README has no markers for the speeds"
    text = text.replace(old, table(results))
    with open(README, "w") as f:
        f.write(text)
    with open(PICTURE, "w") as f:
        f.write(picture.draw(list(picture.rows(text))))
