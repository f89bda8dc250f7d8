"""One million rows from numpy, with one thread and with two."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import forecast
from rows import rows

N = 1000000
x = rows(N)
forecast.build()
forecast.predict(x[:1])


def in_parallel(threads):
    """predict releases the interpreter's lock, so threads are enough."""
    with ThreadPoolExecutor(threads) as pool:
        return np.concatenate(list(pool.map(
            forecast.predict, np.array_split(x, 4 * threads))))


def best_of(clock, function, times=5):
    seconds = []
    for _ in range(times):
        start = clock()
        y = function()
        seconds.append(clock() - start)
    return y, min(seconds)


# Of the processor's time, as loop.c has it.
one, seconds = best_of(time.process_time, lambda: forecast.predict(x))
print("numpy: %.0f rows/s" % (N / seconds))
two, seconds = best_of(time.perf_counter, lambda: in_parallel(2))
print("two threads: %.0f rows/s" % (N / seconds))
assert one.shape == (N, 1) and np.array_equal(one, two)
print("two threads: the same bits")
