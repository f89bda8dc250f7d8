"""Shared objects out of C: rnnc's output and the naive code, by several
compilers and flags. What was made from the same text is not made again."""

import ctypes
import hashlib
import os
import re
import subprocess

import naive

HERE = os.path.dirname(os.path.abspath(__file__))
# As a program would be linked: functions of the file may call each other.
SHARED = ["-std=gnu99", "-fPIC", "-shared", "-fno-semantic-interposition"]


class Failed(Exception):
    """A command, and what it printed."""


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed("%s\n%s" % (" ".join(command), done.stderr[-2000:]))
    return done.stdout


def keep(path, text):
    """Writes a file unless it says so already."""
    data = text.encode("latin-1")
    if not os.path.exists(path) or open(path, "rb").read() != data:
        with open(path, "wb") as f:
            f.write(data)
    return path


class Row:
    """A way to get a program: compiler, flags, for rnnc its options, and a
    macro that stands behind the model's prefix. group: "naive" or "rnnc".
    tolerance: how far from float64, where that is not what is promised.
    whole: of a pruned network, what it was."""

    def __init__(self, group, cc, flags, options=(), macro=None,
                 tolerance=None, whole=False, label=None):
        self.group, self.cc, self.flags = group, cc, flags.split()
        self.options, self.macro = list(options), macro
        self.tolerance, self.whole = tolerance, whole
        self.label = label or " ".join([group, cc, flags, *options,
                               *(["-D" + macro] if macro else []),
                               *(["not pruned"] if whole else [])])

    def flags_for(self, workload):
        if not self.macro:
            return self.flags
        return self.flags + ["-D%s_%s" % (workload.prefix().upper(),
                                          self.macro)]

    def native(self):
        return "-march=native" in self.flags


NATIVE, PORTABLE = "-O2 -march=native", "-O2"
BASELINE = Row("naive", "gcc", "-O3 -ffast-math -march=native")
NAIVE = [BASELINE, Row("naive", "gcc", "-O3 -march=native"),
         Row("naive", "gcc", "-O3 -ffast-math")]
OURS = [Row("rnnc", cc, flags) for flags in (NATIVE, PORTABLE)
        for cc in ("gcc", "clang")]
LEVELS = [Row("rnnc", cc, level + " -march=native")
          for level in ("-O1", "-O3", "-Os") for cc in ("gcc", "clang")]
# Plain C99 instead of the compilers' vectors; as wide as these, where gcc is
# tuned for half of it.
WIDE = {"gcc": " -mprefer-vector-width=512", "clang": ""}
PLAIN = [Row("rnnc", cc, level + " -march=native" + WIDE[cc], macro="PLAIN")
         for level in ("-O2", "-O3") for cc in ("gcc", "clang")]
# No vectors at all, here and there.
ALONE = {"gcc": " -fno-tree-vectorize -fno-tree-slp-vectorize",
         "clang": " -fno-vectorize -fno-slp-vectorize"}
SCALAR = [Row("naive", "gcc", "-O3 -ffast-math -march=native" + ALONE["gcc"],
              label="naive gcc -O3 -ffast-math -march=native, no vectors")] + [
    Row("rnnc", cc, NATIVE + " -U__SSE2__ -U__AVX__ -U__AVX512F__" + ALONE[cc],
        macro="PLAIN", label="rnnc %s %s, no vectors" % (cc, NATIVE))
    for cc in ("gcc", "clang")]
# Half the lanes.
AVX2 = [Row("rnnc", cc, "-O2 -mavx2 -mfma") for cc in ("gcc", "clang")]
# The same bits everywhere, with every operation rounded, or products fused.
ALIKE = [Row("rnnc", cc, NATIVE, [option])
         for option in ("--reproducible", "--reproducible=fma")
         for cc in ("gcc", "clang")]
# Weights in fewer bytes: what that costs in accuracy the table shows.
STORED = [Row("rnnc", cc, NATIVE, ["--weights=" + storage], tolerance=.1)
          for storage in ("bf16", "f16", "int8") for cc in ("gcc", "clang")]
# What pruning gains.
WHOLE = [Row("rnnc", cc, NATIVE, whole=True) for cc in ("gcc", "clang")]


class Maker:
    """Makes programs below a folder, with one rnnc."""

    def __init__(self, folder, rnnc):
        self.folder, self.rnnc = folder, rnnc
        os.makedirs(folder, exist_ok=True)

    def path(self, *parts):
        name = re.sub(r"[^\w.]+", "_", "-".join(parts))
        return os.path.join(self.folder, name)

    def source(self, workload, row):
        path = self.path(workload.prefix(), row.group, *row.options) + ".c"
        if row.group == "naive":
            return keep(path, naive.source(workload))
        import workloads
        model = workloads.write_model(workload, self.folder)
        run([self.rnnc, model, *workload.options, *row.options, "-o", path])
        return path

    def object(self, source, row, flags, libraries=()):
        """Compiles, unless the same text was compiled in the same way."""
        command = [row.cc, *SHARED, *flags]
        with open(source, "rb") as f:
            key = hashlib.sha256(f.read())
        key.update(" ".join([*command, *libraries]).encode())
        path = self.path(os.path.basename(source)[:-2], row.cc,
                         key.hexdigest()[:12]) + ".so"
        if not os.path.exists(path):
            new = path + ".new"
            run([*command, "-o", new, source, *libraries, "-lm"])
            os.rename(new, path)
        return path

    def timer(self):
        row = Row("chunk", "gcc", "-O2")
        return ctypes.CDLL(self.object(os.path.join(HERE, "chunk.c"), row,
                                       row.flags))

    def program(self, workload, row):
        workload = workload.whole if row.whole else workload
        return Program(workload, row, self.object(
            self.source(workload, row), row, row.flags_for(workload)))


def section_sizes(path):
    """(.text, .rodata) in bytes"""
    sizes = {}
    for line in run(["size", "-A", path]).splitlines():
        words = line.split()
        if len(words) == 3 and words[1].isdigit():
            sizes[words[0]] = int(words[1])
    return sizes.get(".text", 0), sizes.get(".rodata", 0)


class Program:
    """A network that can be called, from a shared object."""
    group = None

    def __init__(self, workload, row, path):
        self.workload, self.row, self.label = workload, row, row.label
        self.group = self.group or row.group
        self.text, self.rodata = section_sizes(path)
        self.library = ctypes.CDLL(path)
        for name in ("predict", "predict_batch", "reset", "step"):
            symbol = "%s_%s" % (workload.prefix(), name)
            setattr(self, name, getattr(self.library, symbol, None))


