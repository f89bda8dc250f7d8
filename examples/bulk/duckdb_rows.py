"""SELECT forecast(a, b, c) in DuckDB: Arrow arrays in, an Arrow array out."""

import duckdb
import numpy as np
import pyarrow as pa

import forecast
from rows import rows

N = 1000000
x = rows(N)


def score(a, b, c):
    """A chunk of rows; DuckDB calls it with thousands at a time."""
    table = np.stack([np.asarray(v, np.float32) for v in (a, b, c)], 1)
    return pa.array(forecast.predict(table[:, :, None])[:, 0])


connection = duckdb.connect()
connection.create_function("forecast", score, ["FLOAT"] * 3, "FLOAT",
                           type="arrow")
readings = pa.table({name: x[:, k, 0] for k, name in enumerate("abc")}
                    | {"id": np.arange(N)})
connection.register("readings", readings)
y = connection.execute("SELECT forecast(a, b, c) AS y FROM readings "
                       "ORDER BY id").fetchnumpy()["y"]
assert np.array_equal(y, forecast.predict(x)[:, 0])
print("duckdb: %d rows, the same bits" % len(y))
