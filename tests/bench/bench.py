#!/usr/bin/env python3
"""bench.py -- how fast what rnnc writes is, against naive C.

    make bench             everything; takes long
    make bench QUICK=1     rnnc and naive C only, predict and step, 1-2 minutes
    make bench W='W1 W4'   only these workloads, and no growth curves
    make bench README=1    the main calls alone; writes README's table of them

Outputs are compared with numpy's in float64 before anything is timed. Writes
results.json, results.md, growth.json and plots to build/bench/."""

import argparse
import json
import os
import resource
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import goals
import growth
import plot
import readme
import tables
import workloads
from measure import RIVALS, Batch, Predict, Step, Wrong, measure
from programs import ALIKE, AVX2, LEVELS, NAIVE, OURS, PLAIN, SCALAR, STORED, \
    WHOLE, Failed, Maker

# One call of predict_batch stays within these.
MAX_BATCH_BYTES, MAX_BATCH_WORK = 256 << 20, 8e9
BATCHES = [1, 4, 16, 64, 1024, 16384]
BATCH_ROWS = NAIVE[:1] + OURS
MORE_ROWS = AVX2 + PLAIN # of batches, too, but not of short runs


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--growth", action="store_true",
                        help="growth curves alone")
    parser.add_argument("--rnnc", default="build/rnnc")
    parser.add_argument("--folder", default="build/bench")
    parser.add_argument("--rounds", type=int, default=0,
                        help="turns of each program (9; quick 5)")
    parser.add_argument("--chunk", type=float, default=1e6,
                        help="ns of calls in one turn (1e6)")
    parser.add_argument("workloads", nargs="*", help="W1 ... W9, W6P, NAM (all)")
    return parser.parse_args()


def pin():
    """One processor, the last: interrupts prefer the first."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {allowed[-1]})


def room():
    """A stack for rivals whose functions take 14 MB of it, as for NAM."""
    most = resource.getrlimit(resource.RLIMIT_STACK)[1]
    wanted = 64 << 20
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    resource.setrlimit(resource.RLIMIT_STACK, (wanted, most))


def calls_of(timer, workload, options):
    """The main figure of a workload, then the others."""
    if workload.stepping:
        yield Step(timer, workload)
    if options.readme and workload.stepping:
        return
    yield Predict(timer, workload)
    sample = 4 * (workload.input_size() + workload.output_size())
    quick = options.quick or options.readme
    for n in BATCHES if workload.batches and not quick else []:
        if n * sample <= MAX_BATCH_BYTES and \
                n * workload.multiply_adds() <= MAX_BATCH_WORK:
            yield Batch(timer, workload, n)


def open_rivals(openers, calls):
    """Those that can do it."""
    opened = []
    for name, opener in openers.items():
        try:
            engine = opener(calls.workload, getattr(calls, "n", None),
                            calls.name == "step")
            error = calls.check(engine)
            if not error <= RIVALS:
                raise Wrong("its outputs are off by %.3g" % error)
            opened.append(engine)
        except NotImplementedError:
            pass
        except Exception as e: # whatever a library raises
            print("%s %s: without %s (%s)" % (
                calls.workload.name, calls.name, name, e), flush=True)
    return opened


def run_workload(maker, workload, options, rivals):
    """[row] of one workload, as they go to results.json."""
    rows = BATCH_ROWS if options.quick or options.readme else \
        NAIVE + OURS + MORE_ROWS + SCALAR + LEVELS + ALIKE + STORED
    rows = rows + WHOLE if workload.whole else rows
    programs = [maker.program(workload, row) for row in rows]
    results = []
    for calls in calls_of(maker.timer(), workload, options):
        rounds = options.rounds or (5 if options.quick else 9)
        batch = isinstance(calls, Batch)
        entrants = [p for p in programs
                    if not batch or p.row in BATCH_ROWS + MORE_ROWS]
        entrants += open_rivals(rivals, calls)
        for program, result in zip(entrants, measure(
                calls, entrants, rounds, options.chunk)):
            results.append({
                "workload": workload.name, "title": workload.title,
                "call": calls.name, "label": result.label,
                "ns": round(result.ns, 1), "ratio": round(result.ratio, 3),
                "error": float("%.2g" % result.error),
                "group": program.group,
                "text": program.text, "rodata": program.rodata})
        print(tables.progress(results, calls.name), flush=True)
    return results


def write(options, name, text):
    with open(os.path.join(options.folder, name), "w") as f:
        f.write(text)


def run_growth(maker, options, rivals, results):
    curves = growth.by_batch(results)
    curves.update(growth.by_weights(maker))
    curves["units"] = growth.by_units(maker, rivals)
    curves["timesteps"] = growth.by_steps(maker, rivals)
    write(options, "growth.json", json.dumps(curves, indent=1))
    for name, curve in curves.items():
        write(options, name + ".svg", plot.svg(curve))


def run_all(options):
    maker, rivals, results = Maker(options.folder, options.rnnc), {}, []
    if not options.quick:
        from rivals import openers
        rivals = openers(maker, print)
    others = [] if options.readme else workloads.others()
    for workload in workloads.standard() + others:
        if not options.growth and (not options.workloads or
                                   workload.name in options.workloads):
            results += run_workload(maker, workload, options, rivals)
    if results:
        text = tables.markdown(results, goals)
        write(options, "results.json", json.dumps(results, indent=1))
        write(options, "results.md", text)
        print("\n" + text)
    if options.growth or not (options.quick or options.readme or
                              options.workloads):
        run_growth(maker, options, rivals, results)
    if options.readme:
        readme.update(results)


def main():
    options = arguments()
    pin()
    room()
    try:
        run_all(options)
    except (Failed, Wrong) as e:
        sys.exit("bench: %s" % e)


if __name__ == "__main__":
    main()
