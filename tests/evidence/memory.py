#!/usr/bin/env python3
"""P15: rnnc with its n-th allocation failing, and with all after it, too."""

import random

from common import QUICK, finish, in_parallel, models, workspace
from failing import NOTEBOOK, Failing


def points(calls, most):
    """The first and a sample of the rest, evenly, from a fixed seed."""
    if calls <= most:
        return list(range(1, calls + 1))
    rng = random.Random(15)
    return list(range(1, most // 3)) + sorted(
        rng.sample(range(most // 3, calls + 1), most - most // 3))


def main():
    faults, total, possible = [], 0, 0
    with workspace() as folder:
        shim = Failing(folder, "-DMEMORY")
        for k, model in enumerate([NOTEBOOK, *models(2, "LSTM")[:1]]):
            calls, whole = shim.calls(model, "count%d" % k)

            def fail(n):
                more = {"FAIL_ON": "1"} if n % 2 else {}
                fault = shim.judge(whole, *shim.compile(
                    model, "run%d-%d" % (k, n), FAIL_AT=str(n), **more))
                return "allocation %d: %s" % (n, fault) if fault else None

            chosen = points(calls, 40 if QUICK else 1500)
            faults += [f for f in in_parallel(fail, chosen) if f]
            total, possible = total + len(chosen), possible + calls
    finish(faults, "%d of %d allocations failed, one at a time"
           % (total, possible))


main()
