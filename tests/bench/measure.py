"""Checks programs against float64, then times them in turns.

All programs of a workload take turns in short chunks, in another order each
round, so that what the machine does to one it does to the others. A program's
time in a round is the best of a few chunks; its result the median over the
rounds; a ratio the median of the rounds' ratios."""

import ctypes
import random
import statistics

import numpy as np

import workloads

TOLERANCE = 2e-6  # the promise of the interface
RIVALS = 1e-4     # others promise nothing; the table shows what they do
INPUTS = 16       # different inputs, in turn
STATE = 1 << 19   # bytes, more than any state


def aligned(shape, offset=64):
    """float32 zeros at a multiple of 64 bytes."""
    size = int(np.prod(shape))
    raw = np.zeros(size + offset, "f4")
    skip = (-raw.ctypes.data % 64) // 4
    return raw[skip:skip + size].reshape(shape)


def placed(values):
    array = aligned(values.shape)
    array[:] = values
    return array


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


def is_engine(program):
    return hasattr(program, "feed")


class Calls:
    """What one call is: a name, how to time many of them, how to check."""

    def __init__(self, timer, workload):
        self.timer, self.workload, self.wanted = timer, workload, {}
        self.x = placed(workload.inputs(INPUTS))
        self.y = aligned((INPUTS, workload.output_size() + 16))
        for name in ("chunk_predict", "chunk_batch", "chunk_step"):
            getattr(timer, name).restype = ctypes.c_double

    def error(self, got, want):
        """The largest difference, relative where the value is above 1."""
        got = got.reshape(want.shape)
        return float(np.max(np.abs(got - want) / np.maximum(1, abs(want))))

    def want(self, program, x, **how):
        """What it should return: a pruned network stands beside what it was."""
        whole = not is_engine(program) and program.row.whole
        workload = self.workload.whole if whole else self.workload
        if workload not in self.wanted:
            self.wanted[workload] = workloads.reference(workload, x, **how)
        return self.wanted[workload]

    def take(self, program, calls):
        """ns per call."""
        if is_engine(program):
            return program.time(calls)
        return self.time(program, calls)


class Predict(Calls):
    name = "predict"

    def check(self, program):
        want = self.want(program, self.x)
        if is_engine(program):
            return self.error(np.stack([program.output(x) for x in self.x]),
                              want)
        got = np.zeros_like(want, dtype="f4")
        for x, y in zip(self.x, got):
            program.predict(pointer(x), pointer(y))
        return self.error(got, want)

    def time(self, program, calls):
        return self.timer.chunk_predict(
            program.predict, pointer(self.x), ctypes.c_size_t(self.x.shape[1]),
            ctypes.c_size_t(INPUTS), pointer(self.y), ctypes.c_size_t(calls))


class Step(Calls):
    """One timestep; the input of predict is the stream."""
    name = "step"

    def __init__(self, timer, workload):
        super().__init__(timer, workload)
        self.state = aligned(STATE // 4)

    def stream(self):
        return [pointer(self.state), pointer(self.x),
                ctypes.c_size_t(self.workload.features),
                ctypes.c_size_t(self.workload.steps)]

    def check(self, program):
        want = self.want(program, self.x[:1], every_step=True)
        if is_engine(program):
            rows = self.x[0].reshape(-1, self.workload.features)
            return self.error(program.steps(rows), want)
        got = np.zeros(want.shape, "f4")
        self.timer.run_steps(program.reset, program.step, *self.stream(),
                             pointer(got),
                             ctypes.c_size_t(self.workload.units))
        return self.error(got, want)

    def time(self, program, calls):
        program.reset(pointer(self.state)) # another's is in it
        return self.timer.chunk_step(program.step, *self.stream(),
                                     pointer(self.y), ctypes.c_size_t(calls))


class Batch(Calls):
    """n samples in one call; the time is that of one sample."""

    def __init__(self, timer, workload, n):
        super().__init__(timer, workload)
        self.n, self.name = n, "batch %d" % n
        repeats = -(-n // INPUTS)
        self.x = placed(np.tile(self.x, (repeats, 1))[:n])
        self.y = aligned((n, workload.output_size()))

    def check(self, program):
        first = min(self.n, INPUTS)
        want = self.want(program, self.x[:first])
        want = np.tile(want, (-(-self.n // INPUTS), 1))[:self.n]
        if is_engine(program):
            return self.error(program.output(self.x), want)
        self.y[:] = np.nan
        program.predict_batch(pointer(self.x), pointer(self.y),
                              ctypes.c_size_t(self.n))
        return self.error(self.y, want)

    def time(self, program, calls):
        return self.timer.chunk_batch(
            program.predict_batch, pointer(self.x), ctypes.c_size_t(self.n),
            pointer(self.y), ctypes.c_size_t(calls)) / self.n

    def take(self, program, calls):
        if is_engine(program):
            return program.time(calls) / self.n
        return self.time(program, calls)


def calibrate(calls, program, chunk_ns):
    """How many calls make a chunk."""
    count = 1
    while True:
        took = calls.take(program, count) * count * getattr(calls, "n", 1)
        if took >= chunk_ns / 2 or count >= 1 << 24:
            return max(1, round(count * chunk_ns / max(took, 1)))
        count *= 4


class Result:
    def __init__(self, label, error, rounds, baseline):
        self.label, self.error = label, error
        self.ns = statistics.median(rounds)
        self.ratio = statistics.median(
            b / r for b, r in zip(baseline, rounds))


class Wrong(Exception):
    """A program's outputs differ from float64's."""


def tolerance(program):
    return RIVALS if is_engine(program) else program.row.tolerance or TOLERANCE


def measure(calls, programs, rounds, chunk_ns, tries=3):
    """[Result], of programs[0] first: the others' ratios are to it."""
    errors = [calls.check(p) for p in programs]
    for program, error in zip(programs, errors):
        if not error <= tolerance(program):
            raise Wrong("%s %s: %s is off by %.3g" % (
                calls.workload.name, calls.name, program.label, error))
    counts = [calibrate(calls, p, chunk_ns) for p in programs]
    spent = [calls.take(p, 1) * getattr(calls, "n", 1) for p in programs]
    if max(spent) > 1e8:
        rounds = min(rounds, 3) # such calls are averages of their own
    # The first chunk brings weights to the caches again; of a call that takes
    # far longer than that there is one.
    again = [tries if ns < 10 * chunk_ns else 1 for ns in spent]
    taken = [[] for _ in programs]
    turns, order = list(range(len(programs))), random.Random(1)
    for _ in range(rounds):
        order.shuffle(turns) # what one leaves, clock and caches, others find
        for i in turns:
            taken[i].append(min(calls.take(programs[i], counts[i])
                                for _ in range(again[i])))
    return [Result(p.label, e, t, taken[0])
            for p, e, t in zip(programs, errors, taken)]
