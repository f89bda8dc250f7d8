#!/usr/bin/env python3
"""--emit=python and --emit=sqlite: what the module and the SQL functions return
are the models' own samples, which come from numpy and from frameworks; and
what they do without a compiler, with wrong arrays, with NULL."""

import ctypes
import json
import os
import sqlite3
import subprocess
import sys
import threading

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import CC, CFLAGS, ROOT, finish, report, rnnc, run, workspace

# Several inputs, several outputs, any length, more dimensions, one number.
MODELS = ["examples/notebook/model.json",
          "tests/layers/LSTM/lstm_any_timesteps.json",
          "tests/layers/GRU/gru_any_timesteps.json",
          "tests/layers/Conv1D/conv1d_open_rows.json",
          "tests/layers/Bidirectional/bidirectional_gru_concat_sequences.json",
          "tests/conformance/keras_1.json", "tests/conformance/keras_3.json",
          "tests/conformance/tf_keras_3.json",
          "tests/conformance/torch_4.json"]


def load(folder, name, model, *options):
    """The Python module that rnnc writes for a model."""
    path = os.path.join(folder, name + ".py")
    status, _, err = rnnc(model, "--emit=python", "-o", path, "--name", name,
                          *options)
    if status:
        raise RuntimeError(err)
    sys.path.insert(0, folder)
    try:
        return __import__(name)
    finally:
        sys.path.pop(0)


def samples_of(folder, path):
    """[(inputs, outputs, tolerances)] as arrays in the model's order."""
    own = os.path.join(folder, "own.json")
    rnnc(path, "--emit=json", "-o", own)
    with open(own) as f:
        model = json.load(f)
    return [([np.asarray(s["inputs"][p["name"]], float)
              for p in model["inputs"]],
             [np.asarray(s["outputs"][name], float)
              for name in model["outputs"]],
             s.get("atol", 1e-6), s.get("rtol", 1e-5))
            for s in model["samples"]]


def close(got, want, atol, rtol):
    return all(g.shape == w.shape and np.allclose(g, w, rtol=rtol, atol=atol)
               for g, w in zip(got, want, strict=True))


# ---- Python ------------------------------------------------------------------

def check_samples(folder, number, path):
    samples = samples_of(folder, os.path.join(ROOT, path))
    for kind in ("float", "double"):
        module = load(folder, "m%d_%s" % (number, kind),
                      os.path.join(ROOT, path), "--type", kind)
        ok = bool(samples)
        for inputs, outputs, atol, rtol in samples:
            got = module.predict(*[np.stack([x, x]) for x in inputs])
            got = got if isinstance(got, tuple) else (got,)
            ok &= all(np.array_equal(g[0], g[1]) for g in got)
            ok &= close([g[1] for g in got], outputs, atol, rtol)
        report(ok, "python, %s: samples of %s" % (kind, path))


def refused(error, function, *arguments):
    try:
        function(*arguments)
    except error as e:
        return str(e)
    return ""


def check_arrays(folder):
    module = load(folder, "arrays", os.path.join(ROOT, MODELS[0]))
    random = np.random.RandomState(1)
    x = random.randn(50, 10, 3)
    y = module.predict(x)
    report(y.shape == (50, 2) and y.dtype == np.float32,
           "python: a new array of float32")
    report(np.array_equal(y, module.predict(x.astype(np.float32)))
           and np.array_equal(y[::-1], module.predict(x[::-1]))
           and np.array_equal(y, module.predict(np.asfortranarray(x))),
           "python: any dtype and layout of the same numbers")
    report(module.predict(x[:0]).shape == (0, 2), "python: no samples")
    said = refused(ValueError, module.predict, x[0])
    report("x: expected shape [any, 10, 3], got [10, 3]" in said,
           "python: a wrong shape is refused", said)
    said = refused(TypeError, module.predict, x.astype(str))
    report("x: expected numbers" in said, "python: text is refused", said)
    any_length = load(folder, "length", os.path.join(ROOT, MODELS[1]))
    features = any_length.INPUTS[0][1][1]
    report(any_length.predict(np.zeros((2, 7, features))).shape[0] == 2
           and "any, any" in refused(ValueError, any_length.predict,
                                     np.zeros((2, 7, features + 1))),
           "python: any number of timesteps")


def check_threads(folder):
    """The lock of the interpreter is free while the C runs, and threads
    compute what one does."""
    module = load(folder, "threads", os.path.join(ROOT, MODELS[0]))
    x = np.random.RandomState(2).randn(400000, 10, 3).astype(np.float32)
    turns, done = [0], threading.Event()

    def count():
        while not done.is_set():
            turns[0] += 1
            done.wait(0.001)

    whole = module.predict(x[:1000])
    other = threading.Thread(target=count)
    other.start()
    before = turns[0]
    y = np.empty((len(x), 2), np.float32)
    module._function(x.ctypes.data, y.ctypes.data, len(x))
    during = turns[0] - before
    done.set()
    other.join()
    report(during > 5, "python: other threads run during a call", str(during))
    parts = [None] * 3

    def part(k):
        parts[k] = module.predict(x[:1000][k * 333:(k + 1) * 333 + (k == 2)])

    workers = [threading.Thread(target=part, args=(k,)) for k in range(3)]
    [w.start() for w in workers]
    [w.join() for w in workers]
    report(np.array_equal(np.concatenate(parts), whole),
           "python: threads give the same bits as one")
    # With the module's own flags, which let the compiler fuse operations.
    del os.environ["RNNC_CFLAGS"]
    for name in ("notebook", "bulk"):
        module = load(folder, "company_" + name,
                      os.path.join(ROOT, "examples", name, "model.json"))
        shape = module.INPUTS[0][1]
        x = np.random.RandomState(3).randn(1000, *shape)
        whole = module.predict(x)
        alone = [module.predict(x[k:k + 1]) for k in range(200)]
        split = [module.predict(p) for p in np.array_split(x, 37)]
        report(np.array_equal(np.concatenate(alone), whole[:200])
               and np.array_equal(np.concatenate(split), whole),
               "python: a sample of %s gives the same bits in any company"
               % name)


def use(folder, code="predict(np.zeros((1, 10, 3)))", **environment):
    """Runs code with the module `cached` in a process of its own."""
    return run([sys.executable, "-c", "import numpy as np, cached\n"
                "print(cached." + code + ")"], cwd=folder,
               env=dict(os.environ, **environment))


def check_cache(folder):
    load(folder, "cached", os.path.join(ROOT, MODELS[0]))
    cache, log = os.path.join(folder, "cache"), os.path.join(folder, "log")
    compiler = os.path.join(folder, "my cc")
    with open(compiler, "w") as f:
        f.write("#!/bin/sh\n[ $1 = --version ] || echo x >>'%s'\n"
                "exec %s \"$@\"\n" % (log, CC))
    os.chmod(compiler, 0o755)
    own = {"CC": "'%s'" % compiler, "RNNC_CACHE": cache}

    def compiled():
        return open(log).read().count("x") if os.path.exists(log) else 0

    both = [use(folder, **own), use(folder, **own)]
    report(both[0][0] == 0 and both[0] == both[1] and compiled() == 1,
           "python: compiled once", "%s %d" % (both, compiled()))
    use(folder, RNNC_CFLAGS="-O1", **own)
    report(compiled() == 2 and len(os.listdir(cache)) == 2,
           "python: compiled again for other flags", str(os.listdir(cache)))
    with open(os.path.join(folder, "cached.c"), "a") as f:
        f.write("/* */\n")
    use(folder, **own)
    report(compiled() == 3, "python: compiled again for other C")
    os.chmod(cache, 0o777)
    _, out, _ = use(folder, "build()", **own)
    report(out and not out.startswith(cache),
           "python: a cache that others may write to is left alone", out)


def check_failures(folder):
    cache = os.path.join(folder, "empty")
    status, _, err = use(folder, RNNC_CACHE=cache, PATH="/nowhere", CC="")
    report(status and "needs a C compiler to build" in err
           and "no cc or gcc or clang" in err,
           "python: without a compiler it says what is missing", err)
    status, _, err = use(folder, RNNC_CACHE=cache, CC=CC,
                         RNNC_CFLAGS="-no-such-flag")
    report(status and "cannot compile" in err and "no-such-flag" in err
           and os.listdir(cache) == [],
           "python: the compiler's words are shown, nothing is left", err)


# ---- SQLite ------------------------------------------------------------------

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion",
            "-Wdouble-promotion", "-Werror"]


def extension(folder, name, model, *options):
    c, so = (os.path.join(folder, name + e) for e in (".c", ".so"))
    status, _, err = rnnc(model, "--emit=sqlite", "-o", c, "--name", name,
                          *options)
    if status == 0:
        status, _, err = run([CC, "-std=c99", "-O1", *WARNINGS, "-shared",
                              "-fPIC", "-o", so, c, "-lm"])
    if status:
        raise RuntimeError(err)
    connection = sqlite3.connect(":memory:")
    connection.enable_load_extension(True)
    connection.load_extension(so)
    return connection


def call(connection, function, arguments):
    marks = ", ".join("?" * len(arguments))
    return connection.execute("SELECT %s(%s)" % (function, marks),
                              arguments).fetchone()[0]


def as_arrays(result, outputs):
    """What SQL returns, in the shapes of the expected outputs."""
    if isinstance(result, (float, int)):
        result = [result]
    else:
        result = json.loads(result)
    lists = list(result.values()) if isinstance(result, dict) else [result]
    return [np.asarray(l, float).reshape(w.shape)
            for l, w in zip(lists, outputs, strict=True)]


def check_sql_samples(folder, number, path):
    samples = samples_of(folder, os.path.join(ROOT, path))
    for kind, dtype in (("float", np.float32), ("double", np.float64)):
        name = "s%d_%s" % (number, kind)
        connection = extension(folder, name, os.path.join(ROOT, path),
                               "--type", kind)
        ok = bool(samples)
        for inputs, outputs, atol, rtol in samples:
            blobs = [x.astype(dtype).tobytes() for x in inputs]
            text = call(connection, name, blobs)
            ok &= close(as_arrays(text, outputs), outputs, atol, rtol)
            flat = np.frombuffer(call(connection, name + "_blob", blobs),
                                 dtype).astype(float)
            ok &= np.allclose(flat, np.concatenate(
                [o.ravel() for o in outputs]), rtol=rtol, atol=atol)
            numbers = [float(v) for x in inputs for v in x.ravel()]
            if len(numbers) <= 100 and (len(inputs) == 1 or "any" not in path):
                ok &= call(connection, name, numbers) == text
        report(ok, "sqlite, %s: samples of %s" % (kind, path))
        connection.close()


def check_sql_values(folder):
    model = os.path.join(folder, "sum.json")
    with open(model, "w") as f:
        json.dump({"format": "rnnc", "version": 1, "layers": [
            {"type": "Dense", "name": "y", "inputs": ["x"], "units": 1,
             "weights": {"kernel": [[1], [10], [100]], "bias": [0.5]}}],
            "inputs": [{"name": "x", "shape": [3]}], "outputs": ["y"]}, f)
    sql = extension(folder, "total", model)
    report(call(sql, "total", [1, 2.0, "3"]) == 321.5
           and sql.execute("SELECT typeof(total(1, 2, 3))").fetchone()
           == ("real",), "sqlite: integers, floats and numbers as text")
    report(call(sql, "total", [1, None, 3]) is None
           and call(sql, "total", [None]) is None, "sqlite: NULL gives NULL")
    for arguments in ([], [1, 2], [1, 2, 3, 4], [b"123"], [b"1", b"2", b"3"],
                      [1, 2, "x"]):
        said = refused(sqlite3.OperationalError, call, sql, "total",
                       arguments)
        report("total: " in said, "sqlite: %s is refused" % arguments, said)
    sql.execute("CREATE TABLE t(a, b, c, y AS (total(a, b, c)))")
    sql.execute("CREATE INDEX i ON t(total(a, b, c))")
    sql.executemany("INSERT INTO t VALUES (?, ?, ?)",
                    [(i, i % 7, -i) for i in range(1000)])
    rows = sql.execute("SELECT a, b, c, y FROM t ORDER BY total(a, b, c)")
    report(all(y == a + 10 * b + 100 * c + 0.5 for a, b, c, y in rows),
           "sqlite: in a generated column and an index")


def check_sql_infinite(folder):
    model = os.path.join(folder, "two.json")
    with open(model, "w") as f:
        json.dump({"format": "rnnc", "version": 1, "layers": [
            {"type": "Rescaling", "name": "y", "inputs": ["x"],
             "scale": 1e30}], "inputs": [{"name": "x", "shape": [3]}],
            "outputs": ["y"]}, f)
    sql = extension(folder, "two", model)
    got = sql.execute("SELECT two(1e30, -1e30, 0) ->> 0, two(1e30, -1e30, 0) "
                      "->> 1, json_valid(two(1e30, 1e30, 1e30))").fetchone()
    report(got == (float("inf"), float("-inf"), 1),
           "sqlite: infinities survive JSON", str(got))
    nan = np.asarray([np.nan, 1, 2], np.float32).tobytes()
    got = sql.execute("SELECT two(?) ->> 0", [nan]).fetchone()
    report(got == (None,), "sqlite: NaN is null in JSON", str(got))


def check_sql_cxx(folder):
    done = [run([compiler, *flags, *WARNINGS, "-c", "-fPIC", "-o",
                 os.path.join(folder, "x.o"), "-x", language,
                 os.path.join(folder, "total.c")])
            for compiler, flags, language in (
                ("g++", ["-std=c++11"], "c++"), ("clang", ["-std=c99"], "c"))]
    report(all(status == 0 for status, _, _ in done),
           "sqlite: no warning from g++ and clang",
           "".join(err for _, _, err in done))


def main():
    with workspace() as folder:
        os.environ["RNNC_CACHE"] = os.path.join(folder, "objects")
        os.environ["RNNC_CFLAGS"] = "-O1 -march=native"
        for number, path in enumerate(MODELS):
            check_samples(folder, number, path)
            check_sql_samples(folder, number, path)
        check_arrays(folder)
        check_cache(folder)
        check_failures(folder)
        check_sql_values(folder)
        check_sql_infinite(folder)
        check_sql_cxx(folder)
        check_threads(folder)
    finish()


main()
