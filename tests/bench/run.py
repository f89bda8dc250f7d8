#!/usr/bin/env python3
"""A short run of the bench: that it works, that its check of the outputs can
fail, and that rnnc's code is not slower than naive loops. No threshold is a
time: machines differ, and this one may be busy."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
sys.path.insert(0, HERE)
import tables
import workloads
from measure import Predict, Step, Wrong, measure
from programs import Maker, Row
from support import RNNC, finish, report, workspace

NAIVE = Row("naive", "gcc", "-O3 -march=native")
ROWS = [NAIVE, Row("rnnc", "gcc", "-O2 -march=native"),
        Row("rnnc", "clang", "-O2 -march=native")]
SHORT = ("W1", "W2", "W3", "W7", "W8")


def check_speed(maker, workload):
    calls = (Step if workload.stepping else Predict)(maker.timer(), workload)
    programs = [maker.program(workload, row) for row in ROWS]
    try:
        results = measure(calls, programs, rounds=3, chunk_ns=2e5)
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
    try:
        measure(Predict(maker.timer(), other), [program], 1, 1e4)
        report(False, "wrong outputs are found")
    except Wrong:
        report(True, "wrong outputs are found")


def check_text():
    shown = [tables.number(n) for n in (8.25, 999.94, 1234.5, 71234, 1.2e6)]
    report(shown == ["8.2", "999.9", "1234", "71.2k", "1.20M"],
           "numbers have three digits", str(shown))


with workspace() as folder:
    maker = Maker(folder, RNNC)
    all_of_them = {w.name: w for w in workloads.standard()}
    check_refusal(maker, all_of_them["W1"])
    check_text()
    for name in SHORT:
        check_speed(maker, all_of_them[name])
finish()
