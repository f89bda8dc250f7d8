"""What the Python tests share: running rnnc and compilers, and TAP output.

RNNC names the compiler under test, CC a C compiler, GENERATED_CFLAGS adds
flags (sanitizers) to every compilation of generated code.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RNNC = os.path.abspath(os.environ.get("RNNC", os.path.join(ROOT, "build/rnnc")))
CC = os.environ.get("CC", "gcc")
CFLAGS = os.environ.get("GENERATED_CFLAGS", "").split()
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
            "-Wdouble-promotion", "-Werror"]
SANITIZED = any("sanitize" in flag for flag in CFLAGS) # make asan: rnnc, too

_failed = False


def report(ok, name, detail=""):
    """One TAP line; the detail is shown when it failed."""
    global _failed
    _failed |= not ok
    print(("ok - " if ok else "not ok - ") + name)
    if not ok and detail:
        for line in detail.splitlines()[:30]:
            print("#   " + line)
    sys.stdout.flush()
    return ok


def finish():
    sys.exit(1 if _failed else 0)


def run(command, **options):
    """(exit status, standard output, standard error)"""
    done = subprocess.run(command, capture_output=True, text=True,
                          timeout=300, **options)
    return done.returncode, done.stdout, done.stderr


def rnnc(*arguments, **options):
    return run([RNNC, *arguments], **options)


def copy_tree(to):
    """What a clone would hold, the changes of the day included."""
    status, out, _ = run(["git", "-C", ROOT, "ls-files", "-co",
                          "--exclude-standard"])
    names = out.splitlines() if status == 0 else []
    if not names:  # an unpacked archive
        shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns("build"))
        return
    for name in names:
        source, target = os.path.join(ROOT, name), os.path.join(to, name)
        if os.path.exists(source):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(source, target)


def name_outputs(model, samples):
    """A framework's list of outputs, by the names that the model has."""
    if all(isinstance(s["outputs"], dict) for s in samples):
        return samples
    _, out, _ = rnnc(model, "--emit=json", "-o", "-")
    names = json.loads(out)["outputs"]
    return [dict(s, outputs=dict(zip(names, s["outputs"], strict=True)))
            for s in samples]


def write_model(path, model):
    with open(path, "w") as f:
        json.dump(model, f)


# One program out of many models: every name in a generated file starts with
# the model's prefix, so they share a translation unit.
MAIN = """
#include <stdio.h>
int main(void)
{
    int failures = 0;
    double error;
%s    return failures != 0;
}
"""


def selftest_program(names, folder, flags=("-std=c99", "-O1")):
    """Compiles folder/<name>.c for all names into one program that runs their
    self-tests. Returns {name: (ok, max_error)}, or None and the messages."""
    source = "".join('#define %s_SELFTEST\n#include "%s.c"\n'
                     % (n.upper(), n) for n in names)
    calls = "".join(
        '    { int f = %s_selftest(&error); failures += f;\n'
        '      printf("%s %%d %%.3g\\n", f, error); }\n' % (n, n)
        for n in names)
    path = os.path.join(folder, "all.c")
    with open(path, "w") as f:
        f.write(source + MAIN % calls)
    program = os.path.join(folder, "all")
    status, out, err = run([CC, *flags, *WARNINGS, *CFLAGS, "-o", program,
                            path, "-lm"])
    if status:
        return None, err
    status, out, err = run([program])
    results = {}
    for line in out.splitlines():
        name, failed, error = line.split()
        results[name] = (failed == "0", float(error))
    return results, err


def report_cpp(path, name, *options):
    """The C of a model is C++, too, without warnings, as is its plain C."""
    c = path[:-5] + ".cpp.c"
    _, _, err = rnnc(path, "-n", "m", "-o", c, *options)
    for flags in [], ["-DM_PLAIN"]:
        _, _, more = run(["g++", "-x", "c++", "-std=c++11", "-fsyntax-only",
                          *WARNINGS, *flags, c])
        err += more
    report(not err, name + " is C++", err)


def workspace():
    return tempfile.TemporaryDirectory(prefix="rnnc-test-")
