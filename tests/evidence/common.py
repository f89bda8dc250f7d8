"""What the scripts of this folder share. Each prints its result as the last
line and exits with 1 if the promise is broken."""

import glob
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
from support import RNNC, ROOT, rnnc, run, workspace  # noqa: F401

QUICK = bool(os.environ.get("QUICK"))
NOTEBOOK = os.path.join(ROOT, "examples/notebook/model.json")


def models(most, pattern="*"):
    """So many of the layers' models, evenly over all folders."""
    paths = sorted(glob.glob(os.path.join(ROOT, "tests/layers", pattern,
                                          "*.json")))
    return paths[::max(1, len(paths) // most)]


def name_of(path):
    return os.path.basename(path)[:-len(".json")]


def finish(faults, text):
    """The end of a script: what is wrong, or what holds."""
    for fault in faults[:20]:
        print(fault)
    if faults:
        print("%d faults: %s" % (len(faults), faults[0].splitlines()[0][:100]))
        sys.exit(1)
    print(text)
    sys.exit(0)


def in_parallel(function, jobs):
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(function, jobs))


class Interface:
    """The functions of a generated header: ports are (C type, name, elements),
    with 5 timesteps where there may be any."""

    def __init__(self, header):
        sizes = {}
        for kind, name, shape in re.findall(
                r"^ \*   (\w+) +(\w+) ((?:\[[^]]+\])+)", header, re.M):
            sizes.setdefault(kind, size_of(shape))
        self.streams = "_step(" in header
        given = re.search(r"_predict\(([^)]*)\)", header).group(1)
        self.any_timesteps = "timesteps" in given
        self.inputs, self.outputs = [], []
        for const, kind, name in re.findall(r"(const )?(\w+) \*(\w+)", given):
            port = (kind, name, sizes[name])
            (self.inputs if const else self.outputs).append(port)


def size_of(shape):
    size = 1
    for n in re.findall(r"[^][]+", shape):
        size *= int(n) if n.isdigit() else 5
    return size


def generate(path, folder, *options):
    """(C file, header's text) of a model, or None after a message."""
    name = name_of(path)
    c = os.path.join(folder, name + ".c")
    status, _, err = rnnc(path, "-H", "-o", c, "-n", name, *options)
    if status:
        return None
    with open(c[:-1] + "h") as f:
        return c, f.read()
