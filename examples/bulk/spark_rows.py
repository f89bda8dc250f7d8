"""PySpark: every executor gets the two files, compiles once, and scores the
record batches that mapInArrow hands it."""

import os

import numpy as np
import pyarrow as pa
from pyspark.sql import SparkSession

import forecast as here
from rows import rows

N = 1000000
x = rows(N)


def score(batches):
    """Runs in the executors; forecast.py and forecast.c came with addFile."""
    import forecast
    for batch in batches:
        columns = [np.asarray(batch.column(name), np.float32)
                   for name in "abc"]
        y = forecast.predict(np.stack(columns, 1)[:, :, None])[:, 0]
        yield pa.RecordBatch.from_arrays([batch.column("id"), pa.array(y)],
                                         ["id", "y"])


spark = (SparkSession.builder.master("local[2]")
         .config("spark.ui.enabled", "false")
         .config("spark.driver.bindAddress", "127.0.0.1")
         .config("spark.driver.host", "127.0.0.1")
         .config("spark.driver.memory", "2g")
         .config("spark.sql.execution.arrow.pyspark.enabled", "true")
         .getOrCreate())
spark.sparkContext.setLogLevel("ERROR")
spark.sparkContext.addFile(here.SOURCE)
spark.sparkContext.addPyFile(os.path.splitext(here.SOURCE)[0] + ".py")
readings = spark.createDataFrame(pa.table(
    {"id": np.arange(N)} | {n: x[:, k, 0] for k, n in enumerate("abc")}))
scored = (readings.repartition(8).mapInArrow(score, "id long, y float")
          .toArrow().sort_by("id"))
spark.stop()
assert np.array_equal(scored["id"], np.arange(N))
assert np.array_equal(scored["y"], here.predict(x)[:, 0])
print("spark: %d rows, the same bits" % N)
