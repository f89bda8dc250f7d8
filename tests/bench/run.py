#!/usr/bin/env python3
"""A short run of the bench: that it works, that its check of the outputs can
fail, that rnnc's code is not slower than naive loops, that rnnc itself is
quick. No threshold is a time of a network: machines differ, and this one may
be busy. Those for compiling are generous, and count processor time."""

import os
import re
import statistics
import sys
import xml.dom.minidom

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
sys.path.insert(0, HERE)
import goals
import growth
import onednn
import plot
import readme
import tables
import workloads
from measure import RIVALS, TOLERANCE, Batch, Predict, Step, Wrong, measure
from programs import STORED, WHOLE, Maker, Row
from support import RNNC, ROOT, SANITIZED, finish, report, workspace

NAIVE = Row("naive", "gcc", "-O3 -march=native")
ROWS = [NAIVE, Row("rnnc", "gcc", "-O2 -march=native"),
        Row("rnnc", "clang", "-O2 -march=native")]
SHORT = ("W1", "W2", "W3", "W7", "W8", "NAM")
NOTEBOOK = os.path.join(ROOT, "examples", "notebook", "model.json")


def check_speed(maker, workload):
    calls = (Step if workload.stepping else Predict)(maker.timer(), workload)
    programs = [maker.program(workload, row) for row in ROWS]
    try:
        results = measure(calls, programs, rounds=3, chunk_ns=2e5)
        if workload.batches:
            measure(Batch(maker.timer(), workload, 37), programs, 1, 1e4)
    except Wrong as e:
        report(False, workload.name + ": outputs", str(e))
        return
    for result in results[1:]:
        report(result.ratio > 1, "%s: %s is faster than naive loops" % (
            workload.name, result.label), "%.2fx" % result.ratio)


def check_refusal(maker, workload):
    """Programs with other weights must not pass."""
    program = maker.program(workload, NAIVE)
    other = workloads.Workload("W1", workload.title, 10, [
        ("SimpleRNN", 3, 5), ("Dense", 5, 2)], seed=2)
    for calls in (Predict(maker.timer(), other), Step(maker.timer(), other),
                  Batch(maker.timer(), other, 3)):
        try:
            measure(calls, [program], 1, 1e4)
            report(False, "%s: wrong outputs are found" % calls.name)
        except Wrong:
            report(True, "%s: wrong outputs are found" % calls.name)


def onednn_error(library, calls, workload):
    """How far the workload in oneDNN is from what the calls are of."""
    engine = onednn.OnednnEngine(library, workload, getattr(calls, "n", None),
                                 calls.name == "step")
    return calls.check(engine) if engine.time(1) > 0 else 1


def check_onednn(maker, named):
    """It may be absent; where it is not, its gates stand in our order."""
    try:
        onednn.load(maker, "oneapi/dnnl/absent.h")
        report(False, "oneDNN may be absent")
    except ImportError as e:
        report("libdnnl-dev" in str(e), "oneDNN may be absent", str(e))
    try:
        library = onednn.load(maker)
    except ImportError as e:
        print("ok - oneDNN's outputs # SKIP %s" % e)
        return
    for name in ("W1", "W2", "W3", "W8"):
        w, timer = named[name], maker.timer()
        for calls in [Predict(timer, w), Batch(timer, w, 5)] + \
                [Step(timer, w)] * w.stepping:
            error = onednn_error(library, calls, w)
            report(error <= TOLERANCE, "%s %s: oneDNN's outputs" % (
                name, calls.name), str(error))
    other = workloads.Workload("W1", "", 10, [
        ("SimpleRNN", 3, 5), ("Dense", 5, 2)], seed=2)
    error = onednn_error(library, Predict(timer, named["W1"]), other)
    report(error > RIVALS, "oneDNN's wrong outputs are found", str(error))


def check_stored(maker, workload):
    """Weights in 16 bits are other numbers, and not widened one by one."""
    calls = Predict(maker.timer(), workload)
    for row, cc in zip(ROWS[1:], ("gcc", "clang")):
        stored = next(r for r in STORED if r.cc == cc)
        _, result = measure(calls, [maker.program(workload, row),
                                    maker.program(workload, stored)], 3, 2e5)
        report(result.error > TOLERANCE and result.ratio > .75,
               "%s: %s is about as fast as float" % (
                   workload.name, result.label), "%.2fx, error %g" % (
                   result.ratio, result.error))


def check_pruned(maker, workload):
    """Blocks of zeros are not multiplied."""
    calls = Predict(maker.timer(), workload)
    for whole in WHOLE:
        row = next(r for r in ROWS if r.cc == whole.cc and r.group == "rnnc")
        _, result = measure(calls, [maker.program(workload, whole),
                                    maker.program(workload, row)], 3, 2e5)
        report(result.ratio > 2, "%s: %s gains by it" % (
            workload.title, result.label), "%.2fx" % result.ratio)


def check_text():
    shown = [tables.number(n) for n in (8.25, 999.94, 1234.5, 71234, 1.2e6)]
    report(shown == ["8.2", "999.9", "1234", "71.2k", "1.20M"],
           "numbers have three digits", str(shown))


def row(label, call, ns, ratio, group):
    return {"workload": "W8", "title": "t", "call": call, "label": label,
            "ns": ns, "ratio": ratio, "error": 1e-7, "group": group,
            "text": 1000, "rodata": 0}


def check_goals():
    """A miss shows, in the main table and for batches."""
    ours = "rnnc gcc " + tables.NATIVE
    results = [row(readme.NAIVE, "predict", 200, 1, "naive"),
               row(ours, "predict", 125, 1.6, "rnnc"),
               row("rnnc clang " + tables.NATIVE, "predict", 100, 2, "rnnc"),
               row(ours, "batch 64", 80, 2.5, "rnnc"),
               row("onnxruntime 1", "batch 64", 88, 2.3, "rival")]
    pruned = dict(row(ours, "predict", 50, 4, "rnnc"), workload="P")
    whole = dict(pruned, label=ours + " not pruned", ns=120)
    text = tables.markdown(results + [pruned, whole], goals)
    report("125.0 (1.60x) <" in text and "100.0 (2.00x) <" not in text
           and "-march=native 1.10x <; must 1.2x" in text
           and "-march=native 2.40x <; must 2.5x" in text,
           "tables show what misses a goal", text)


def check_plot():
    c = growth.curve("a < b", "n", "ns")
    for x, y in ((8, 120.0), (64, 3e3), (1024, 7e5)):
        growth.add(c, "one & two", x, y)
    drawn = xml.dom.minidom.parseString(plot.svg(c))
    points = drawn.getElementsByTagName("polyline")[0].getAttribute("points")
    xs = [float(p.split(",")[0]) for p in points.split()]
    ys = [float(p.split(",")[1]) for p in points.split()]
    report(xs == sorted(xs) and ys == sorted(ys, reverse=True)
           and abs(xs[1] - xs[0] - 3 / 7 * (xs[2] - xs[0])) < .2,
           "plots are logarithmic SVG", points)


def check_readme():
    """Every claim is a row that bench.py writes: a workload by its name, what
    is measured, numbers as it prints them, in the order of W1 to W9."""
    with open(readme.README) as f:
        lines = (readme.section(f.read()) or "").splitlines()
    number = r"\d+(\.\d)?|\d+\.\d+[kM]"
    ratio = r"(%s) \(\d+\.\d\dx\)" % number
    names = ["%s %s, %s" % (w.name, w.title,
                            "step" if w.stepping else "predict")
             for w in workloads.standard()]
    found = []
    for line in lines[2:]:
        cells = [c.strip() for c in line.strip("|").split("|")]
        patterns = [".*", number, ratio, ratio, r"((%s) \w.*)?" % number]
        if len(cells) == 5 and all(re.fullmatch(p, c) for p, c in
                                   zip(patterns, cells)):
            found.append(cells[0])
        else:
            report(False, "README's speeds are the bench's", line)
    report(lines and lines[0].split("|")[1].strip() == "ns per call"
           and found == names, "README has all nine", str(found))


def check_compiling(maker):
    """10 ms and 3 s for 10 million weights are the aims."""
    spend = growth.spender(maker)
    out = os.path.join(maker.folder, "notebook.c")
    seconds = statistics.median(
        spend([RNNC, NOTEBOOK, "-o", out])[0] for _ in range(9))
    report(seconds < .05, "the notebook compiles in 50 ms", "%g" % seconds)
    curves = growth.by_weights(maker, [1000000])
    time, memory = (
        {k: s[0] for k, s in curves["compile_" + what]["series"].items()}
        for what in ("time", "memory"))
    for label, most in (("rnnc", 1), ("gcc", 2), ("clang", 1)):
        report(time[label][1] < most, "%s: a million weights in %d s" % (
            label, most), "%g s" % time[label][1])
    name = "rnnc needs less than 40 bytes a weight"
    if SANITIZED:
        print("ok - %s # SKIP sanitizers need more" % name)
    else:
        report(memory["rnnc"][1] < 40 * memory["rnnc"][0], name,
               str(memory["rnnc"]))


with workspace() as folder:
    maker = Maker(folder, RNNC)
    all_of_them = {w.name: w for w in
                   workloads.standard() + workloads.others()}
    check_refusal(maker, all_of_them["W1"])
    check_text()
    check_goals()
    check_plot()
    check_readme()
    check_onednn(maker, all_of_them)
    for name in SHORT:
        check_speed(maker, all_of_them[name])
    check_stored(maker, all_of_them["W4"])
    check_pruned(maker, all_of_them["W6P"])
    check_compiling(maker)
finish()
