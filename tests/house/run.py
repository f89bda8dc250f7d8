#!/usr/bin/env python3
"""The rules of the house (compiler/ARCHITECTURE.md), as far as a program can
see them: who may include what, which stage may call which, which numbers may
stand where, how long a file and a function may be."""

import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import CC, ROOT, finish, report, rnnc, run

BUILD = os.environ.get("BUILD", os.path.join(ROOT, "build"))
MOST_LINES, MOST_IN_FUNCTION = 350, 80
# One header for all, in the order of the pipeline; it is a map, not a file
# that one reads from end to end.
LONG_FILES = {"compiler/rnnc.h"}

# In the order of the pipeline: nobody calls a later stage. What is not listed
# (arena, buf, diag, shape, ops, ...) serves all of them.
STAGES = [["json", "want", "scan", "scan_string"],
          ["formats/*", "read"],
          ["passes/*"],
          ["reference"],
          ["plan", "steps", "tiles", "storage", "place", "batch", "cost"],
          ["layout", "study"],
          ["emit", "lua", "tables", "layer_tables", "report_tables",
           "splice", "twin", "weights"],
          ["output"],
          ["main"]]
# Of them and of what they call: who decides by the numbers of tuning.h.
DECIDING = ["compiler/%s.c" % name for name in (
    "plan", "steps", "tiles", "blocks", "arrays", "storage", "batch",
    "batch_some", "place", "cost")]
TUNING = ["compiler/tuning.h", "compiler/tuning_batch.h"]
# Bounds of names and pictures.
NOT_TUNED = {"LEAST_SHARED", "LEAST_WIDTH", "MOST_COLUMNS", "MOST_BENDS",
             "LEAST_DECADE", "LANES_MOST"}
# --emit=json writes the format that it reads.
OUTSIDE = {"formats/rnnc_write", "formats/build"}


def sources(*patterns):
    names = []
    for pattern in patterns:
        names += glob.glob(os.path.join(ROOT, pattern), recursive=True)
    return sorted(os.path.relpath(n, ROOT) for n in names)


def read(name):
    with open(os.path.join(ROOT, name)) as f:
        return f.read()


def including(header):
    return [n for n in sources("compiler/**/*.[ch]")
            if re.search(r"#include [<\"].*%s[>\"]" % re.escape(header),
                         read(n))]


def check_includes():
    strangers = [n for n in including("cJSON.h")
                 if not n.startswith("compiler/formats/")
                 and n not in ("compiler/json.c", "compiler/want.c")]
    report(not strangers, "only json, want and formats/ include cJSON.h",
           str(strangers))
    bridge = {"compiler/lua.c", "compiler/tables.c", "compiler/emit.c",
              "compiler/layer_tables.c", "compiler/report_tables.c",
              "compiler/lua_bridge.h"}
    users = set(including("lua.h") + including("lauxlib.h")
                + including("lualib.h") + including("lua_bridge.h"))
    report(users == bridge, "only the bridge includes Lua", str(users ^ bridge))
    up = [n for n in sources("runtime/**/*.h") if "compiler" in
          "".join(re.findall(r"#include.*", read(n)))]
    report(not up, "runtime/ includes nothing of the compiler", str(up))


def lua_of(name):
    """What Lua runs: of a template the % lines and what ${} holds."""
    text = read(name)
    if name.endswith(".lua"):
        return text
    return "\n".join(re.findall(r"^\s*%.*|\$\{[^}]*\}", text, re.M))


def check_words():
    """What would make the output depend on more than the model."""
    bad = [n for n in sources("templates/*") if re.search(
        r"\bpairs\s*\(|\bnext\s*\(|\bos\.|\bio\.|\brandom\(", lua_of(n)
        .replace("ipairs(", ""))]
    report(not bad, "no hash order, clock or file in templates", str(bad))
    bad = [n for n in sources("compiler/**/*.c") if re.search(
        r"__DATE__|__TIME__|\bsetlocale\(|\btime\(NULL|\brand\(", read(n))]
    report(not bad, "no date, locale or chance in the compiler", str(bad))
    bad = [n for n in sources("compiler/**/*.c") if re.search(
        r"\b(malloc|calloc|realloc)\(", read(n))
        and n not in ("compiler/arena.c", "compiler/buf.c", "compiler/lua.c",
                      "compiler/json.c", "compiler/embed.c")]
    report(not bad, "memory comes from the arena", str(bad))


def code_of(name):
    return re.sub(r"/\*.*?\*/", "", read(name), flags=re.S)


def check_tuning():
    """Numbers that decide by speed, stack or size stand in one table."""
    table = set(re.findall(r"^\s+([A-Z]\w+) = ", "".join(
        code_of(n) for n in TUNING), re.M))
    others = {n: code_of(n) for n in sources("compiler/**/*.[ch]")
              if n not in TUNING}
    bare = ["%s: %s" % (n, word) for n, text in others.items()
            for word in re.findall(
                r"(?:#define |\b)(\w*(?:MOST|LEAST)\w*)(?: =)? -?\(?\d", text)
            if word not in NOT_TUNED]
    bare += ["%s: %s" % (n, word) for n in DECIDING for word in re.findall(
        r"\b([A-Z][A-Z_0-9]+) = \d", others[n]) if word not in NOT_TUNED]
    report(not bare, "no tuning number outside tuning.h", str(bare))
    compared = r".*[^<>][<>]=? *(?:[3-9]|\d\d+)\b.*"
    bare = ["%s: %s" % (n, line.strip()) for n in DECIDING
            for line in re.findall(compared, others[n])]
    bare += ["%s: %s" % (n, line.strip()) for n in sources("templates/*.c.lt")
             for line in re.findall(compared, lua_of(n))]
    report(not bare, "no decision by a bare number", "\n".join(bare))
    text = "".join(others.values())
    idle = [word for word in sorted(table)
            if not re.search(r"\b%s\b" % word, text)]
    report(len(table) > 50 and not idle, "every tuning number decides",
           str(idle))


def functions(text):
    """(name, lines) of function definitions; braces stand in column 0."""
    found, start, name = [], None, None
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line == "{":
            start = i
            head = " ".join(lines[max(0, i - 4):i])
            names = re.findall(r"(\w+)\(", head)
            name = names[0] if names else "?"
        elif line == "}" and start is not None:
            found.append((name, i - start - 1))
            start = None
    return found


def check_sizes():
    files = sources("compiler/**/*.[ch]", "templates/*.l*", "runtime/**/*.h")
    long = [(n, read(n).count("\n")) for n in files if n not in LONG_FILES]
    long = [(n, k) for n, k in long if k > MOST_LINES]
    report(not long, "no file of more than %d lines" % MOST_LINES, str(long))
    lengths = []
    for n in sources("compiler/**/*.c"):
        lengths += [(k, n, name) for name, k in functions(read(n))]
    worst = [f for f in lengths if f[0] > MOST_IN_FUNCTION]
    report(len(lengths) > 300 and not worst,
           "no function of more than %d lines" % MOST_IN_FUNCTION, str(worst))
    median = sorted(lengths)[len(lengths) // 2][0]
    report(median < 15, "the median function has less than 15 lines",
           "it has %d" % median)
    wide = [n for n in files if any(len(l) > 80 for l in read(n).split("\n"))
            and n.endswith((".c", ".h"))]
    report(not wide, "no C line of more than 80 columns", str(wide))


def stage_of(name):
    for i, stage in enumerate(STAGES):
        for pattern in stage:
            folder = pattern.endswith("/*") and name.startswith(pattern[:-1])
            if name == pattern or folder and name not in OUTSIDE:
                return i
    return None


def symbols(flag, objects):
    """{symbol: stage file} or {file: symbols}, out of nm."""
    table = {}
    for name, path in objects.items():
        _, out, _ = run(["nm", "-g", flag, path])
        table[name] = {line.split()[-1] for line in out.splitlines()
                       if line.strip()}
    return table


def check_direction():
    objects = {n[len("compiler/"):-2]: os.path.join(BUILD, n[:-2] + ".o")
               for n in sources("compiler/**/*.c")}
    objects = {n: p for n, p in objects.items() if os.path.exists(p)}
    defined = symbols("--defined-only", objects)
    needed = symbols("--undefined-only", objects)
    home = {s: n for n, names in defined.items() for s in names}
    wrong = []
    for name, names in sorted(needed.items()):
        own = stage_of(name)
        for symbol in sorted(names):
            other = stage_of(home.get(symbol, ""))
            if own is not None and other is not None and other > own:
                wrong.append("%s calls %s of %s" % (name, symbol,
                                                    home[symbol]))
    report(len(objects) > 40 and len(home) > 150 and not wrong,
           "no stage calls a later one", "\n".join(wrong))


def check_tables():
    """A layer has a row, a folder of tests, a line in README."""
    _, out, _ = rnnc("--list-layers")
    layers = re.findall(r"^([A-Z]\w+) ", out, re.M)
    untested = [l for l in layers
                if not sources("tests/layers/%s/*.json" % l)]
    report(len(layers) > 8 and not untested, "every layer has tests",
           str(untested))
    for kind in ("templates", "runtime"):
        unused = []
        texts = "".join(read(n) for n in sources(
            "templates/*", "runtime/**/*.h", "compiler/**/*.c"))
        for n in sources(kind + "/**/*"):
            base = os.path.basename(n)
            word = base.split(".")[0]
            if os.path.isfile(os.path.join(ROOT, n)) and not re.search(
                    r"[\"/]%s(\.|\")" % re.escape(word), texts):
                unused.append(n)
        report(not unused, "nothing in %s/ is unused" % kind, str(unused))


def check_fuzz():
    """Only make fuzz builds them, so a changed prototype would go unseen."""
    for name in sources("tests/fuzz/*.c"):
        status, _, err = run([CC, "-std=c11", "-fsyntax-only", "-Wall",
                              "-Werror", "-D_POSIX_C_SOURCE=200809L",
                              "-Icompiler", name], cwd=ROOT)
        report(not status, name + " compiles", err)


check_includes()
check_fuzz()
check_words()
check_tuning()
check_sizes()
check_direction()
check_tables()
finish()
