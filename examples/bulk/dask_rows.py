"""Dask: blocks of rows in threads, and in processes of their own."""

import dask.array as da
import numpy as np

import forecast
from rows import rows

N = 1000000

if __name__ == "__main__":  # the processes import this file
    x = rows(N)
    forecast.build()  # once, before the workers would all do it
    want = forecast.predict(x)
    blocks = da.from_array(x, chunks=(130000, 3, 1))
    y = blocks.map_blocks(forecast.predict, drop_axis=2, chunks=(130000, 1),
                          dtype=forecast.REAL, meta=np.empty((0, 1)))
    for scheduler in ("threads", "processes"):
        got = y.compute(scheduler=scheduler, num_workers=2)
        assert np.array_equal(got, want)
        print("dask, %s: %d rows, the same bits" % (scheduler, len(got)))
