#!/bin/sh
# run.sh RNNC OUT [PYTHON]: makes the module and the extension in OUT, scores
# a million rows from C and numpy, and a series in SQLite; with DuckDB, PySpark
# and Dask, too, where PYTHON has them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rnnc=$1
out=$2
python=${3:-python3}
mkdir -p "$out"
"$rnnc" "$here/model.json" --emit=python -H -o "$out/forecast.py"
"$rnnc" "$here/model.json" --emit=sqlite -o "$out/forecast_sql.c"
export RNNC_CACHE="$out/cache" PYTHONPATH="$here:$out" PYSPARK_PYTHON="$python"

cc=${CC:-cc}
$cc -O2 -march=native -I"$out" -o "$out/loop" "$here/loop.c" "$out/forecast.c"
"$out/loop"
"$python" "$here/numpy_rows.py"

$cc -O2 -shared -fPIC -o "$out/forecast_sql.so" "$out/forecast_sql.c"
(cd "$out" && sqlite3 -batch :memory: <"$here/forecast.sql")

for what in duckdb dask spark; do
    module=$what
    [ $what != spark ] || module=pyspark
    if "$python" -c "import $module, pyarrow" 2>/dev/null; then
        "$python" "$here/${what}_rows.py"
    else
        echo "$what: skipped, $python has no $module"
    fi
done
