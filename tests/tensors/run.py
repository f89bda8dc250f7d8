#!/usr/bin/env python3
"""Weights mean the same in whatever form they are given.

Nested arrays, base64 and safetensors files of every type, with keys in any
order, give the same C. Decimals round to the nearest float32, once: the bits
in the compiled file are held against exact fractions. Broken safetensors files
are refused. The side files are made here, from the format's description.
"""

import base64
import itertools
import json
import os
import random
import re
import struct
import sys
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import CC, CFLAGS, finish, report, rnnc, run, workspace

import numpy as np

# Every value is exact in each of the types, so that nothing is rounded.
KERNEL = [[0.5, -1.25, 3.0], [0.0, 2.0 ** -10, -96.0]]
RECURRENT = [[0.125, 0.25, -0.5], [1.0, 0.75, 0.0], [-0.0, 2.5, -0.375]]
BIAS = [0.0625, -7.0, 1.5]


def bf16_bytes(values):
    bits = np.asarray(values, "<f4").view("<u4")
    return (bits >> 16).astype("<u2").tobytes()


def type_bytes(code):
    return lambda values: np.asarray(values, code).tobytes()


# name in JSON: name in safetensors, little-endian bytes of values
DTYPES = {
    "float32": ("F32", type_bytes("<f4")),
    "float64": ("F64", type_bytes("<f8")),
    "float16": ("F16", type_bytes("<f2")),
    "bfloat16": ("BF16", bf16_bytes),
}


def pack(header, data):
    """A safetensors file; header: an object, or its text."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def safetensors(tensors, dtype, reverse=False, metadata=False, padding=0):
    """The file that holds {name: values}."""
    name, encode = DTYPES[dtype]
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = {"format": "pt", "note": "any text"}
    for key, values in tensors.items():
        encoded = encode(values)
        entry = {"dtype": name, "shape": list(np.shape(values)),
                 "data_offsets": [len(data), len(data) + len(encoded)]}
        if reverse:
            entry = dict(reversed(entry.items()))
        header[key] = entry
        data += encoded
    if reverse:
        header = dict(reversed(header.items()))
    return pack(json.dumps(header).encode() + b" " * padding, data)


def as_base64(values, dtype):
    return {"shape": list(np.shape(values)), "dtype": dtype,
            "base64": base64.b64encode(DTYPES[dtype][1](values)).decode()}


def in_file(file, tensor):
    return {"file": file, "tensor": tensor}


def model(kernel=KERNEL, recurrent=RECURRENT, bias=BIAS):
    return {
        "format": "rnnc", "version": 1, "name": "m",
        "inputs": [{"name": "x", "shape": [2, 2]}],
        "layers": [{"type": "SimpleRNN", "name": "y", "units": 3,
                    "activation": "relu",
                    "weights": {"kernel": kernel,
                                "recurrent_kernel": recurrent,
                                "bias": bias}}],
        "outputs": ["y"]}


def generate(folder, made, *options):
    """The C but for the model's digest, or None and the messages."""
    text = made if isinstance(made, str) else json.dumps(made)
    path, output = (os.path.join(folder, n) for n in ("m.json", "m.c"))
    with open(path, "w") as f:
        f.write(text)
    if os.path.exists(output):
        os.remove(output)
    status, _, err = rnnc(path, "-o", output, "--weight-text=decimal",
                          *options)
    if status:
        return None, "exit %d: %s" % (status, err)
    with open(output) as f:
        return re.sub("[0-9a-f]{64}", "", f.read()), ""


def write(folder, name, data):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


# ---- The same C -------------------------------------------------------------


def permuted(value, rng):
    """With the keys of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        return {k: permuted(value[k], rng) for k in keys}
    if isinstance(value, list):
        return [permuted(v, rng) for v in value]
    return value


def forms(folder):
    """(name, model) of everything that has to give the same C."""
    tensors = {"k": KERNEL, "r": RECURRENT, "b": BIAS}
    for dtype in DTYPES:
        yield "base64 " + dtype, model(
            *(as_base64(v, dtype) for v in tensors.values()))
        for label, options in (("", {}), (", metadata", {"metadata": True}),
                               (", padded", {"padding": 13}),
                               (", reversed", {"reverse": True})):
            file = "%s%s.safetensors" % (dtype, label.strip(", "))
            write(folder, file, safetensors(tensors, dtype, **options))
            yield "safetensors " + dtype + label, model(
                *(in_file(file, t) for t in tensors))
    write(folder, "sub/deep/w.st", safetensors(tensors, "float32"))
    yield "safetensors in a folder", model(
        *(in_file("sub/deep/w.st", t) for t in tensors))
    yield "a file each", model(*(in_file("float%s.safetensors" % n, t)
                                 for n, t in zip((16, 32, 64), tensors)))
    yield "mixed forms", model(KERNEL, as_base64(RECURRENT, "float16"),
                               in_file("bfloat16.safetensors", "b"))
    odd = {'a "quoted"\\ name\n': KERNEL, "": RECURRENT, "\u00e9/..": BIAS}
    write(folder, "odd.st", safetensors(odd, "float32"))
    yield "tensors with odd names", model(
        *(in_file("odd.st", t) for t in odd))
    for i, order in enumerate(itertools.permutations(
            as_base64(KERNEL, "float64").items())):
        yield "base64, keys in order %d" % i, model(dict(order))
    yield "tensor before file", model(
        dict(reversed(in_file("float32.safetensors", "k").items())))
    rng = random.Random(2)
    for i in range(8):
        yield "model, keys in order %d" % i, permuted(
            model(bias=as_base64(BIAS, "float32")), rng)


def check_forms(folder):
    for options in ([], ["--type=double"], ["--unroll=none"]):
        label = " ".join(options) or "float"
        want, err = generate(folder, model(), *options)
        if not report(want is not None, label + ": nested arrays", err):
            continue
        for name, made in forms(folder):
            got, err = generate(folder, made, *options)
            report(got == want, "%s: %s" % (label, name),
                   err or "other C than from nested arrays")
        changed = [[0.5, -1.25, 3.0], [0.0, 2.0 ** -10, -96.5]]
        got, err = generate(folder, model(changed), *options)
        report(got not in (None, want), label + ": other weights, other C",
               err)


def check_spellings(folder):
    """One number has many spellings."""
    want, _ = generate(folder, model())
    text = json.dumps(model())
    for old, new in (("-1.25", "-125e-2"), ("-1.25", "-0.0125E+2"),
                     ("3.0", "3"), ("3.0", "3e0"), ("3.0", "3.000"),
                     ("-0.0,", "-0,"), ("-0.0,", "-0e5,"),
                     ("-7.0", "-70000000000000000000e-19"),
                     ("[0.5,", "[\n\t 5E-1 \r\n,"),
                     ("\"kernel\"", "\"\\u006bernel\"")):
        got, err = generate(folder, text.replace(old, new, 1))
        report(old in text and got == want and got is not None,
               "%s for %s" % (json.dumps(new), old), err)


def check_samples(folder):
    """Samples are tensors, too. The input is zero, so that the output of two
    timesteps is soon told."""
    x = [[0.0, 0.0], [0.0, 0.0]]
    h = np.maximum(0, np.asarray(BIAS))
    y = np.maximum(0, h @ np.asarray(RECURRENT) + np.asarray(BIAS)).tolist()

    def sampled(given_x, given_y):
        return dict(model(), samples=[{"inputs": {"x": given_x},
                                       "outputs": {"y": given_y}}])

    want, err = generate(folder, sampled(x, y))
    report(want is not None, "samples: nested arrays", err)
    for dtype in DTYPES:
        write(folder, "s.st", safetensors({"x": x, "y": y}, dtype))
        for name, made in (
                ("base64", sampled(as_base64(x, dtype), as_base64(y, dtype))),
                ("safetensors", sampled(in_file("s.st", "x"),
                                        in_file("s.st", "y")))):
            got, err = generate(folder, made)
            report(got == want and got is not None,
                   "samples: %s %s" % (name, dtype), err or "other C")
    got, err = generate(folder, sampled(x, [y[0], y[1], y[2] + 0.001]))
    report(got is None and err.startswith("exit 4"),
           "samples: a wrong one is refused", err)


# ---- Rounding ---------------------------------------------------------------

TWO = Fraction(2)


def nearest_float32(text):
    """Its bits, by exact arithmetic; None beyond the range."""
    sign = 0x80000000 if text.startswith("-") else 0
    q = abs(Fraction(text))
    exponent = -126
    while exponent < 128 and q >= TWO ** (exponent + 1):
        exponent += 1
    n = round(q / TWO ** (exponent - 23)) # half to even, as Python has it
    value = n * TWO ** (exponent - 23)
    if value >= TWO ** 128:
        return None
    return sign | struct.unpack("<I", struct.pack("<f", float(value)))[0]


ROUNDING = """
1.00000005960464477540 1.000000059604644775390625 1.00000005960464477538
1.0000000596046447753906250000000000000000001
1.00000005960464477539062499999999999999999999999
1.000000178813934326171875 1.0000001788139343261718749999999999
-1.00000005960464477540 16777217 16777219 16777217.0000000000000001
33554434.000000000000001 0.1 0.2 0.3 1e2 1E-5 123456789012345678901234567890
0 -0 0.0 -0.0 0e99 -0.0e-99
1e-45 1.4e-45 7.0064923216240853546e-46 7.0064923216240853547e-46 7e-46
7.1e-46 -7.1e-46 1e-46 -1e-46 1e-60 1e-400 -1e-400
2.1019476964872256063e-45 2.1019476964872256064e-45 2.10194769648722560e-45
1.1754943508222875e-38 1.1754942807573642e-38 1.1754942807573643e-38
1.17549428075736429e-38 1.17549428075736430e-38 1.1754942106924411e-38
5.877471754111438e-39 9.99994610111475958152591905227349949604e-41
3.4028235e38 3.4028234e38 3.40282346638528859811704183484516925440e38
340282346638528859811704183484516925440 -3.4028235e38 3.402823567797336e38
""".split()

BEYOND = ["3.4028235677973366163753939545814256844800001e38",
          "340282356779733661637539395458142568448",
          "3.4028236e38", "-3.4028236e38", "1e39", "1e308"]


def exact_decimal(q):
    """The digits of a fraction whose denominator is a power of two."""
    digits = 0
    while q.denominator != 1:
        q, digits = q * 10, digits + 1
    text = str(q.numerator).rjust(digits + 1, "0")
    return text[:-digits] + "." + text[-digits:] if digits else text + ".0"


def halfway_cases(count):
    """Between two neighbours, a hair above and a hair below."""
    rng = random.Random(3)
    for _ in range(count):
        exponent = rng.randrange(-6, 12)
        n = rng.randrange(2 ** 23, 2 ** 24)
        text = exact_decimal((n + Fraction(1, 2)) * TWO ** (exponent - 23))
        sign = rng.choice(["", "-"])
        yield sign + text
        yield sign + text + "0000000001"
        yield sign + text[:-1] + "4999999999" # the last digit is a 5


PROGRAM = """
#include <stdio.h>
#include "m.c"
int main(void)
{
    size_t i, k;
    for (i = 0; i < sizeof m_y_kernel / sizeof *m_y_kernel; i++) {
        unsigned char bytes[sizeof *m_y_kernel];
        unsigned one = 1;
        memcpy(bytes, &m_y_kernel[i], sizeof bytes);
        for (k = sizeof bytes; k-- > 0;)
            printf("%02x", bytes[*(char *)&one ? k : sizeof bytes - 1 - k]);
        printf("\\n");
    }
    (void)m_predict;
    return 0;
}
"""


def dense(kernel, units):
    """The text of a model whose weights have the shape [1, units]."""
    return ('{"format": "rnnc", "version": 1, "name": "m", "inputs": '
            '[{"name": "x", "shape": [1]}], "layers": [{"type": "Dense", '
            '"name": "y", "units": %d, "use_bias": false, "weights": '
            '{"kernel": %s}}], "outputs": ["y"]}' % (units, kernel))


def normalised(folder, text):
    """What --emit=json makes of a model."""
    path = os.path.join(folder, "n.json")
    with open(path, "w") as f:
        f.write(text)
    return rnnc(path, "--emit=json", "-o", "-")[1]


def compiled_bits(folder, kernel, units, *options, normal=False):
    """What a C compiler makes of the kernel [1, units] of a Dense layer."""
    text = dense(kernel, units)
    if normal:
        text = normalised(folder, text)
    got, err = generate(folder, text, *options)
    if got is None:
        return None, err
    write(folder, "main.c", PROGRAM.encode())
    program = os.path.join(folder, "main")
    status, _, err = run([CC, "-std=c99", *CFLAGS, "-o", program,
                          os.path.join(folder, "main.c"), "-lm"])
    if status:
        return None, err
    bits = [int(line, 16) for line in run([program])[1].split()]
    zeros = bits[units:]  # which fill up the last tile
    return (bits[:units], "") if not any(zeros) else (bits, "")


def compare_bits(name, cases, got, want, err):
    wrong = err
    if got is not None:
        wrong = "\n".join("%s: got %x, expected %x" % (c, g, w) for c, g, w
                          in zip(cases, got, want, strict=True) if g != w)
    report(got is not None and not wrong, name, wrong)


def double_bits(single):
    value = struct.unpack("<f", struct.pack("<I", single))[0]
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def check_rounding(folder):
    for name, cases in (("chosen decimals", ROUNDING),
                        ("halfway decimals", list(halfway_cases(200)))):
        want = [nearest_float32(c) for c in cases]
        kernel = "[[%s]]" % ", ".join(cases)
        for option in ("--weight-text=decimal", "--unroll=none"):
            got, err = compiled_bits(folder, kernel, len(cases), option)
            compare_bits("%s, %s" % (name, option), cases, got, want, err)
        got, err = compiled_bits(folder, kernel, len(cases), normal=True)
        compare_bits(name + ", by way of --emit=json", cases, got, want, err)
        got, err = compiled_bits(folder, kernel, len(cases), "--type=double")
        compare_bits(name + " are float32 in double, too", cases, got,
                     [double_bits(w) for w in want], err)
    for case in ROUNDING[:3]: # the first number is the last as well
        got, err = compiled_bits(folder, "[[ %s ]]" % case, 1)
        compare_bits("alone: " + case, [case], got, [nearest_float32(case)],
                     err)
    for case in BEYOND:
        got, err = compiled_bits(folder, "[[1, %s]]" % case, 2)
        report(nearest_float32(case) is None and got is None
               and "range of float32" in err, "out of range: " + case, err)
    # The nearest double is infinite as a float, the number itself is not.
    for case in ("3.4028235677973365e38",
                 "-340282356779733661637539395458142568447"):
        got, err = compiled_bits(folder, "[[%s]]" % case, 1)
        compare_bits("just in range: " + case, [case], got,
                     [nearest_float32(case)], err)


def check_binary(folder):
    """Bits go through as they are; float64 carries more than float32."""
    rng = np.random.default_rng(4)
    singles = np.concatenate([
        np.array([0, 0x80000000, 1, 0x80000001, 0x7fffff, 0x800000, 0x7f7fffff,
                  0xff7fffff, 0x3f800001], "<u4"),
        rng.integers(0, 0x7f800000, 200, dtype="u4")])
    halves = np.array([h for e in range(31) for h in
                       (e << 10, e << 10 | 1, e << 10 | 0x3ff,
                        0x8000 | e << 10 | 0x155)], "<u2")
    brains = np.array([b for e in range(0, 255, 7) for b in
                       (e << 7, e << 7 | 1, 0x8000 | e << 7 | 0x7f)], "<u2")
    values = {
        "float32": singles.view("<f4"),
        "float16": halves.view("<f2").astype("<f4"),
        "bfloat16": (brains.astype("<u4") << 16).view("<f4"),
    }
    for dtype, v in values.items():
        want = [int(b) for b in v.view("<u4")]
        write(folder, "b.st", safetensors({"k": v.reshape(1, -1)}, dtype))
        for form, kernel in (("base64", as_base64(v.reshape(1, -1), dtype)),
                             ("safetensors", in_file("b.st", "k"))):
            got, err = compiled_bits(folder, json.dumps(kernel), len(v))
            compare_bits("bits of %s in %s" % (dtype, form), want, got, want,
                         err)
    doubles = np.concatenate([
        np.array([0.1, -0.0, 1 + 2.0 ** -52, 5e-324, 1e-310,
                  -1.7976931348623157e308, 1e300]), rng.standard_normal(200)])
    want = [int(b) for b in doubles.view("<u8")]
    write(folder, "d.st", safetensors({"k": doubles.reshape(1, -1)},
                                      "float64"))
    for form, kernel in (("base64", as_base64(doubles.reshape(1, -1),
                                              "float64")),
                         ("safetensors", in_file("d.st", "k"))):
        for normal in (False, True):
            got, err = compiled_bits(folder, json.dumps(kernel), len(doubles),
                                     "--type=double", normal=normal)
            compare_bits("bits of float64 in %s%s" % (
                form, ", by way of --emit=json" if normal else ""),
                want, got, want, err)


# ---- Broken side files ------------------------------------------------------

GOOD_ENTRY = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
DATA = np.asarray(KERNEL, "<f4").tobytes()
HEADER = json.dumps({"k": GOOD_ENTRY}).encode()


def entry(**changes):
    """A file whose tensor k has other properties; None: without that."""
    changed = {**GOOD_ENTRY, **changes}
    return pack({"k": {k: v for k, v in changed.items() if v is not None}},
                DATA)


def length(n):
    return struct.pack("<Q", n)


BROKEN = {
    "empty file": b"",
    "seven bytes": b"\x02\0\0\0\0\0\0",
    "no header": length(0),
    "no header, data": length(0) + DATA,
    "header longer than the file": length(len(HEADER) + 1) + HEADER,
    "header length of 2^31": length(2 ** 31) + HEADER + DATA,
    "header length of 2^63": length(2 ** 63) + HEADER + DATA,
    "header length of 2^64 - 1": length(2 ** 64 - 1) + HEADER + DATA,
    "header length of 2^64 - 8": length(2 ** 64 - 8) + HEADER + DATA,
    "header cut short": length(len(HEADER) - 5) + HEADER + DATA,
    "big-endian header length": struct.pack(">Q", len(HEADER)) + HEADER + DATA,
    "header is no JSON": pack(b"not JSON", DATA),
    "header is an array": pack([GOOD_ENTRY], DATA),
    "header is a number": pack(b"1", DATA),
    "header with a NUL": pack(HEADER[:5] + b"\0" + HEADER[5:], DATA),
    "a tensor twice": pack(HEADER[:-1] + b"," + HEADER[1:], DATA),
    "the file cut short": pack(HEADER, DATA[:-1]),
    "no data": pack(HEADER, b""),
    "entry is an array": pack({"k": [1]}, DATA),
    "entry is a string": pack({"k": "F32"}, DATA),
    "entry is null": pack({"k": None}, DATA),
    "no such tensor": pack({"K": GOOD_ENTRY}, DATA),
    "only metadata": pack({"__metadata__": {"k": "v"}}, DATA),
    "no dtype": entry(dtype=None),
    "no shape": entry(shape=None),
    "no offsets": entry(data_offsets=None),
    "dtype is a number": entry(dtype=32),
    "dtype I32": entry(dtype="I32"),
    "dtype F8_E4M3": entry(dtype="F8_E4M3"),
    "dtype BOOL": entry(dtype="BOOL"),
    "dtype in lower case": entry(dtype="f32"),
    "dtype of the other format": entry(dtype="float32"),
    "dtype too wide": entry(dtype="F64"),
    "dtype too narrow": entry(dtype="F16"),
    "dtype empty": entry(dtype=""),
    "shape of a scalar": entry(shape=[]),
    "shape too large": entry(shape=[2, 4]),
    "shape too small": entry(shape=[2, 2]),
    "shape transposed": entry(shape=[3, 2]),
    "shape with one axis": entry(shape=[6]),
    "shape with an axis more": entry(shape=[1, 2, 3]),
    "shape with zero": entry(shape=[0, 3], data_offsets=[0, 0]),
    "shape negative": entry(shape=[-2, -3]),
    "shape of fractions": entry(shape=[1.5, 4]),
    "shape of text": entry(shape=["2", "3"]),
    "shape is a number": entry(shape=6),
    "shape beyond 64 bits": entry(shape=[2 ** 24] * 3),
    "shape of rank nine": entry(shape=[1] * 7 + [2, 3]),
    "offsets beyond the data": entry(data_offsets=[4, 28]),
    "offsets far beyond": entry(data_offsets=[2 ** 62, 2 ** 62 + 24]),
    "offsets as 1e300": entry(data_offsets=[0, 1e300]),
    "offsets negative": entry(data_offsets=[-24, 0]),
    "offsets backwards": entry(data_offsets=[24, 0]),
    "offsets too close": entry(data_offsets=[0, 20]),
    "offsets of fractions": entry(data_offsets=[0.5, 24.5]),
    "offsets of fractions, inside": entry(data_offsets=[0.25, 24]),
    "offsets: one": entry(data_offsets=[0]),
    "offsets: three": entry(data_offsets=[0, 24, 24]),
    "offsets of text": entry(data_offsets=["0", "24"]),
    "offsets are an object": entry(data_offsets={"from": 0, "to": 24}),
    "offsets of null": entry(data_offsets=[None, None]),
    "an infinite weight": pack(HEADER, DATA[:20] + struct.pack(
        "<f", float("inf"))),
    "a weight that is NaN": pack(HEADER, DATA[:20] + b"\0\0\xc0\x7f"),
    "tensors that overlap": pack(
        {"k": GOOD_ENTRY, "other": dict(GOOD_ENTRY, data_offsets=[12, 36])},
        DATA + DATA[:12]),
}


def refused(folder, made, text="error: "):
    """"" if that is exit status 1, a message and no output; else what was."""
    got, err = generate(folder, made)
    left = [n for n in os.listdir(folder) if n == "m.c" or n.endswith(".tmp")]
    ok = got is None and err.startswith("exit 1: ") and text in err
    return "" if ok and not left else "%s\nleft: %s" % (err, left)


def report_refused(name, wrong):
    report(not wrong, name, wrong)


def check_broken(folder):
    broken = os.path.join(folder, "broken")
    os.mkdir(broken)
    made = model(in_file("w.st", "k"))
    write(broken, "w.st", pack(HEADER, DATA))
    got, err = generate(broken, made)
    report(got is not None, "the file that is broken below is right", err)
    for name, data in BROKEN.items():
        write(broken, "w.st", data)
        report_refused("broken: " + name, refused(broken, made))
    wrong = []
    for i in range(len(HEADER) + 8):
        write(broken, "w.st", pack(HEADER, DATA)[:i])
        if refused(broken, made):
            wrong.append("after %d: %s" % (i, refused(broken, made)))
    report_refused("broken: cut after any byte of the header",
                   "\n".join(wrong))


def check_places(folder):
    """Which files a model may name. That one is absent is a fault of the
    model, which names it: exit status 1."""
    top = os.path.join(folder, "top")
    write(folder, "outside.st", pack(HEADER, DATA))
    write(top, "w.st", pack(HEADER, DATA))
    os.mkdir(os.path.join(top, "x"))
    os.symlink("../outside.st", os.path.join(top, "link.st"))
    os.symlink("w.st", os.path.join(top, "inner.st"))
    os.symlink("..", os.path.join(top, "up"))
    below = "below the model's own folder"
    for name, file, text in (
            ("absent", "absent.st", "No such file or directory"),
            ("a folder", "x", "error: "),
            ("empty name", "", below),
            ("above", "../outside.st", below),
            ("above, behind a folder", "x/../../outside.st", below),
            ("absolute", os.path.join(top, "w.st"), below),
            ("a link that leads out", "link.st", below),
            ("a folder that leads out", "up/outside.st", below)):
        report_refused("side file: " + name,
                       refused(top, model(in_file(file, "k")), text))
    for name, file in (("a link that stays", "inner.st"),
                       ("a dot", "./w.st")):
        got, err = generate(top, model(in_file(file, "k")))
        report(got is not None, "side file: " + name, err)
    report_refused("side file: a key more", refused(
        top, model(dict(in_file("w.st", "k"), more=1)), 'unknown key "more"'))
    report_refused("side file: a key less", refused(
        top, model({"file": "w.st"}), '"tensor" is missing'))


def main():
    for check in (check_forms, check_spellings, check_samples, check_rounding,
                  check_binary, check_broken, check_places):
        with workspace() as folder:
            check(folder)
    finish()


main()
