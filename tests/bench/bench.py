#!/usr/bin/env python3
"""bench.py -- how fast what rnnc writes is, against naive C.

    make bench             everything; takes long
    make bench QUICK=1     rnnc and naive C only, predict and step, 1-2 minutes
    make bench W='W1 W4'   only these workloads

Outputs are compared with numpy's in float64 before anything is timed. Writes
results.json and results.md to build/bench/."""

import argparse
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import goals
import tables
import workloads
from measure import Batch, Predict, Step, Wrong, measure
from programs import LEVELS, NAIVE, OURS, Failed, Maker

MAX_BATCH_BYTES = 256 << 20
BATCHES = [1, 4, 16, 64, 256, 1024, 4096, 16384]


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rnnc", default="build/rnnc")
    parser.add_argument("--folder", default="build/bench")
    parser.add_argument("--rounds", type=int, default=0,
                        help="turns of each program (9; quick 5)")
    parser.add_argument("--chunk", type=float, default=1e6,
                        help="ns of calls in one turn (1e6)")
    parser.add_argument("workloads", nargs="*", help="W1 ... W9 (all)")
    return parser.parse_args()


def pin():
    """One processor, the last: interrupts prefer the first."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {allowed[-1]})


def calls_of(timer, workload, quick):
    """The main figure of a workload, then the others."""
    if workload.stepping:
        yield Step(timer, workload)
    yield Predict(timer, workload)
    sample = 4 * (workload.input_size() + workload.output_size())
    for n in [] if quick else BATCHES:
        if n * sample <= MAX_BATCH_BYTES and n * workload.parameters() < 2e9:
            yield Batch(timer, workload, n)


def run_workload(maker, workload, options):
    """[row] of one workload, as they go to results.json."""
    rows = NAIVE[:1] + OURS if options.quick else NAIVE + OURS + LEVELS
    programs = [maker.program(workload, row) for row in rows]
    results = []
    for calls in calls_of(maker.timer(), workload, options.quick):
        rounds = options.rounds or (5 if options.quick else 9)
        for program, result in zip(programs, measure(
                calls, programs, rounds, options.chunk)):
            results.append({
                "workload": workload.name, "title": workload.title,
                "call": calls.name, "label": result.label,
                "ns": round(result.ns, 1), "ratio": round(result.ratio, 3),
                "error": float("%.2g" % result.error),
                "text": program.text, "rodata": program.rodata})
        print(tables.progress(results, calls.name), flush=True)
    return results


def main():
    options = arguments()
    pin()
    maker = Maker(options.folder, options.rnnc)
    results = []
    try:
        for workload in workloads.standard():
            if not options.workloads or workload.name in options.workloads:
                results += run_workload(maker, workload, options)
    except (Failed, Wrong) as e:
        sys.exit("bench: %s" % e)
    with open(os.path.join(options.folder, "results.json"), "w") as f:
        json.dump(results, f, indent=1)
    text = tables.markdown(results, goals)
    with open(os.path.join(options.folder, "results.md"), "w") as f:
        f.write(text)
    print("\n" + text)


if __name__ == "__main__":
    main()
