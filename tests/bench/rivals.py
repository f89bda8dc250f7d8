"""Other ways to run the same networks, with the same weights, on one thread:
libraries from PyPI and Debian. What cannot be imported is skipped."""

import ctypes
import glob
import os
import re
import subprocess
import sys

import numpy as np

import onnx_model
from engine import Engine
from programs import Failed, Program, Row, keep

HERE = os.path.dirname(os.path.abspath(__file__))


# ---- onnxruntime, by its C interface ----------------------------------------

# Places in its table of functions, which only ever grows.
ORT = {"GetErrorMessage": 2, "CreateEnv": 3, "CreateSessionFromArray": 8,
       "Run": 9, "CreateSessionOptions": 10, "SetIntraOpNumThreads": 24,
       "CreateTensorWithDataAsOrtValue": 49, "CreateCpuMemoryInfo": 69}
FLOAT = 1


class OrtLibrary:
    """The library in the wheel."""

    def __init__(self):
        import onnxruntime
        self.version = onnxruntime.__version__
        folder = os.path.join(os.path.dirname(onnxruntime.__file__), "capi")
        path = (glob.glob(folder + "/libonnxruntime.so.*")
                + glob.glob(folder + "/onnxruntime_pybind11_state*.so"))[0]
        base = ctypes.CDLL(path).OrtGetApiBase
        base.restype = ctypes.POINTER(ctypes.c_void_p)
        get = ctypes.CFUNCTYPE(ctypes.POINTER(ctypes.c_void_p),
                               ctypes.c_uint32)(base()[0])
        self.table = get(17)
        self.env = self.make("CreateEnv", ctypes.c_int(3), b"bench")
        self.memory = self.make("CreateCpuMemoryInfo", ctypes.c_int(1),
                                ctypes.c_int(0))
        self.options = self.make("CreateSessionOptions")
        self.call("SetIntraOpNumThreads", self.options, ctypes.c_int(1))

    def check(self, status):
        if status:
            message = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)(
                self.table[ORT["GetErrorMessage"]])
            raise Failed("onnxruntime: " + message(status).decode())

    def call(self, name, *arguments):
        function = ctypes.CFUNCTYPE(ctypes.c_void_p)(self.table[ORT[name]])
        function.argtypes = None
        self.check(function(*arguments))

    def make(self, name, *arguments):
        """What the last argument points to afterwards."""
        made = ctypes.c_void_p()
        self.call(name, *arguments, ctypes.byref(made))
        return made

    def tensor(self, array):
        shape = (ctypes.c_int64 * array.ndim)(*array.shape)
        return self.make("CreateTensorWithDataAsOrtValue", self.memory,
                         ctypes.c_void_p(array.ctypes.data),
                         ctypes.c_size_t(array.nbytes), shape,
                         ctypes.c_size_t(array.ndim), ctypes.c_int(FLOAT))


class Bound(ctypes.Structure):
    """struct bound of chunk.c"""
    _fields_ = [("f", ctypes.c_void_p), ("session", ctypes.c_void_p),
                ("options", ctypes.c_void_p), ("input_names", ctypes.c_void_p),
                ("inputs", ctypes.c_void_p), ("input_count", ctypes.c_size_t),
                ("output_names", ctypes.c_void_p),
                ("output_count", ctypes.c_size_t),
                ("outputs", ctypes.c_void_p)]


class OrtEngine(Engine):
    def __init__(self, library, timer, workload, n, step):
        data, inputs, outputs = onnx_model.model(workload, n or 1, step)
        super().__init__("onnxruntime %s" % library.version,
                         {**inputs, **outputs})
        self.library, self.timer = library, timer
        session = library.make(
            "CreateSessionFromArray", library.env, data,
            ctypes.c_size_t(len(data)), library.options)
        self.kept = [session]
        self.bound = Bound(
            library.table[ORT["Run"]], session, None,
            *self.bind(inputs), *self.bind(outputs))
        timer.run_bound.restype = ctypes.c_void_p
        timer.chunk_bound.restype = ctypes.c_double

    def bind(self, names):
        """(names, values, count), or in Run's order (names, count, values)"""
        texts = (ctypes.c_char_p * len(names))(*[n.encode() for n in names])
        values = (ctypes.c_void_p * len(names))(*[
            self.library.tensor(self.values[n]).value for n in names])
        self.kept += [texts, values]
        first = ctypes.cast(texts, ctypes.c_void_p)
        last = ctypes.cast(values, ctypes.c_void_p)
        count = len(names)
        return (first, last, count) if "x" in names else (first, count, last)

    def run(self):
        self.library.check(self.timer.run_bound(ctypes.byref(self.bound)))

    def time(self, calls):
        return self.timer.chunk_bound(ctypes.byref(self.bound),
                                      ctypes.c_size_t(calls))


# ---- OpenVINO and PyTorch, by their Python interfaces ------------------------

class OpenvinoEngine(Engine):
    def __init__(self, openvino, workload, n, step):
        data, inputs, outputs = onnx_model.model(workload, n or 1, step)
        super().__init__("openvino %s (python)"
                         % openvino.__version__.split("-")[0], {})
        core = openvino.Core()
        compiled = core.compile_model(core.read_model(data, b""), "CPU", {
            "INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32"})
        self.request = compiled.create_infer_request()
        self.names = [*inputs, *outputs]
        self.find()
        self.run = self.request.infer

    def find(self):
        """Where its tensors are; outputs move."""
        for name in self.names:
            self.values[name] = self.request.get_tensor(name).data

    def output(self, x):
        self.feed(x)
        self.run()
        self.find()
        return self.values["y"].reshape(-1).copy()


def torch_layer(torch, layer):
    """The module with the layer's weights; gates i f g o and r z n."""
    if layer.kind == "Dense":
        module = torch.nn.Linear(layer.features, layer.units)
        named = {"weight": layer.kernel[0].T, "bias": layer.bias[0]}
    else:
        order = [1, 0, 2] if layer.kind == "GRU" else range(len(layer.kernel))
        kind = {"SimpleRNN": torch.nn.RNN}.get(layer.kind) or \
            getattr(torch.nn, layer.kind)
        module = kind(layer.features, layer.units, batch_first=True)
        other = layer.recurrent_bias
        other = np.zeros_like(layer.bias) if other is None else other
        named = {"weight_ih_l0": layer.kernel.transpose(0, 2, 1),
                 "weight_hh_l0": layer.recurrent.transpose(0, 2, 1),
                 "bias_ih_l0": layer.bias, "bias_hh_l0": other}
        named = {k: np.concatenate([v[g] for g in order])
                 for k, v in named.items()}
    module.load_state_dict({k: torch.tensor(np.ascontiguousarray(v))
                            for k, v in named.items()})
    return module.eval()


class TorchEngine(Engine):
    def __init__(self, torch, workload, n, step):
        if workload.nodes:
            raise NotImplementedError
        super().__init__("torch %s (python)" % torch.__version__, {})
        self.torch, self.workload, self.states = torch, workload, None
        self.layers = [torch_layer(torch, layer) for layer in workload.layers]
        steps = 1 if step else workload.steps
        shape = [n or 1, steps, workload.features] if steps else \
            [n or 1, workload.features]
        self.stepping, self.x = step, torch.zeros(shape)
        self.values["x"] = self.x.numpy()

    def steps(self, x):
        self.states, outputs = None, []
        for row in x:
            outputs.append(self.output(row))
            self.states = self.last
        return np.stack(outputs)

    def run(self):
        with self.torch.inference_mode():
            v = self.x
            for layer, module in zip(self.workload.layers, self.layers):
                if layer.kind == "Dense":
                    v = module(v)
                    v = self.torch.relu(v) if layer.relu else v
                else:
                    v, self.last = module(v, self.states)
                    v = v if layer.seq else v[:, -1]
        self.values["y"] = v.numpy()


# ---- emx-onnx-cgen: another compiler to C ------------------------------------

class RivalProgram(Program):
    group = "rival"


def emx_program(maker, workload):
    """Its C, compiled as the naive code is."""
    data, _, _ = onnx_model.model(workload)
    path = maker.path(workload.prefix(), "emx")
    with open(path + ".onnx", "wb") as f:
        f.write(data)
    name = workload.prefix() + "_predict"
    command = [sys.executable, "-m", "emx_onnx_cgen", "compile",
               "--large-weight-threshold", "0", "--large-temp-threshold", "0",
               "--model-name", name, path + ".onnx", path + ".c"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed((done.stderr or done.stdout).strip().splitlines()[-1])
    with open(path + ".c") as f:
        text = f.read()
    if not re.search(r"void %s\(" % name, text):
        raise Failed("emx-onnx-cgen: no function %s" % name)
    row = Row("emx-onnx-cgen", "gcc", "-O3 -ffast-math -march=native")
    return RivalProgram(workload, row, maker.object(
        keep(path + ".c", text), row, row.flags))


# ---- All of them -------------------------------------------------------------

def openers(maker, log):
    """{name: function(workload, n, step) -> engine} of what is installed."""
    found = {}

    def attempt(name, load):
        try:
            found[name] = load()
        except (ImportError, OSError, Failed) as e:
            log("%s is not here, skipped (%s)" % (name, e))

    def ort():
        library = OrtLibrary()
        return lambda *a: OrtEngine(library, maker.timer(), *a)

    def openvino():
        import openvino
        return lambda *a: OpenvinoEngine(openvino, *a)

    def torch():
        import torch
        torch.set_num_threads(1)
        return lambda *a: TorchEngine(torch, *a)

    def onednn():
        import onednn
        library = onednn.load(maker)
        return lambda *a: onednn.OnednnEngine(library, *a)

    def litert():
        import litert
        return litert.LitertEngine

    def emx():
        import emx_onnx_cgen # noqa: F401, for its absence

        def opener(workload, n, step):
            if n or step:
                raise NotImplementedError
            return emx_program(maker, workload)
        return opener
    for load in (ort, openvino, onednn, torch, litert, emx):
        attempt(load.__name__, load)
    return found
