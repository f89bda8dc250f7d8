#!/usr/bin/env python3
"""Every rule of the input has a bad file here, with its exact messages.

tests/errors/<name>.json is compiled; standard error must be <name>.err to the
letter, the exit status 1 (or what the file's first line "# exit N" says), and
nothing may be written. After changing a message: UPDATE=1 tests/errors/run.py,
and read the diff.
"""

import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import finish, report, rnnc, workspace

HERE = os.path.dirname(os.path.abspath(__file__))


def check(path, folder):
    name = os.path.basename(path)[:-5]
    expected_path = path[:-5] + ".err"
    output = os.path.join(folder, name + ".c")
    status, out, err = rnnc(name + ".json", "-o", output, cwd=HERE)
    if os.environ.get("UPDATE"):
        with open(expected_path, "w") as f:
            f.write(("" if status == 1 else "# exit %d\n" % status) + err)
    expected = ""
    if os.path.exists(expected_path):
        with open(expected_path) as f:
            expected = f.read()
    want_status = 1
    match = re.match(r"# exit (\d+)\n", expected)
    if match:
        want_status, expected = int(match.group(1)), expected[match.end():]
    ok = (status == want_status and err == expected and not out
          and err.startswith(name + ".json:") and not os.listdir(folder))
    report(ok, name, "exit %d, expected %d\n--- got\n%s--- expected\n%s"
           % (status, want_status, err, expected))


def main():
    with workspace() as folder:
        for path in sorted(glob.glob(os.path.join(HERE, "*.json"))):
            check(path, folder)
    finish()


main()
