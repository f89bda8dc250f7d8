#!/usr/bin/env python3
"""P16: rnnc with its k-th call for a file failing, for every k."""

from common import finish, in_parallel, workspace
from failing import NOTEBOOK, Failing


def main():
    faults, failed = [], 0
    with workspace() as folder:
        shim = Failing(folder)
        calls, whole = shim.calls(NOTEBOOK, "count")

        def fail(k):
            result = shim.compile(NOTEBOOK, "run%d" % k, FAIL_AT=str(k))
            fault = shim.judge(whole, *result)
            return result[0] != 0, "call %d: %s" % (k, fault) if fault else None

        found = in_parallel(fail, range(1, calls + 1))
        failed = sum(f for f, _ in found)
        faults = [f for _, f in found if f]
        if failed < calls // 2:
            faults.append("only %d of %d calls mattered" % (failed, calls))
    finish(faults, "all of %d calls failed, one at a time" % calls)


main()
