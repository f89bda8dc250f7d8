"""Runs rnnc with one library call failing; for memory.py and io_errors.py."""

import os
import subprocess

from common import NOTEBOOK, RNNC, run

OLD = b"/* old */\n"


class Failing:
    """Compiles a model with the shim, in a folder of its own."""

    def __init__(self, folder, *flags):
        self.folder, self.shim = folder, os.path.join(folder, "shim.so")
        source = os.path.join(os.path.dirname(__file__), "shim.c")
        status, _, err = run(["gcc", "-O1", "-shared", "-fPIC", *flags, "-o",
                              self.shim, source, "-ldl"])
        if status:
            raise SystemExit(err)

    def compile(self, model, label, **environment):
        """(status, messages, what is in the output, other files)"""
        place = os.path.join(self.folder, label)
        os.mkdir(place)
        c = os.path.join(place, "m.c")
        with open(c, "wb") as f:
            f.write(OLD)
        done = subprocess.run(
            [RNNC, model, "-n", "m", "-o", c, "-H", "-MD"],
            capture_output=True, cwd=place,
            env=dict(os.environ, LD_PRELOAD=self.shim, **environment))
        with open(c, "rb") as f:
            text = f.read()
        rest = set(os.listdir(place)) - {"m.c", "m.h", "m.d"}
        return done.returncode, done.stderr.decode(), text, rest

    def calls(self, model, label):
        """How many there are in a run that goes well, and its C."""
        counter = os.path.join(self.folder, label + ".count")
        text = self.compile(model, label, FAIL_COUNT=counter)[2]
        with open(counter) as f:
            return int(f.read()), text

    def judge(self, whole, status, messages, text, rest):
        """What is wrong with a run of which a call failed, or None. A failure
        that changes nothing is none."""
        if status == 0 and text == whole and not rest:
            return None
        if status != 3:
            return "exit status %d: %s" % (status, messages[:80])
        if "error: " not in messages:
            return "no message"
        if text not in (OLD, whole):
            return "half a file"
        return "a file is left: %s" % rest if rest else None


__all__ = ["Failing", "NOTEBOOK"]
