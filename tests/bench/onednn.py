"""A workload in oneDNN, from Debian's libdnnl-dev, by its C interface:
onednn.c. It has recurrences and products; convolutions are left out."""

import ctypes
import os

import numpy as np

from engine import Engine
from programs import HERE, Failed, Row, run

HEADER = "oneapi/dnnl/dnnl.h"
KINDS = ("SimpleRNN", "LSTM", "GRU")
Pair = ctypes.c_void_p * 2


class Recurrence(ctypes.Structure):
    """struct recurrence of onednn.c"""
    _fields_ = [("kind", ctypes.c_int), ("units", ctypes.c_int64),
                ("kernel", ctypes.c_void_p), ("recurrent", ctypes.c_void_p),
                ("bias", ctypes.c_void_p), ("first", Pair), ("last", Pair),
                ("y", ctypes.c_void_p)]


def installed(cc, header):
    """Whether that is there, in the version that onednn.c is written for."""
    try:
        return "#define DNNL_VERSION_MAJOR 2\n" in run(
            [cc, "-E", "-dM", "-include", header, "-xc", "/dev/null"])
    except Failed:
        return False


def load(maker, header=HEADER):
    """The library, with what onednn.c makes of it."""
    row = Row("onednn", "gcc", "-O2 -fopenmp")
    if not installed(row.cc, header):
        raise ImportError("no %s of oneDNN 2: install libdnnl-dev" % header)
    library = ctypes.CDLL(maker.object(os.path.join(HERE, "onednn.c"), row,
                                       row.flags, ["-ldnnl"]))
    size, pointer = ctypes.c_int64, ctypes.c_void_p
    for name, result, arguments in (
            ("open", pointer, [pointer, size, size, size]),
            ("recurrent", None, [pointer, ctypes.POINTER(Recurrence)]),
            ("dense", None, [pointer, size, pointer, pointer, ctypes.c_int,
                             pointer]),
            ("run", ctypes.c_char_p, [pointer]),
            ("chunk", ctypes.c_double, [pointer, ctypes.c_size_t]),
            ("close", None, [pointer]), ("version", ctypes.c_char_p, [])):
        function = getattr(library, "net_" + name)
        function.restype, function.argtypes = result, arguments
    return library


def bias(layer):
    """Both of a GRU's, added where no reset gate is between them."""
    if layer.recurrent_bias is None:
        return layer.bias
    (z, r, h), other = layer.bias, layer.recurrent_bias
    return np.stack([z + other[0], r + other[1], h, other[2]])


class OnednnEngine(Engine):
    """Layers write to arrays of Python's, the next ones read them there."""

    def __init__(self, library, workload, n, step):
        self.net = None
        recurrences = [l for l in workload.layers if l.kind != "Dense"]
        if workload.nodes or step and len(recurrences) > 1:
            raise NotImplementedError
        self.library, self.n, self.stepping = library, n or 1, step
        self.timesteps = 1 if step else workload.steps
        super().__init__("oneDNN " + library.net_version().decode(), {
            "x": [self.n, max(self.timesteps, 1), workload.features]})
        self.arrays, value = [], self.values["x"]
        self.net = library.net_open(value.ctypes.data, self.n, self.timesteps,
                                    workload.features)
        timed = self.timesteps > 0
        for layer in workload.layers:
            if timed == (layer.kind == "Dense"):
                raise NotImplementedError # the other of the two
            value = self.dense(layer) if layer.kind == "Dense" else \
                self.recurrent(layer)
            timed = layer.seq
        self.values["y"] = value
        self.run()

    def __del__(self):
        if self.net:
            self.library.net_close(self.net)

    def place(self, array):
        """Where it is; it stays there."""
        self.arrays.append(np.ascontiguousarray(array, "f4"))
        return self.arrays[-1].ctypes.data

    def empty(self, *shape):
        self.place(np.zeros(shape, "f4"))
        return self.arrays[-1]

    def dense(self, layer):
        y = self.empty(self.n, layer.units)
        self.library.net_dense(
            self.net, layer.units, self.place(layer.kernel[0]),
            self.place(layer.bias[0]), layer.relu, y.ctypes.data)
        return y

    def recurrent(self, layer):
        y = self.empty(self.n, self.timesteps, layer.units) if layer.seq else None
        names = ["h", "c"] if layer.kind == "LSTM" else ["h"]
        first, last = Pair(), Pair()
        for i, name in enumerate(names):
            out = self.empty(self.n, layer.units)
            last[i] = None if layer.seq and not self.stepping else out.ctypes.data
            y = out if y is None else y
            if self.stepping:
                self.values[name + "_out"] = out
                self.values[name + "_in"] = self.empty(self.n, layer.units)
                first[i] = self.values[name + "_in"].ctypes.data
        self.library.net_recurrent(self.net, Recurrence(
            KINDS.index(layer.kind), layer.units,
            self.place(layer.kernel.transpose(1, 0, 2)),
            self.place(layer.recurrent.transpose(1, 0, 2)),
            self.place(bias(layer)), first, last,
            y.ctypes.data if layer.seq else None))
        return y

    def run(self):
        problem = self.library.net_run(self.net)
        if problem:
            raise Failed("oneDNN: " + problem.decode())

    def time(self, calls):
        return self.library.net_chunk(self.net, calls)
