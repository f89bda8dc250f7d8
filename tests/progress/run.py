#!/usr/bin/env python3
"""Long work shows itself: on a terminal, after a second, in a line that is
gone when anything else is printed. A model that arrives slowly, through a
pipe, is work that takes as long as a test wants."""

import json
import os
import pty
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import ROOT, RNNC, finish, report, workspace

ERASE = "\r\033[K"
MODEL = open(os.path.join(ROOT, "examples/notebook/model.json")).read()


def at_terminal(arguments, seconds, text=MODEL, terminal=True, **environment):
    """Runs rnnc with the model on standard input, the second half of it after
    `seconds`. Returns what is on the terminal, and the exit status."""
    keeper, end = pty.openpty()
    err = end if terminal else subprocess.PIPE
    process = subprocess.Popen(
        [RNNC, "-", *arguments], stdin=subprocess.PIPE, stderr=err,
        stdout=subprocess.DEVNULL,
        env=dict(os.environ, **{"TERM": "xterm", **environment}))
    os.close(end)
    half = len(text) // 2
    process.stdin.write(text[:half].encode())
    process.stdin.flush()
    time.sleep(seconds)
    process.stdin.write(text[half:].encode())
    process.stdin.close()
    said = b"" if terminal else process.stderr.read()
    try:
        while terminal:
            piece = os.read(keeper, 4096)
            if not piece:
                break
            said += piece
    except OSError:  # the terminal's other end is closed
        pass
    os.close(keeper)
    if not terminal:
        process.stderr.close()
    return said.decode(), process.wait()


def visible(said):
    """What is left on the screen."""
    return "".join(re.split(r"\r\033\[K", line)[-1] + "\n"
                   for line in said.replace("\r\n", "\n").split("\n"))[:-1]


def main():
    with workspace() as folder:
        os.chdir(folder)
        said, status = at_terminal(["-o", "a.c"], 2.5)
        report(status == 0 and said.count(ERASE + "rnnc: reading") >= 2,
               "progress: once a second", repr(said))
        report(said.endswith(ERASE) and visible(said) == "",
               "progress: nothing of it stays", repr(said))
        report(all(ord(c) >= 32 or c in "\r\033" for c in said),
               "progress: one line", repr(said))
        said, _ = at_terminal(["-o", "a.c"], 0.3)
        report(said == "", "progress: not before a second has passed",
               repr(said))
        said, status = at_terminal(["-o", "a.c", "-q"], 1.5)
        report(said == "" and status == 0, "progress: silenced by -q",
               repr(said))
        said, _ = at_terminal(["-o", "a.c"], 1.5, terminal=False)
        report(said == "", "progress: only on a terminal", repr(said))
        said, _ = at_terminal(["-o", "a.c"], 1.5, TERM="dumb")
        report(said == "", "progress: only where a line can be erased",
               repr(said))
        wrong = MODEL.replace('"units"', '"unit"', 1)
        said, status = at_terminal(["-o", "b.c", "--color=never"], 1.5, wrong)
        report(status == 1 and visible(said).startswith("<stdin>:")
               and "rnnc: reading" in said,
               "progress: gone before an error", repr(said))
        big(folder)
    finish()


def big(folder):
    """Stages are named. 2 million weights as decimals take a while to spell."""
    row = [0.123 + k / 1e4 for k in range(1400)]
    text = json.dumps({
        "format": "rnnc", "version": 1, "outputs": ["y"],
        "inputs": [{"name": "x", "shape": [1400]}],
        "layers": [{"type": "Dense", "name": "y", "units": 1400,
                    "use_bias": False,
                    "weights": {"kernel": [row] * 1400}}]})
    said, status = at_terminal(["-o", "c.c", "--weight-text=decimal"], 1.2,
                               text)
    report(status == 0 and re.search(r"rnnc: reading, \d+ MB", said),
           "progress: how much is read", repr(said)[:500])


main()
